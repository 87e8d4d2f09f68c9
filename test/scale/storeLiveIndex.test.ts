import assert from 'node:assert/strict';
import type { SpanSource } from '../../src/store/dialect.ts';
import { FileIndex } from '../../src/store/fileIndex.ts';
import { type IndexWork, LiveIndex } from '../../src/store/liveIndex.ts';
import type { RunEntry } from '../../src/store/runIndex.ts';
import { SnapshotLost } from '../../src/store/snapshotLost.ts';
import { createSpans } from '../unit/support/traceDb.ts';
import {
  oracle,
  owners,
  randomFrom,
  readAll,
  same,
  small,
  Written,
  work,
} from '../unit/support/writtenIndex.ts';

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

  it('reads runs without an end again that were worked out and are not listed yet', async () => {
    const file = new Written();
    for (let i = 0; i < 60; i++) file.write(`r${i}`, `s${i}`, { start: i });
    const index = new LiveIndex({ firstRows: 4, stepRows: 4, heldSpans: 6, apart: 2 });
    const before = file.source();
    for (let i = 0; i < 3; i++) await index.step(work(before));
    const known = new Set(index.index?.entries.map(({ runId }) => runId));
    const unlisted = [...(index.index?.byId.keys() ?? [])].filter(runId => !known.has(runId));
    assert.ok(unlisted.length > 0);
    for (const runId of unlisted) {
      const at = Number(runId.slice(1));
      file.db.run("UPDATE spans SET status = 'ok', end_time = ? WHERE run_id = ?", [at + 1, runId]);
    }
    file.write('new', 'new', { start: 100 });
    const after = file.source();
    assert.ok(await index.update(work(after)));
    for (const runId of unlisted) assert.ok(index.index?.byId.get(runId)?.settled.end, runId);
    await readAll(after, index);
    same(index.index, await oracle(after));
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
    for (let i = 0; i < 1500; i++) file.write(`r${i >> 2}`, `s${i}`, { start: i, end: i + 1 });
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

  it('reads a small file anew also when only part of it was read before the change', async () => {
    const file = new Written();
    file.db.run('BEGIN');
    for (let i = 0; i < 4500; i++) file.write(`r${i % 9}`, `s${i}`, { start: i, end: i + 1 });
    file.db.run('COMMIT');
    const index = new FileIndex();
    let lost = false;
    const before = file.source();
    const check = () => {
      if (lost) throw new SnapshotLost();
    };
    const onTree = () => {
      lost = true;
    };
    // The first part is listed, the next one is lost.
    await index.index({}, { ...work(before, check), onTree }).catch(() => undefined);
    file.db.run('UPDATE spans SET input_tokens = 7');
    const after = file.source();
    const found = await index.index({}, work(after));
    for (const { settled } of found.entries) {
      assert.equal(settled.usage.input, 7 * settled.spans, 'spans of one state');
    }
  });

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
    for (let i = 0; i < 5000; i++) file.write(`r${i >> 3}`, `s${i}`, { start: i, end: i + 1 });
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
    file.db.run(`UPDATE spans SET status = 'error' WHERE span_id = 's4990'`);
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
