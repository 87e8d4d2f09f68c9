import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { indexFolder } from '../../src/node/indexFolder.ts';
import type { SpanSource } from '../../src/store/dialect.ts';
import { FileIndex } from '../../src/store/fileIndex.ts';
import { type IndexWork, LiveIndex } from '../../src/store/liveIndex.ts';
import type { RunIndex } from '../../src/store/runIndex.ts';
import type { IndexKeeper, SavedIndex } from '../../src/store/savedIndex.ts';
import {
  oracle,
  owners,
  readAll,
  same,
  small,
  Written,
  work,
} from '../unit/support/writtenIndex.ts';

describe('the index of a large file', () => {
  // More than is read at first.
  const many = 15_000;
  const limits = {
    ...{ fewRows: 50, firstAnswer: 80, restBefore: 20, restFor: 1 },
    ...{ atLeastEvery: 30_000, worthKeeping: 10_000, saveEvery: 3000 },
  };
  let source: SpanSource;
  let wanted: RunIndex;
  const kept = new Map<string, SavedIndex>();
  const keeper: IndexKeeper = {
    load: key => kept.get(key),
    // What is kept has gone through a file.
    save: (key, index) => kept.set(key, structuredClone(index)),
  };

  before(async () => {
    const file = new Written();
    file.db.run('BEGIN');
    for (let i = 0; i < many; i++) file.write(`r${i >> 3}`, `s${i}`, { start: i, end: i + 1 });
    file.db.run('COMMIT');
    source = file.source();
    wanted = await oracle(source);
  });
  beforeEach(() => kept.clear());

  /** Nothing is read: whoever tries fails. */
  const unread = (stamp: string): IndexWork => ({
    ...work(source, undefined, stamp),
    source: { ...source, rows: () => assert.fail('rows are read') },
  });

  it('is kept once all was read, and answers for the same state without reading', async () => {
    const index = new FileIndex(keeper, limits);
    const state = {};
    while ((await index.advance(state, work(source, undefined, 'one'), 1000)).share !== undefined);
    assert.equal(kept.size, 1);
    const again = new FileIndex(keeper, limits);
    same(await again.index({}, unread('one')), wanted);
    const other = new FileIndex(keeper, limits);
    await assert.rejects(other.index({}, unread('two')), /rows are read/);
  });

  it('is read on from where it was when only part of it was read', async () => {
    const part = new LiveIndex({ ...small, firstRows: 5000, stepRows: 5000, heldSpans: 1e6 });
    await part.step(work(source));
    const saved = part.save();
    assert.ok(saved && !part.complete);
    const index = new LiveIndex({ ...small, stepRows: 3500, heldSpans: 100 });
    index.restore(structuredClone(saved));
    await readAll(source, index);
    same(index.index, wanted);
    assert.ok(index.index);
    assert.deepEqual(owners(index.index, source), owners(wanted, source));
  });

  it('is kept at any point of the reading, and nothing of it is missing then', async () => {
    const file = new Written();
    file.db.run('BEGIN');
    for (let i = 0; i < 600; i++) {
      const run = i % 5 === 0 ? `r${i}` : i < 400 ? 'long' : `m${i % 3}`;
      file.write(run, `s${i}`, { start: i, end: i + 1 });
    }
    file.db.run('COMMIT');
    const written = file.source();
    const all = await oracle(written);
    const sizes = { firstRows: 30, stepRows: 25, heldSpans: 60, apart: 10 };
    const index = new LiveIndex(sizes);
    let times = 0;
    while (!index.complete) {
      await index.step(work(written));
      // What is not listed yet is none that can be kept, before it is listed.
      for (const listed of [false, true]) {
        if (listed) await index.publish(work(written));
        const saved = index.save();
        if (!saved) continue;
        const on = new LiveIndex(sizes);
        on.restore(structuredClone(saved));
        await readAll(written, on);
        same(on.index, all);
        times++;
      }
    }
    assert.ok(times > 5, `${times} times`);
    same(index.index, all);
  });

  it('works out a long run a few times, however many steps it takes to read it', async () => {
    const file = new Written();
    file.db.run('BEGIN');
    for (let i = 0; i < 2000; i++) {
      file.write(i % 50 === 0 ? `r${i}` : 'long', `s${i}`, { start: i, end: i + 1 });
    }
    file.db.run('COMMIT');
    const written = file.source();
    let spans = 0;
    const counting: IndexWork = {
      ...work(written),
      onTree: (_, tree) => {
        spans += tree.ordered.length;
      },
    };
    const index = new LiveIndex({ firstRows: 20, stepRows: 20, heldSpans: 100, apart: 5 });
    while (!index.complete) await index.step(counting);
    same(index.index, await oracle(written));
    assert.ok(spans < 5 * 2000, `${spans} spans`);
  });

  it('kept in a folder is found there by the same program, and is none where it was cut off', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-indexes-'));
    try {
      const said: string[] = [];
      const of = (program: string) =>
        indexFolder(path.join(folder, 'new'), program, line => said.push(line))('/a/b.db');
      const saved = { low: 1, top: 9, bottom: 1, rows: 9, unnamed: [], runs: wanted.entries };
      of('1').save('key', saved);
      assert.deepEqual(of('1').load('key'), structuredClone(saved));
      assert.equal(of('1').load('other'), undefined);
      assert.equal(of('2').load('key'), undefined);
      const [name = ''] = fs.readdirSync(path.join(folder, 'new'));
      fs.truncateSync(path.join(folder, 'new', name), 1000);
      assert.equal(of('1').load('key'), undefined);
      fs.writeFileSync(path.join(folder, 'file'), '');
      indexFolder(path.join(folder, 'file'), '1', line => said.push(line))('/a').save('k', saved);
      assert.equal(said.length, 1);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});
