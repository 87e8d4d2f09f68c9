import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { RowPacker, type UnpackedSpan } from '../../src/core/rowPacker.ts';
import { pruneRuns } from '../../src/node/prune.ts';
import { SqliteBackend } from '../../src/tracer/main.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import { query } from '../unit/support/query.ts';
import { unpackedSpan } from '../unit/support/unpackedSpan.ts';

const day = 86_400;
const now = Date.now() / 1000;

const span = (more: Partial<UnpackedSpan>, metadata = {}): UnpackedSpan =>
  unpackedSpan(metadata, { startTime: now, endTime: now, ...more });

describe('Pruning a trace file', () => {
  const folder = temporaryFolder('prune');
  after(() => folder.remove());
  let count = 0;
  const newFile = (): string => path.join(folder.path, `${count++}.db`);
  const left = (file: string) =>
    query(file, 'SELECT DISTINCT run_id FROM spans ORDER BY start_time').flat();

  /** A run for each day, the oldest first, each of a root with an event and one more span. */
  async function tenRuns(file: string, children = 1) {
    const backend = new SqliteBackend(file);
    const packer = new RowPacker();
    for (let age = 9; age >= 0; age--) {
      const at = { startTime: now - age * day, endTime: now - age * day + 1 };
      const run = `run ${age}`;
      packer.span(span({ ...at, spanId: run, runId: run, name: run }));
      const event = { spanId: run, runId: run, time: at.endTime, name: 'e', attributes: {} };
      packer.event({ type: 'event', ...event });
      for (let i = 0; i < children; i++) {
        const id = { spanId: `${run}.${i}`, runId: run, parentSpanId: run };
        packer.span(span({ ...at, ...id }, { text: 'x'.repeat(50_000) }));
      }
    }
    backend.write(packer.take());
    assert.equal(await backend.flush(), true);
    return backend;
  }

  it('removes old runs by age, count and size, whole and oldest first', async () => {
    const file = newFile();
    const backend = await tenRuns(file);
    assert.deepEqual(await backend.prune({ maxAgeDays: 7.5 }), { runs: 2, spans: 4 });
    assert.deepEqual(await backend.prune({ maxRuns: 6 }), { runs: 2, spans: 4 });
    assert.deepEqual(
      left(file),
      [5, 4, 3, 2, 1, 0].map(age => `run ${age}`),
    );
    assert.deepEqual(query(file, 'SELECT count(*) FROM events'), [[6]]);
    await backend.prune({ maxBytes: 10_000 });
    assert.deepEqual(left(file), []);
    await backend.close();
    assert.ok(fs.statSync(file).size < 200_000, 'the room was given back');
  });

  it('by size stops with the run that makes it small enough, which is gone entirely', async () => {
    const file = newFile();
    const backend = await tenRuns(file, 60);
    const { runs } = await backend.prune({ maxBytes: 12_000_000 });
    assert.ok(runs === 6 || runs === 7, `${runs} runs of 3 MB`);
    const [[spans]] = query(file, 'SELECT count(*) FROM spans') as [[number]];
    assert.equal(spans, 61 * (10 - runs));
    await backend.close();
  });

  it('keeps what is open and younger than a day, and a run without a start goes first', async () => {
    const file = newFile();
    const backend = await tenRuns(file);
    const packer = new RowPacker();
    packer.span(
      span({ spanId: 'open', runId: 'open', startTime: now - day / 2, endTime: undefined }),
    );
    packer.span(
      span({ spanId: 'old', runId: 'old', startTime: now - 2 * day, endTime: undefined }),
    );
    packer.span(span({ spanId: 'no start', runId: 'no start', startTime: Number.NaN }));
    backend.write(packer.take());
    assert.deepEqual(await backend.prune({ maxRuns: 12 }), { runs: 1, spans: 1 });
    assert.ok(!left(file).includes('no start'));
    await backend.prune({ maxRuns: 0 });
    assert.deepEqual(left(file), ['open']);
    await backend.close();
  });

  it('removes events of spans that are gone, unless their span may still come', async () => {
    const file = newFile();
    const backend = await tenRuns(file);
    const packer = new RowPacker();
    for (const age of [0, 2]) {
      const of = { spanId: `gone ${age}`, runId: 'gone', time: now - age * day };
      packer.event({ type: 'event', ...of, name: 'e', attributes: {} });
    }
    backend.write(packer.take());
    assert.deepEqual(await backend.prune({ maxRuns: 9 }), { runs: 1, spans: 2 });
    assert.deepEqual(query(file, "SELECT span_id FROM events WHERE run_id = 'gone'"), [['gone 0']]);
    assert.deepEqual(query(file, 'SELECT count(*) FROM events'), [[10]]);
    await backend.close();
  });

  for (const limits of [{ maxRuns: -3 }, { maxAgeDays: Number.NaN }, { maxBytes: '9' as never }]) {
    it(`by ${JSON.stringify(limits)} is refused with words, and removes nothing`, async () => {
      const file = newFile();
      const backend = await tenRuns(file);
      await assert.rejects(
        backend.prune(limits),
        /^RangeError: The limit max\w+ is .*: give a number from 0 on, or leave it out$/,
      );
      assert.equal(left(file).length, 10);
      await backend.close();
    });
  }

  it('lets others write between its transactions, also where there are no indexes', () => {
    const file = newFile();
    const db = new DatabaseSync(file);
    db.exec(`CREATE TABLE spans (span_id TEXT PRIMARY KEY, run_id TEXT, start_time REAL, end_time REAL);
      CREATE TABLE events (event_id INTEGER PRIMARY KEY, span_id TEXT, time REAL)`);
    db.exec('BEGIN');
    const add = db.prepare('INSERT INTO spans VALUES (?, ?, 1, 2)');
    for (let i = 0; i < 300; i++) for (let j = 0; j < 20; j++) add.run(`${i}.${j}`, `run ${i}`);
    db.exec('COMMIT');
    const other = new DatabaseSync(file);
    const note = other.prepare("INSERT INTO spans VALUES (?, 'other', 1e12, NULL)");
    let asked = 0;
    // Between two transactions: whoever has the lock by then would be refused.
    const ends = (): boolean => note.run(`other ${asked++}`).changes !== 1;
    assert.deepEqual(pruneRuns(db, { maxRuns: 0 }, Date.now(), ends), { runs: 300, spans: 6000 });
    assert.ok(asked > 5, `${asked} times`);
    assert.deepEqual(query(file, 'SELECT count(*), min(run_id) FROM spans'), [[asked, 'other']]);
    assert.deepEqual(db.prepare('SELECT name FROM sqlite_temp_master').all(), []);
    other.close();
    db.close();
  });

  it('is left where it is when the program ends', () => {
    const file = newFile();
    const db = new DatabaseSync(file);
    db.exec(`CREATE TABLE spans (span_id TEXT PRIMARY KEY, run_id TEXT, start_time REAL, end_time REAL);
      CREATE TABLE events (event_id INTEGER PRIMARY KEY, span_id TEXT, time REAL)`);
    const add = db.prepare('INSERT INTO spans VALUES (?, ?, ?, 2)');
    db.exec('BEGIN');
    for (let i = 0; i < 1000; i++) add.run(`${i}`, `run ${i}`, i);
    db.exec('COMMIT');
    let asked = 0;
    const { runs, spans } = pruneRuns(db, { maxRuns: 0 }, Date.now(), () => asked++ >= 2);
    assert.ok(runs > 0 && runs < 1000 && runs === spans, `${runs} runs`);
    assert.deepEqual(db.prepare('SELECT min(start_time) FROM spans').all().map(Object.values), [
      [runs],
    ]);
    db.close();
  });
});
