import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import initSqlJs, { type Database } from 'sql.js';
import { indexFolder } from '../../src/node/indexFolder.ts';
import type { SpanSource } from '../../src/store/dialect.ts';
import { dialectOf } from '../../src/store/dialects.ts';
import { FileIndex } from '../../src/store/fileIndex.ts';
import { type IndexWork, LiveIndex } from '../../src/store/liveIndex.ts';
import { Pause } from '../../src/store/pause.ts';
import type { RunEntry, RunIndex } from '../../src/store/runIndex.ts';
import type { IndexKeeper, SavedIndex } from '../../src/store/savedIndex.ts';
import { readSchema } from '../../src/store/schema.ts';
import { SnapshotLost } from '../../src/store/snapshotLost.ts';
import { Db } from '../../src/store/sqlite.ts';
import { wholeContent } from '../../src/store/wholeBytes.ts';
import { createSpans, dist } from './support/traceDb.ts';

const sqlite = await initSqlJs({
  wasmBinary: new Uint8Array(fs.readFileSync(path.join(dist, 'sql-wasm.wasm')))
    .buffer as ArrayBuffer,
});

/** A database that is written to, and read anew after each change. */
class Written {
  readonly db: Database = new sqlite.Database();
  constructor(sql = createSpans) {
    this.db.run(sql);
  }

  /** What a reader sees now. */
  source(): SpanSource {
    const bytes = this.db.export();
    const db = new Db(sqlite, wholeContent(bytes), 'test');
    const schema = readSchema(db);
    return dialectOf(schema, 'test').open(db, schema, bytes.length);
  }

  write(run: string, span: string, more: { parent?: string; end?: number; start?: number } = {}) {
    const { parent = null, end = null, start = 1 } = more;
    this.db.run(
      `INSERT OR REPLACE INTO spans VALUES (?, ?, ?, 'n', ?, ?, ?, 1, 1, 0.5, 'm', '{}', NULL)`,
      [span, run, parent, start, end, end === null ? 'running' : 'ok'],
    );
  }
}

const work = (source: SpanSource, check?: () => void, stamp?: string): IndexWork => ({
  stamp,
  pace: 1,
  source,
  pause: new Pause(check),
  onTree: () => undefined,
});

const small = { firstRows: 3, stepRows: 4, heldSpans: 6, apart: 2 };

async function readAll(source: SpanSource, index = new LiveIndex(small)): Promise<LiveIndex> {
  while (!index.complete) await index.step(work(source));
  return index;
}

/** All at once: the order in which rows are read has no part in it. */
async function oracle(source: SpanSource): Promise<RunIndex> {
  const index = new LiveIndex({ firstRows: 1e6, stepRows: 1e6, heldSpans: 1e6, apart: 0 });
  await index.step(work(source));
  assert.ok(index.index && index.complete);
  return index.index;
}

function same(found: RunIndex | undefined, wanted: RunIndex): void {
  const plain = (index: RunIndex | undefined) =>
    index?.entries.map(({ settled, recent, failures }) => ({ settled, recent, failures }));
  assert.deepEqual(plain(found), plain(wanted));
}

/** Which rows are whose; ranges may be cut in more pieces than needed. */
const owners = (index: RunIndex, source: SpanSource): readonly (string | undefined)[] =>
  [...source.rows({ first: -1e9, last: 1e9 })].map(({ row }) => index.runOfRow(row)?.runId);

/** Numbers that look random, the same for the same seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return below => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) | 0;
    return Math.abs(state ^ (state >>> 13)) % below;
  };
}

describe('the index of a file, read in steps', () => {
  it('lists the newest rows first, says how much it has read, and ends with all', async () => {
    const file = new Written();
    for (let i = 0; i < 20; i++) file.write(`r${i >> 1}`, `s${i}`, { start: i, end: i + 1 });
    const index = new LiveIndex(small);
    const source = file.source();
    await index.step(work(source));
    assert.deepEqual(
      index.index?.entries.map(({ runId }) => runId),
      ['r9', 'r8'],
    );
    assert.equal(index.index?.share, 3 / 20);
    await readAll(source, index);
    assert.equal(index.index?.share, undefined);
    same(index.index, await oracle(source));
  });

  it('reads nothing of an empty file, and all of what then comes', async () => {
    const file = new Written();
    const index = await readAll(file.source());
    assert.deepEqual(index.index?.entries, []);
    file.write('r', 's');
    assert.equal(await index.update(work(file.source())), false, 'to be read anew');
  });

  it('is as it was when a writer ended the snapshot', async () => {
    const file = new Written();
    for (let i = 0; i < 30; i++) file.write(`r${i % 4}`, `s${i}`, { start: i });
    const source = file.source();
    const index = new LiveIndex(small);
    for (let turn = 0; !index.complete; turn++) {
      const lost = work(source, () => {
        throw new Error('lost');
      });
      const before = index.index;
      await assert.rejects(index.step(lost), /lost/);
      if (turn === 0) assert.equal(index.index, before);
      await index.step(work(source));
    }
    same(index.index, await oracle(source));
  });

  it('takes in new rows, replaced ones and runs that go on', async () => {
    const file = new Written();
    for (let i = 0; i < 12; i++) file.write(`r${i % 3}`, `s${i}`, { start: i });
    const index = await readAll(file.source());
    file.write('r1', 's4', { start: 4, end: 50 });
    file.write('r9', 'new', { start: 60 });
    file.db.run(`UPDATE spans SET status = 'ok', end_time = 70 WHERE span_id = 's11'`);
    const source = file.source();
    assert.equal(await index.update(work(source)), true);
    same(index.index, await oracle(source));
  });

  it('says of a run that more of it was found, until that was worked out', async () => {
    const file = new Written();
    file.write('apart', 'first', { start: 0 });
    for (let i = 0; i < 12; i++) file.write(`r${i}`, `s${i}`, { start: i + 1 });
    file.write('apart', 'second', { start: 50, parent: 'first' });
    for (let i = 12; i < 40; i++) file.write(`r${i}`, `s${i}`, { start: i + 60 });
    const source = file.source();
    const index = new LiveIndex({ firstRows: 4, stepRows: 4, heldSpans: 4, apart: 2 });
    let before: number | undefined;
    while (!index.complete) {
      await index.step(work(source));
      const run = index.index?.byId.get('apart')?.settled;
      // It is whole as soon as it has both, and never said to be so with one.
      if (run?.spans === 1 && !run.partial) before = index.index?.share;
    }
    assert.ok(before === undefined || before < 1, 'only while nothing more was found');
    same(index.index, await oracle(source));
  });

  it('sees that rows are gone or have other numbers', async () => {
    const file = new Written();
    for (let i = 0; i < 12; i++) file.write(`r${i % 3}`, `s${i}`, { start: i });
    const index = await readAll(file.source());
    file.db.run('DELETE FROM spans WHERE rowid > 9');
    assert.equal(await index.update(work(file.source())), false);
    const again = await readAll(file.source());
    file.db.run('UPDATE spans SET rowid = -rowid');
    assert.equal(await again.update(work(file.source())), false);
  });

  it('gives what reading all at once gives, whatever was written between the steps', async () => {
    let incremental = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const random = randomFrom(seed);
      const repeats = seed % 5 === 0;
      const file = new Written(repeats ? createSpans.replace(' PRIMARY KEY', '') : createSpans);
      let next = 0;
      const spans: string[] = [];
      const change = () => {
        for (let i = random(5); i >= 0; i--) {
          const old = spans[random(spans.length || 1)];
          if (random(3) > 0 || old === undefined) {
            const id = `s${next++}`;
            spans.push(id);
            const parent = random(2) ? spans[random(spans.length)] : undefined;
            const end = random(2) ? { end: random(100) } : {};
            file.write(`r${random(6)}`, id, {
              start: random(90),
              ...end,
              ...(parent && { parent }),
            });
          } else {
            const [run] = file.db.exec('SELECT run_id FROM spans WHERE span_id = ?', [old]);
            file.write(String(run?.values[0]?.[0]), old, { start: random(90), end: random(100) });
          }
        }
      };
      for (let i = 0; i < 12; i++) change();
      let index = new LiveIndex(small);
      for (let turn = 0; turn < 8; turn++) {
        const source = file.source();
        if (index.index && !(await index.update(work(source)))) index = new LiveIndex(small);
        else if (index.index) incremental++;
        await index.step(work(source));
        change();
      }
      const source = file.source();
      if (!(await index.update(work(source)))) index = new LiveIndex(small);
      await readAll(source, index);
      const wanted = await oracle(source);
      assert.ok(index.index);
      same(index.index, wanted);
      assert.deepEqual(owners(index.index, source), owners(wanted, source), `seed ${seed}`);
    }
    assert.ok(incremental > 130, `${incremental} changes were taken in without reading all`);
  });
});

describe('the index of a file that changes', () => {
  /** As if few spans were many. */
  const limits = {
    ...{ fewRows: 50, firstAnswer: 80, restBefore: 20, restFor: 1 },
    ...{ atLeastEvery: 30_000, worthKeeping: 100, saveEvery: 3000 },
  };

  it('answers at once, reads on when told to, and finds what was changed in its place', async () => {
    const file = new Written();
    file.db.run('BEGIN');
    for (let i = 0; i < 5000; i++) file.write(`r${i >> 2}`, `s${i}`, { start: i, end: i + 1 });
    file.db.run('COMMIT');
    const index = new FileIndex(undefined, limits);
    let state = {};
    let source = file.source();
    await index.index(state, work(source));
    let about = await index.advance(state, work(source), 1e4);
    assert.deepEqual([about.share, about.wait], [undefined, undefined]);
    same(await index.index(state, work(source)), await oracle(source));

    file.db.run(`UPDATE spans SET status = 'error', error = 'x' WHERE span_id = 's0'`);
    [state, source] = [{}, file.source()];
    await index.index(state, work(source));
    const { version } = about;
    const until = Date.now() + 20_000;
    do {
      about = await index.advance(state, work(source), 100);
      assert.ok(Date.now() < until, 'it looks again');
      await new Promise(resolve => setTimeout(resolve, 20));
    } while (about.wait !== undefined);
    assert.ok(about.version > version);
    same(await index.index(state, work(source)), await oracle(source));
  });

  it('reads a small file anew with each change, so that nothing is missed', async () => {
    const file = new Written();
    for (let i = 0; i < 50; i++) file.write(`r${i >> 2}`, `s${i}`, { start: i, end: i + 1 });
    const index = new FileIndex();
    await index.index({}, work(file.source()));
    file.db.run(`DELETE FROM spans WHERE span_id = 's3'`);
    file.db.run(`UPDATE spans SET status = 'error' WHERE span_id = 's0'`);
    const source = file.source();
    const state = {};
    same(await index.index(state, work(source)), await oracle(source));
    assert.equal((await index.advance(state, work(source), 0)).wait, undefined);
  });

  /** A state of a file whose snapshot is lost at the n-th check. */
  const lostAt = (source: SpanSource, n: number): IndexWork => {
    let checks = 0;
    return work(source, () => {
      if (++checks === n) throw new SnapshotLost();
    });
  };

  it('takes nothing of a state that was lost before it was listed for the next one', async () => {
    for (let n = 1; n < 6; n++) {
      const file = new Written();
      for (let i = 0; i < 390; i++) file.write(`r${i >> 2}`, `s${i}`, { start: i, end: i + 1 });
      const index = new FileIndex();
      const lost = lostAt(file.source(), n);
      await index.index({}, lost).catch(error => assert.ok(error instanceof SnapshotLost));
      file.write('r97', 's388', { start: 388, end: 9999 });
      file.write('new', 'new', { start: 5000 });
      const source = file.source();
      const state = {};
      await index.advance(state, work(source), 1e4);
      same(await index.index(state, work(source)), await oracle(source));
    }
  });

  it('is not certain, nor kept, while commits came as it looked again', async () => {
    const file = new Written();
    const keys: string[] = [];
    const index = new FileIndex({ load: () => undefined, save: key => keys.push(key) }, limits);
    file.db.run('BEGIN');
    for (let i = 0; i < 10_000; i++) file.write(`r${i >> 3}`, `s${i}`, { start: i, end: i + 1 });
    file.db.run('COMMIT');
    const next = () =>
      [{}, work(file.source(), undefined, `${keys.length} ${Math.random()}`)] as const;
    let [state, now] = next();
    while ((await index.advance(state, now, 1e3)).share !== undefined);
    assert.equal(keys.length, 1);
    file.write('late', 'late', { start: 5e4, end: 5e4 });
    [state, now] = next();
    await index.index(state, now);
    const until = Date.now() + 20_000;
    // Until it has begun to look again.
    while ((await index.advance(state, now, 0)).wait !== 0) {
      assert.ok(Date.now() < until);
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    file.db.run(`UPDATE spans SET status = 'error' WHERE span_id = 's9990'`);
    file.write('later', 'later', { start: 6e4, end: 6e4 });
    [state, now] = next();
    let about = await index.advance(state, now, 0);
    while (about.wait === 0) about = await index.advance(state, now, 10);
    assert.ok(about.wait !== undefined, 'it has to look once more');
    assert.equal(keys.length, 1);
    while (about.wait !== undefined) {
      assert.ok(Date.now() < until);
      about = await index.advance(state, now, 100);
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    same(await index.index(state, now), await oracle(now.source));
    assert.equal(keys.length, 2);
  });

  it('does not go back to what was kept once that was found to be wrong', async () => {
    const file = new Written();
    for (let i = 0; i < 20; i++) file.write(`r${i >> 2}`, `s${i}`, { start: i, end: i + 1 });
    const source = file.source();
    const right = await oracle(source);
    const ghost = { ...(right.entries[0] as RunEntry), runId: 'ghost' };
    const saved = { low: 1, top: 20, bottom: 1, rows: 20, unnamed: [], runs: [ghost] };
    const index = new FileIndex({ load: () => saved, save: () => undefined });
    const asked = work(source, undefined, 'stamp');
    assert.ok((await index.index({}, asked)).byId.has('ghost'));
    index.distrust();
    same(await index.index({}, asked), right);
  });

  it('does less at a time where a writer is faster, until it rests', async () => {
    const file = new Written();
    for (let i = 0; i < 20; i++) file.write(`r${i}`, `s${i}`, { start: i });
    const source = file.source();
    const index = new FileIndex();
    for (let i = 0; i < 10; i++) await assert.rejects(index.index({}, lostAt(source, 2)));
    assert.equal(index.pace, 1 / 20);
    await index.index({}, work(source));
    assert.ok(index.pace > 1 / 20);
  });

  it('answers many who ask at once, also when a state is lost in between', async () => {
    const file = new Written();
    for (let i = 0; i < 5000; i++) file.write(`r${i >> 2}`, `s${i}`, { start: i, end: i + 1 });
    const source = file.source();
    const index = new FileIndex();
    const gone = work(source, () => {
      throw new Error('lost');
    });
    const state = {};
    const lost = index.index({}, gone);
    const asked = [1, 2, 3].map(() => index.index(state, work(source)));
    const found = index.until(state, work(source), ({ byId }) => byId.has('r0'));
    await assert.rejects(lost, /lost/);
    await Promise.all(asked);
    assert.ok((await found).byId.has('r0'));
  });
});

describe('the index of a large file', () => {
  const many = 40_000;
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
    const index = new FileIndex(keeper);
    const state = {};
    while ((await index.advance(state, work(source, undefined, 'one'), 1000)).share !== undefined);
    assert.equal(kept.size, 1);
    const again = new FileIndex(keeper);
    same(await again.index({}, unread('one')), wanted);
    const other = new FileIndex(keeper);
    await assert.rejects(other.index({}, unread('two')), /rows are read/);
  });

  it('is read on from where it was when only part of it was read', async () => {
    const part = new LiveIndex({ ...small, firstRows: 10_000, stepRows: 10_000, heldSpans: 1e6 });
    await part.step(work(source));
    const saved = part.save();
    assert.ok(saved && !part.complete);
    const index = new LiveIndex({ ...small, stepRows: 7000, heldSpans: 100 });
    index.restore(structuredClone(saved));
    await readAll(source, index);
    same(index.index, wanted);
    assert.ok(index.index);
    assert.deepEqual(owners(index.index, source), owners(wanted, source));
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
