import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { followTranscripts, type TranscriptProcess } from '../../src/node/importProcess.ts';
import type { ReaderApi } from '../../src/protocol/reader.ts';
import { dist } from '../unit/support/traceDb.ts';
import { tempFolder } from './python.ts';
import { clock, openInReader } from './views.ts';

const line = (type: string, uuid: string, second: number, message: object, more = {}): string =>
  `${JSON.stringify({
    ...{ type, uuid, sessionId: 's1', cwd: '/home/u/shop', isSidechain: false },
    timestamp: new Date(Date.UTC(2026, 1, 10, 12, 0, second)).toISOString(),
    ...{ message, ...more },
  })}\n`;
const user = (uuid: string, second: number, content: unknown, more = {}): string =>
  line('user', uuid, second, { role: 'user', content }, more);
const answer = (id: string, second: number, block: object, more = {}): string =>
  line(
    'assistant',
    `u${id}${second}`,
    second,
    {
      ...{ id, type: 'message', role: 'assistant', model: 'claude-opus-4-6', content: [block] },
      usage: { input_tokens: 10, output_tokens: 5 },
    },
    more,
  );
const text = (words: string) => ({ type: 'text', text: words });
const use = (id: string, name: string) => ({ type: 'tool_use', id, name, input: {} });
const result = (id: string) => [{ type: 'tool_result', tool_use_id: id, content: 'done' }];

describe('Transcripts that are followed', function () {
  this.timeout(60_000);
  const running: TranscriptProcess[] = [];
  const folders: string[] = [];
  afterEach(() => {
    for (const one of running.splice(0)) void one.stop();
  });
  after(() => {
    for (const folder of folders)
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  function place() {
    const folder = tempFolder();
    folders.push(folder);
    const root = path.join(folder, 'projects');
    fs.mkdirSync(path.join(root, '-home-u-shop'), { recursive: true });
    return { root, to: path.join(folder, 'own', 'claude.db'), at: path.join(root, '-home-u-shop') };
  }
  const follow = async (root: string, to: string, most = 50): Promise<TranscriptProcess> => {
    const log: string[] = [];
    const started = followTranscripts(
      path.join(dist, 'importer.js'),
      { roots: [root], to, most },
      words => log.push(words),
      () => undefined,
    );
    running.push(started);
    await started.ready;
    return started;
  };
  /** `name status` of each run, newest first, and of its spans. */
  const shown = async (reader: ReaderApi, file: string): Promise<readonly string[]> => {
    await reader.open(file, { kind: 'path', path: file, name: 'x' });
    const page = { filter: 'all', offset: 0, limit: 100, clock: clock() } as const;
    const { runs } = await reader.runs(file, page);
    const all: string[] = [];
    for (const run of runs) {
      const { spans } = await reader.spans(file, run.runId, { offset: 0, limit: 100 });
      all.push(...spans.map(one => `${'  '.repeat(one.depth)}${one.name} ${one.status}`));
    }
    return all;
  };
  const until = async (look: () => Promise<readonly string[]>, expected: readonly string[]) => {
    const end = Date.now() + 15_000;
    for (;;) {
      const seen = await look();
      if (seen.join('\n') === expected.join('\n')) return;
      if (Date.now() > end) assert.deepEqual(seen, expected);
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  };

  it('are shown line by line as they are written, with sub-agents and new sessions', async () => {
    const { root, to, at } = place();
    const file = path.join(at, 's1.jsonl');
    fs.writeFileSync(file, user('p1', 0, 'Hi'));
    await follow(root, to);
    const reader = await openInReader(to);
    const look = () => shown(reader, to);
    await until(look, ['shop #1 running']);
    fs.appendFileSync(file, answer('m1', 2, use('t1', 'Task')));
    const call = '  chat claude-opus-4-6 ok';
    await until(look, ['shop #1 running', call, '  Task running']);
    const folder = path.join(at, 's1', 'subagents');
    fs.mkdirSync(folder, { recursive: true });
    const ofAgent = { isSidechain: true, agentId: 'x1' };
    fs.writeFileSync(
      path.join(folder, 'agent-x1.meta.json'),
      JSON.stringify({ agentType: 'Explore', toolUseId: 't1' }),
    );
    fs.writeFileSync(path.join(folder, 'agent-x1.jsonl'), user('q1', 3, 'Look', ofAgent));
    const agent = '    Explore';
    await until(look, ['shop #1 running', call, '  Task running', `${agent} running`]);
    fs.appendFileSync(path.join(folder, 'agent-x1.jsonl'), answer('m2', 4, text('Found'), ofAgent));
    // The half of a line is not read before the other half is there.
    const last = answer('m3', 6, text('Done'));
    fs.appendFileSync(file, user('r1', 5, result('t1')) + last.slice(0, 40));
    const inner = [`${agent} ok`, '      chat claude-opus-4-6 ok'];
    await until(look, ['shop #1 running', call, '  Task ok', ...inner]);
    fs.appendFileSync(file, last.slice(40));
    const first = ['shop #1 ok', call, '  Task ok', ...inner, call];
    await until(look, first);
    const other = user('p9', 50, 'Other').replaceAll('"s1"', '"s2"');
    fs.writeFileSync(path.join(at, 's2.jsonl'), other);
    await until(look, ['shop #1 running', ...first]);
  });

  it('are let go of once it has stopped: nothing of it is open or locked', async () => {
    const { root, to, at } = place();
    fs.writeFileSync(path.join(at, 's1.jsonl'), user('p1', 0, 'Hi'));
    const followed = await follow(root, to);
    const locked = (): boolean => {
      const db = new DatabaseSync(`${to}.lock`);
      try {
        db.exec('BEGIN EXCLUSIVE');
        return false;
      } catch {
        return true;
      } finally {
        db.close();
      }
    };
    assert.equal(locked(), true, 'its process is at it');
    await followed.stop();
    assert.equal(locked(), false);
    assert.equal(fs.existsSync(`${to}-wal`), false, 'whoever closes last takes it away');
  });

  it('are read on the next time where they were left, and anew where they were cut', async () => {
    const { root, to, at } = place();
    const file = path.join(at, 's1.jsonl');
    fs.writeFileSync(file, user('p1', 0, 'Hi') + answer('m1', 1, text('Hello')));
    const first = await follow(root, to);
    const reader = await openInReader(to);
    const look = () => shown(reader, to);
    const call = '  chat claude-opus-4-6 ok';
    await until(look, ['shop #1 ok', call]);
    void first.stop();
    fs.appendFileSync(file, user('p2', 5, 'More') + answer('m2', 6, text('Sure')));
    await follow(root, to);
    await until(look, ['shop #2 ok', call, 'shop #1 ok', call]);
    fs.writeFileSync(file, user('p3', 9, 'Anew'));
    await until(look, ['shop #1 running']);
  });

  it('have what another one repeats only once, also after another start', async () => {
    const { root, to, at } = place();
    fs.writeFileSync(
      path.join(at, 's1.jsonl'),
      user('p1', 0, 'Hi') + answer('m1', 1, text('Hello')),
    );
    const first = await follow(root, to);
    const reader = await openInReader(to);
    const look = () => shown(reader, to);
    const call = '  chat claude-opus-4-6 ok';
    await until(look, ['shop #1 ok', call]);
    const resumed = path.join(at, 's2.jsonl');
    const began = user('q1', 0, 'Hi').replace('shop', 'copy') + answer('m1', 1, text('Hello'));
    fs.writeFileSync(resumed, began + user('q2', 50, 'More') + answer('m2', 51, text('Sure')));
    const older = ['copy #1 ok', 'shop #1 ok', call];
    await until(look, ['shop #2 ok', call, ...older]);
    await first.stop();
    fs.appendFileSync(resumed, user('q3', 90, 'Else') + answer('m3', 91, text('No')));
    await follow(root, to);
    await until(look, ['shop #3 ok', call, 'shop #2 ok', call, ...older]);
  });

  it('are the newest ones; what is older, or was deleted, goes', async () => {
    const { root, to, at } = place();
    for (const [index, name] of ['a', 'b', 'c'].entries()) {
      const file = path.join(at, `${name}.jsonl`);
      fs.writeFileSync(file, user(name, index, 'Hi').replace('shop', name));
      fs.utimesSync(file, 1000 + index, 1000 + index);
    }
    await follow(root, to, 2);
    const reader = await openInReader(to);
    const look = () => shown(reader, to);
    await until(look, ['c #1 running', 'b #1 running']);
    fs.rmSync(path.join(at, 'c.jsonl'));
    await until(look, ['b #1 running', 'a #1 running']);
  });

  it('are written by one process, and by the next once that one is gone', async () => {
    const { root, to, at } = place();
    const file = path.join(at, 's1.jsonl');
    fs.writeFileSync(file, user('p1', 0, 'Hi'));
    const first = await follow(root, to);
    await follow(root, to);
    const reader = await openInReader(to);
    const look = () => shown(reader, to);
    await until(look, ['shop #1 running']);
    void first.stop();
    fs.appendFileSync(file, answer('m1', 1, text('Hello')));
    await until(look, ['shop #1 ok', '  chat claude-opus-4-6 ok']);
  });
});
