import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { followPaths, type PathFollower } from '../../src/node/followPaths.ts';

describe('following files', () => {
  let folder: string;
  let file: string;
  let follower: PathFollower | undefined;
  const said: string[] = [];
  const log = (line: string): void => void said.push(line);
  beforeEach(() => {
    said.length = 0;
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-follow-'));
    file = path.join(folder, 'agent_traces.db');
    fs.writeFileSync(file, 'a');
  });
  afterEach(() => {
    follower?.dispose();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** Resolves with the next change; the test ends as failed where none comes. */
  function following(start: () => PathFollower) {
    follower = start();
    let count = 0;
    let heard = (): void => undefined;
    const end = follower.follow(file, () => {
      count++;
      heard();
    });
    return {
      end,
      count: () => count,
      async next(act: () => void): Promise<void> {
        const told = new Promise<void>(resolve => {
          heard = resolve;
        });
        act();
        await told;
        await wait(20);
      },
    };
  }
  const watched = () => following(() => followPaths(log, 1e6));
  const deaf = (() => {
    throw Object.assign(new Error('no watchers left'), { code: 'ENOSPC' });
  }) as unknown as typeof fs.watch;
  const polled = () => following(() => followPaths(log, 5, deaf));

  for (const [how, start] of [
    ['by its folder', watched],
    ['by looking', polled],
  ] as const) {
    it(`tells of writing, of what lies beside, of replacing and of deleting, ${how}`, async () => {
      const { next } = start();
      await next(() => fs.appendFileSync(file, 'b'));
      await next(() => fs.writeFileSync(`${file}-wal`, 'frames'));
      await next(() => fs.appendFileSync(`${file}-wal`, 'more'));
      await next(() => fs.writeFileSync(`${file}-journal`, 'images'));
      await next(() => fs.rmSync(`${file}-journal`));
      fs.writeFileSync(path.join(folder, 'other'), 'another file of this length');
      await next(() => fs.renameSync(path.join(folder, 'other'), file));
      await next(() => fs.rmSync(file));
      await next(() => fs.writeFileSync(file, 'again'));
    });
  }

  for (const [how, start] of [
    ['by its folder', watched],
    ['by looking', polled],
  ] as const) {
    it(`tells all who follow one file, each until it ends, ${how}`, async () => {
      const { next, count, end } = start();
      let others = 0;
      const endOther = follower?.follow(file, () => others++);
      await next(() => fs.appendFileSync(file, 'b'));
      // Each is told by itself, in no order.
      while (others === 0) await wait(1);
      endOther?.();
      const before = others;
      await next(() => fs.appendFileSync(file, 'c'));
      assert.equal(others, before);
      end();
      const told = count();
      fs.appendFileSync(file, 'd');
      await wait(30);
      assert.equal(count(), told);
    });

    it(`goes on after one fails that was told, ${how}`, async () => {
      follower = start === watched ? followPaths(log, 1e6) : followPaths(log, 5, deaf);
      follower.follow(file, () => {
        throw new Error('not now');
      });
      const { next } = following(() => follower as PathFollower);
      await next(() => fs.appendFileSync(file, 'b'));
      await next(() => fs.appendFileSync(file, 'c'));
      assert.match(said[0] ?? '', /agent_traces\.db.*not now/);
    });
  }

  it('says nothing once it is disposed of, not even of what it was just looking at', async () => {
    const { count } = polled();
    const { stat } = fs.promises;
    let looking = (): void => undefined;
    const looks = new Promise<void>(resolve => {
      looking = resolve;
    });
    let goOn = (): void => undefined;
    const goes = new Promise<void>(resolve => {
      goOn = resolve;
    });
    fs.promises.stat = (async (...args: Parameters<typeof stat>) => {
      looking();
      await goes;
      return stat(...args);
    }) as typeof stat;
    try {
      await looks;
      fs.appendFileSync(file, 'b');
      follower?.dispose();
      goOn();
      await wait(30);
      assert.equal(count(), 0);
    } finally {
      fs.promises.stat = stat;
    }
  });

  it('says nothing of other files, nor after its end', async () => {
    const { next, count, end } = watched();
    fs.writeFileSync(path.join(folder, 'agent_traces.db.bak'), 'x');
    fs.writeFileSync(path.join(folder, 'notes.txt'), 'x');
    await next(() => fs.appendFileSync(file, 'b'));
    const before = count();
    end();
    fs.appendFileSync(file, 'c');
    await wait(30);
    assert.equal(count(), before);
    fs.rmSync(folder, { recursive: true });
  });

  it('goes on after its folder was deleted and made anew', async () => {
    const { next } = following(() => followPaths(log, 5));
    await wait(30);
    await next(() => fs.rmSync(folder, { recursive: true }));
    await next(() => {
      fs.mkdirSync(folder);
      fs.writeFileSync(file, 'new');
    });
    await wait(50);
    await next(() => fs.appendFileSync(file, 'more'));
  });

  it('tells of what is written beside the file that a link leads to', async function () {
    if (process.platform === 'win32') return this.skip();
    const real = path.join(folder, 'other', 'real.db');
    fs.mkdirSync(path.dirname(real));
    fs.renameSync(file, real);
    fs.symlinkSync(real, file);
    const { next } = polled();
    await next(() => fs.writeFileSync(`${real}-wal`, 'frames'));
  });
});
