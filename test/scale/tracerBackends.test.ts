import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { RowPacker } from '../../src/core/rowPacker.ts';
import {
  AgentTracer,
  type Backend,
  JsonLinesBackend,
  MemoryBackend,
  SqliteBackend,
} from '../../src/tracer/main.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import { query } from '../unit/support/query.ts';
import { unpackedSpan } from '../unit/support/unpackedSpan.ts';

describe('Backends of the tracer', () => {
  const folder = temporaryFolder('tracer');
  after(() => folder.remove());
  let count = 0;
  const newFile = (): string => path.join(folder.path, `${count++}.db`);
  const quiet = { git: false, signals: false, source: false } as const;

  function tracerTo(backend: Backend | Backend[]) {
    const said: string[] = [];
    const log = {
      error: (text: string) => said.push(text),
      info: (text: string) => said.push(text),
    };
    return { tracer: new AgentTracer({ ...quiet, backend, log }), said };
  }
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await sleep(10);
  };

  it('make a new trace file with a log and large pages, and tidy up when closed', async () => {
    const file = newFile();
    const tracer = new AgentTracer({ ...quiet, file });
    tracer.run('agent', 'in', run => run.event('decided', { why: 'x' }));
    assert.equal(await tracer.flush(), true);
    assert.deepEqual(query(file, 'SELECT name, status FROM spans'), [['agent', 'ok']]);
    assert.deepEqual(query(file, 'SELECT name, attributes FROM events'), [
      ['decided', '{"why":"x"}'],
    ]);
    assert.deepEqual(query(file, 'SELECT name, spans FROM runs'), [['agent', 1]]);
    assert.deepEqual(query(file, 'PRAGMA page_size'), [[16384]]);
    assert.deepEqual(query(file, 'PRAGMA journal_mode'), [['wal']]);
    await tracer.close();
    assert.equal(fs.existsSync(`${file}-wal`), false);
  });

  it('are closed by both of two tracers that share one', async () => {
    const file = newFile();
    const backend = new SqliteBackend(file);
    const tracers = [
      new AgentTracer({ ...quiet, backend }),
      new AgentTracer({ ...quiet, backend }),
    ];
    for (const tracer of tracers) tracer.run('run', undefined, () => undefined);
    await Promise.all(tracers.map(tracer => tracer.close()));
    assert.deepEqual(query(file, 'SELECT count(*) FROM spans'), [[2]]);
  });

  it("write on into the article's file, which keeps its page size and journal", async () => {
    const file = newFile();
    const db = new DatabaseSync(file);
    db.exec(`CREATE TABLE spans (span_id TEXT PRIMARY KEY, run_id TEXT, parent_span_id TEXT, name TEXT,
      start_time REAL, end_time REAL, status TEXT, input_tokens INTEGER, output_tokens INTEGER,
      cost_usd REAL, model TEXT, metadata TEXT, error TEXT)`);
    const add = db.prepare(`INSERT OR REPLACE INTO spans VALUES (${Array(13).fill('?').join()})`);
    const row = ['a', 'a', null, 'theirs', 1, 2, 'ok', 0, 0, 0, '', '{}', null] as const;
    add.run(...row);
    const tracer = new AgentTracer({ ...quiet, file });
    tracer.run('ours', undefined, () => undefined);
    assert.equal(await tracer.flush(), true);
    add.run('b', ...row.slice(1));
    db.close();
    await tracer.close();
    assert.deepEqual(query(file, 'SELECT name FROM spans ORDER BY rowid'), [
      ['theirs'],
      ['ours'],
      ['theirs'],
    ]);
    assert.deepEqual(query(file, 'PRAGMA page_size'), [[4096]]);
    assert.deepEqual(query(file, 'PRAGMA journal_mode'), [['delete']]);
  });

  it("leave another tracer's table alone, and say so once", async () => {
    const file = newFile();
    const db = new DatabaseSync(file);
    db.exec('CREATE TABLE spans (span_id TEXT, trace_id TEXT)');
    db.close();
    const { tracer, said } = tracerTo(new SqliteBackend(file, { flushMs: 200 }));
    tracer.run('ours', undefined, () => undefined);
    const flushed = tracer.flush();
    await until(() => said.length > 0);
    await flushed;
    assert.equal(said.length, 1);
    assert.match(said[0] ?? '', /another tracer's \(columns span_id, trace_id/);
    await tracer.close();
    assert.equal(await flushed, false);
    assert.deepEqual(query(file, 'SELECT count(*) FROM spans'), [[0]]);
  });

  it('make the file anew when someone deleted it', async () => {
    const file = newFile();
    const tracer = new AgentTracer({ ...quiet, file });
    tracer.run('first', undefined, () => undefined);
    await tracer.flush();
    for (const end of ['', '-wal', '-shm']) fs.rmSync(file + end, { force: true });
    tracer.run('second', undefined, () => undefined);
    assert.equal(await tracer.flush(), true);
    assert.deepEqual(query(file, 'SELECT name FROM spans'), [['second']]);
    await tracer.close();
  });

  it('drop what is over the bound, and write down how much', async () => {
    const file = newFile();
    const lock = new DatabaseSync(file);
    lock.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a); BEGIN IMMEDIATE');
    const { tracer, said } = tracerTo(
      new SqliteBackend(file, { maxQueueBytes: 1_000_000, busyMs: 20 }),
    );
    const text = 'x'.repeat(2000);
    for (let i = 0; i < 2000; i++) tracer.span('s', { metadata: { text } }, () => undefined);
    assert.ok(said.some(line => line.includes('queue is full')));
    lock.exec('COMMIT');
    lock.close();
    assert.equal(await tracer.flush(), false, 'not all was stored');
    while (!(await tracer.flush())) await sleep(10);
    const { kept, dropped } = counts(file);
    await tracer.close();
    assert.equal(kept + dropped, 2000);
    assert.ok(kept >= 300 && kept < 700, `${kept} kept`);
  });
  const counts = (file: string) => {
    const [[kept]] = query(file, 'SELECT count(*) FROM spans') as [[number]];
    const sql = "SELECT value FROM trace_info WHERE key = 'dropped_spans'";
    const [[dropped] = ['0']] = query(file, sql) as [[string]?];
    return { kept, dropped: Number(dropped) };
  };

  /** Ten rows, of which there is room for the first. */
  const overfill = (backend: Backend): void => {
    const packer = new RowPacker();
    for (let i = 0; i < 10; i++) {
      packer.span(unpackedSpan({ text: 'x'.repeat(5000) }));
      assert.equal(backend.write(packer.take()), i === 0);
    }
  };
  for (const how of ['flush', 'close', 'flushSync'] as const) {
    it(`write down what a trace file dropped last, with ${how}`, async () => {
      const file = newFile();
      const lock = new DatabaseSync(file);
      lock.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a); BEGIN IMMEDIATE');
      const backend = new SqliteBackend(file, { maxQueueBytes: 6000, busyMs: 20 });
      overfill(backend);
      lock.close();
      await backend[how](60_000);
      assert.deepEqual(counts(file), { kept: 1, dropped: 9 });
      await backend.close();
    });
  }

  for (const how of ['flush', 'close', 'flushSync'] as const) {
    it(`write down what JSON lines dropped last, with ${how}`, async () => {
      const file = path.join(folder.path, `${how}.jsonl`);
      const backend = new JsonLinesBackend(file, 6000);
      overfill(backend);
      await backend[how](60_000);
      const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
      const rows = lines.map(line => JSON.parse(line) as { type: string; rows?: number });
      assert.deepEqual(
        rows.map(({ type, rows }) => [type, rows]),
        [
          ['span', undefined],
          ['dropped', 9],
        ],
      );
    });
  }

  it('report a folder that is not there once, and record on when it is', async () => {
    const missing = path.join(folder.path, 'later');
    const file = path.join(missing, 'traces.db');
    const { tracer, said } = tracerTo(new SqliteBackend(file));
    tracer.run('one', undefined, () => undefined);
    tracer.run('two', undefined, () => undefined);
    const flushed = tracer.flush();
    await until(() => said.length > 0);
    assert.equal(said.length, 1, said.join('\n'));
    fs.mkdirSync(missing);
    assert.equal(await flushed, true);
    assert.deepEqual(query(file, 'SELECT count(*) FROM spans'), [[2]]);
    assert.match(said[1] ?? '', /works again/);
    await tracer.close();
  });

  it('write JSON lines with the names of the columns', async () => {
    const file = path.join(folder.path, 'traces.jsonl');
    const { tracer } = tracerTo(new JsonLinesBackend(file));
    tracer.run('agent', 'in', run => run.event('decided', { n: 1 }));
    assert.equal(await tracer.flush(), true);
    const lines = fs
      .readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
    assert.deepEqual(
      lines.map(line => [line.type, line.name, line.metadata?.input ?? line.attributes]),
      [
        ['event', 'decided', { n: 1 }],
        ['span', 'agent', 'in'],
      ],
    );
  });

  it('get the same, several at once, and one that throws harms neither agent nor others', async () => {
    const broken: Backend = {
      name: 'broken',
      write: () => {
        throw new Error('disk on fire');
      },
      flush: () => Promise.reject(new Error('still on fire')),
      close: () => Promise.reject(new Error('on fire to the end')),
    };
    const memories = [new MemoryBackend(), new MemoryBackend()];
    const { tracer, said } = tracerTo([broken, ...memories]);
    assert.equal(
      tracer.run('agent', undefined, () => 42),
      42,
    );
    assert.equal(await tracer.flush(), false);
    await tracer.close();
    assert.deepEqual(said, ['broken: disk on fire']);
    assert.deepEqual(
      memories.map(memory => memory.spans.size),
      [1, 1],
    );
  });
});
