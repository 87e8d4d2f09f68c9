import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TraceError } from '../../src/core/errors.ts';
import type { ReplayedCall } from '../../src/core/replay/replayRun.ts';
import { localReader } from '../../src/node/localReader.ts';
import { keepReplay, openReplayFile, removeReplays } from '../../src/node/replayFile.ts';
import { defaultReplayFile } from '../../src/node/replayPath.ts';
import { SqliteBackend } from '../../src/tracer/main.ts';
import { dist } from './support/traceDb.ts';

const call: ReplayedCall = {
  origin: { runId: 'r', spanId: 's', file: '/a.db', name: 'chat' },
  body: '{"model":"m","temperature":1.0,"messages":[]}',
  betas: [],
  edited: [],
  baseUrl: 'http://localhost',
  times: undefined,
  message: undefined,
  error: 'refused',
  status: 401,
  errorType: undefined,
  retryAfterMs: undefined,
  requestId: undefined,
  retries: 0,
  start: 0,
  duration: 1,
  firstToken: undefined,
  git: undefined,
  versions: {},
};

describe('the file of replays', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-replays-'));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const count = (file: string): number => {
    const db = new DatabaseSync(file, { readOnly: true });
    const { n } = db.prepare('SELECT count(*) AS n FROM spans').get() as { n: number };
    db.close();
    return n;
  };

  it('is where the system keeps the data of programs', () => {
    const end = path.join('agent-trace-inspector', 'replays.agent-traces.db');
    for (const [platform, env, start] of [
      ['linux', {}, path.join('/home/me', '.local', 'share')],
      ['linux', { XDG_DATA_HOME: '/data' }, '/data'],
      ['darwin', {}, path.join('/home/me', 'Library', 'Application Support')],
      ['win32', { LOCALAPPDATA: 'L' }, 'L'],
      ['win32', {}, path.join('/home/me', 'AppData', 'Local')],
    ] as const) {
      assert.equal(defaultReplayFile(platform, env, '/home/me'), path.join(start, end));
    }
  });

  it('says of each run what it is a replay of, newest first; another file has none', async () => {
    const file = path.join(folder, 'listed.db');
    const times = { id: 'set', index: 2, of: 3 };
    await keepReplay(file, call);
    const ids = await keepReplay(file, { ...call, start: 9000, edited: ['system'], times });
    const reader = localReader(dist);
    const clock = { now: 10_000, staleAfter: 1000 };
    await reader.open('f', { kind: 'path', path: file, name: 'listed.db' });
    const [newest, ...others] = await reader.replays('f', clock);
    assert.equal(others.length, 1);
    assert.equal(newest?.run.runId, ids.runId);
    assert.equal(newest?.callId, ids.spanId);
    assert.deepEqual(
      [newest?.ofRun, newest?.ofSpan, newest?.ofFile, newest?.edited, newest?.times],
      ['r', 's', '/a.db', ['system'], times],
    );
    assert.equal(newest?.run.status, 'error');
    const sample = path.join(dist, 'sample.agent-traces.db');
    await reader.open('s', { kind: 'path', path: sample, name: 'sample' });
    assert.deepEqual(await reader.replays('s', clock), []);
    await Promise.all(['f', 's'].map(one => reader.close(one)));
  });

  it('is made with its folder, found again, and holds what is kept', async () => {
    const file = path.join(folder, 'a', 'b', 'replays.db');
    const { runId } = await keepReplay(file, call);
    await keepReplay(file, call);
    await openReplayFile(file);
    assert.deepEqual(
      fs.readdirSync(path.dirname(file)),
      ['replays.db'],
      'nothing is left beside it',
    );
    assert.equal(count(file), 4);
    const db = new DatabaseSync(file, { readOnly: true });
    const row = db
      .prepare("SELECT metadata FROM spans WHERE run_id = ? AND name = 'chat'")
      .get(runId);
    db.close();
    assert.ok(String(row?.metadata).startsWith(`{"request":${call.body},"kind":"llm"`));
    await removeReplays(file, [runId, 'none']);
    assert.equal(count(file), 2);
  });

  it('has its mark with its first page: another process that looks meanwhile takes it for ours', async () => {
    const file = path.join(folder, 'marked.db');
    await openReplayFile(file);
    const commits = fs.readFileSync(file).readUInt32BE(24);
    assert.equal(commits, 2, 'the first page with its mark, and the change to a write-ahead log');
  });

  it('waits for another program that writes to it, without holding the thread up', async () => {
    const file = path.join(folder, 'busy.db');
    await keepReplay(file, call);
    const db = new DatabaseSync(file);
    db.exec('BEGIN IMMEDIATE');
    let turns = 0;
    const turning = setInterval(() => turns++, 5);
    const kept = keepReplay(file, call);
    await new Promise(resolve => setTimeout(resolve, 700));
    db.exec('COMMIT');
    db.close();
    await kept;
    clearInterval(turning);
    assert.ok(turns > 1);
    assert.equal(count(file), 4);
  });

  it('takes what several processes keep at once', async () => {
    const file = path.join(folder, 'shared.db');
    const program = path.join(folder, 'keep.ts');
    const source = new URL('../../src/node/replayFile.ts', import.meta.url);
    fs.writeFileSync(
      program,
      `import { keepReplay } from ${JSON.stringify(source.href)};
      for (let i = 0; i < 10; i++) await keepReplay(process.argv[2], ${JSON.stringify(call)});`,
    );
    const codes = await Promise.all(
      [1, 2, 3].map(
        () =>
          new Promise(resolve => fork(program, [file], { stdio: 'inherit' }).once('exit', resolve)),
      ),
    );
    assert.deepEqual(codes, [0, 0, 0]);
    assert.equal(count(file), 60);
  }).timeout(30_000);

  it('is no file of anybody else: that stays as it is, and nothing appears beside it', async () => {
    const own = path.join(folder, 'own');
    fs.mkdirSync(own);
    const traces = path.join(own, 'agent_traces.db');
    const backend = new SqliteBackend(traces);
    await backend.prune({ maxRuns: 1 });
    await backend.close();
    const short = path.join(own, 'short.db');
    fs.writeFileSync(short, 'SQLite format 3\0');
    for (const file of [traces, short]) {
      const bytes = fs.readFileSync(file);
      const isRefusal = (error: unknown) => TraceError.from(error).code === 'replayNotOurs';
      await assert.rejects(openReplayFile(file), isRefusal);
      await assert.rejects(keepReplay(file, call), isRefusal);
      await assert.rejects(removeReplays(file, ['r']), isRefusal);
      assert.deepEqual(fs.readFileSync(file), bytes);
    }
    assert.deepEqual(fs.readdirSync(own).sort(), ['agent_traces.db', 'short.db']);
  });

  it('says why it cannot be written, and what to do', async () => {
    const words = (error: unknown): boolean => {
      assert.ok(error instanceof TraceError);
      assert.equal(error.code, 'replayNotKept');
      assert.match(error.message, /^The replay could not be kept in .*: .+/);
      return true;
    };
    await assert.rejects(keepReplay(folder, call), words);
    const text = path.join(folder, 'text');
    fs.writeFileSync(text, 'x');
    await assert.rejects(keepReplay(path.join(text, 'replays.db'), call), words);
  });
});
