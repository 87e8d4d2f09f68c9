import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { SqlJsStatic } from 'sql.js';
import { TraceError } from '../../src/core/errors.ts';
import { type ByteSource, type FileSet, memorySource } from '../../src/store/byteSource.ts';
import { nextFailure } from '../../src/store/failures.ts';
import { fileTotals, runPage } from '../../src/store/pages.ts';
import { PathFile } from '../../src/store/pathFile.ts';
import { createReader } from '../../src/store/reader.ts';
import { findRuns } from '../../src/store/searchRuns.ts';
import { lazyWorks } from '../../src/store/selfTest.ts';
import { loadSqlite } from '../../src/store/sqlite.ts';
import { clock, createSpans, dist, spansDb } from '../unit/support/traceDb.ts';

const sqlite = loadSqlite(new Uint8Array(fs.readFileSync(path.join(dist, 'sql-wasm.wasm'))));

/** A database of so many spans, each with the same number of tokens. */
const db = (spans: number, tokens: number, sql = createSpans): Promise<Uint8Array> =>
  spansDb(
    Array.from({ length: spans }, (_, i) => ({
      span_id: `s${i}`,
      run_id: `r${i % 9}`,
      input_tokens: tokens,
      metadata: JSON.stringify({ text: 'x'.repeat(400) }),
    })),
    sql,
  );

/** A file in memory that is written to while it is read: `onRead` may put other bytes in its place. */
class Disk {
  bytes: Uint8Array;
  reads = 0;
  onRead: ((position: number) => void) | undefined;
  readonly files: FileSet;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    const memory = memorySource(() => this.bytes);
    const main: ByteSource = {
      ...memory,
      read: (into, position) => {
        this.reads++;
        this.onRead?.(position);
        return memory.read(into, position);
      },
    };
    const none = memorySource(() => undefined);
    this.files = { main, wal: none, journal: none, shm: none, beside: () => undefined };
  }
}

async function opened(disk: Disk, from = sqlite): Promise<PathFile> {
  return new PathFile(await from, disk.files, { file: 'f', name: 'f.db' });
}
const totals = (file: PathFile) =>
  file.use(async open => {
    while ((await open.advance(1000)).share !== undefined);
    const { spans, usage } = fileTotals(await open.index(), clock);
    return [spans, usage.input];
  });
const code = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'answered';
  } catch (error) {
    assert.ok(error instanceof TraceError, String(error));
    return error.code;
  }
};

describe('a file that is read a part at a time', () => {
  it('is not read to be opened, nor read again as long as it is unchanged', async () => {
    const disk = new Disk(await db(3000, 1));
    const file = await opened(disk);
    const info = await file.look();
    assert.ok(disk.reads < 30, `${disk.reads} reads of ${disk.bytes.length / 4096} pages`);
    assert.equal(info.bytes, disk.bytes.length);
    const index = await file.use(open => open.index());
    disk.reads = 0;
    assert.equal(await file.look(), info);
    assert.equal(await file.use(open => open.index()), index, 'what is known of it is kept');
    assert.ok(disk.reads < 10, `${disk.reads} reads`);
  });

  it('follows what is written to it, on one connection', async () => {
    const disk = new Disk(await db(5, 1));
    const file = await opened(disk);
    await file.look();
    assert.deepEqual(await totals(file), [5, 5]);
    for (const [spans, tokens] of [
      [2000, 2],
      [3, 3],
    ] as const) {
      disk.bytes = await db(spans, tokens);
      const { bytes } = await file.look();
      assert.equal(bytes, disk.bytes.length);
      assert.deepEqual(await totals(file), [spans, spans * tokens]);
    }
  });

  it('follows it to other page sizes, and tables that have no row numbers', async () => {
    const disk = new Disk(await db(50, 1));
    const file = await opened(disk);
    await file.look();
    for (const sql of [
      `PRAGMA page_size = 512; ${createSpans} WITHOUT ROWID`,
      `PRAGMA page_size = 512; ${createSpans} WITHOUT ROWID`,
      `PRAGMA page_size = 65536; ${createSpans}`,
    ]) {
      disk.bytes = await db(60, 1, sql);
      await file.look();
      assert.deepEqual(await totals(file), [60, 60]);
    }
  });

  it('written to while its runs are summed, is summed again', async () => {
    const [first, second] = [await db(5000, 1), await db(5000, 2)];
    const disk = new Disk(first);
    const file = await opened(disk);
    await file.look();
    disk.reads = 0;
    disk.onRead = () => {
      // In the middle: much is read at once.
      if (disk.reads === 15) disk.bytes = second;
    };
    assert.deepEqual(await totals(file), [5000, 10_000], 'not a sum over both states');
  });

  it('asked by several at once while it is written to, answers each from one state', async () => {
    const states = await Promise.all([1, 2, 3].map(tokens => db(5000, tokens)));
    const disk = new Disk(states[0] as Uint8Array);
    const file = await opened(disk);
    await file.look();
    let next = 1;
    disk.onRead = () => {
      if (disk.reads % 10 === 0 && next < 3) disk.bytes = states[next++] as Uint8Array;
    };
    const answers = await Promise.all([
      totals(file),
      totals(file),
      file.use(open => nextFailure(open, undefined, 'next')),
      totals(file),
    ]);
    for (const answer of [answers[0], answers[1], answers[3]]) {
      assert.deepEqual(answer, [5000, 15_000]);
    }
    assert.equal(answers[2], undefined);
  });

  it('that never rests is busy, in words, and answers once it rests', async () => {
    const disk = new Disk(await db(500, 1));
    const file = await opened(disk);
    await file.look();
    disk.onRead = () => {
      disk.bytes = disk.bytes.slice();
    };
    assert.equal(await code(totals(file)), 'fileBusy');
    disk.onRead = undefined;
    assert.deepEqual(await totals(file), [500, 500]);
  });

  it('that is written to once while it is read is asked again, and not taken into memory', async () => {
    const [first, second, third] = [await db(3000, 1), await db(3000, 2), await db(3000, 3)];
    const disk = new Disk(first);
    const file = await opened(disk);
    await file.look();
    disk.reads = 0;
    disk.onRead = () => {
      if (disk.reads === 9) disk.bytes = second;
    };
    assert.deepEqual(await totals(file), [3000, 6000]);
    disk.onRead = undefined;
    disk.bytes = third;
    assert.deepEqual(await totals(file), [3000, 9000]);
  });

  it('that is written to again and again is taken into memory, until it is looked at again', async () => {
    const [first, second, third] = [await db(3000, 1), await db(3000, 2), await db(3000, 3)];
    const disk = new Disk(first);
    const file = await opened(disk);
    await file.look();
    disk.reads = 0;
    let writes = 0;
    let isNew = true;
    disk.onRead = position => {
      // A state begins with its header.
      if (position === 0) isNew = true;
      else if (isNew && writes < 2) {
        isNew = false;
        writes++;
        disk.bytes = second.slice();
      }
    };
    assert.deepEqual(await totals(file), [3000, 6000]);
    assert.equal(writes, 2);
    disk.onRead = undefined;
    disk.bytes = third;
    disk.reads = 0;
    assert.deepEqual(await totals(file), [3000, 6000]);
    assert.equal(disk.reads, 0);
    await file.look();
    assert.deepEqual(await totals(file), [3000, 9000]);
  });

  it('one of whose pages cannot be read is no answer, not even a wrong one', async () => {
    const disk = new Disk(await db(3000, 1));
    const file = await opened(disk);
    await file.look();
    disk.reads = 0;
    disk.onRead = () => {
      if (disk.reads === 9) throw new TraceError('fileUnreadable', ['f.db', 'the disk']);
    };
    assert.equal(await code(totals(file)), 'fileUnreadable');
    assert.deepEqual(await totals(file), [3000, 3000], 'the zeros in its place are forgotten');
    disk.onRead = () => {
      throw new TraceError('fileUnreadable', ['f.db', 'the disk']);
    };
    const unaware = file.use(async open => {
      try {
        return open.source.metadata(2500);
      } catch {
        return undefined;
      }
    });
    assert.equal(await code(unaware), 'fileUnreadable');
  });

  it('says that what lies beside it cannot be read, as soon and as long as it cannot', async () => {
    const disk = new Disk(await db(5, 1));
    let isFolder = false;
    const facts = (): undefined => {
      if (isFolder) throw new TraceError('fileUnreadable', ['f.db-wal', 'it is a folder']);
    };
    const files = { ...disk.files, wal: { ...disk.files.wal, facts } };
    const file = new PathFile(await sqlite, files, { file: 'f', name: 'f.db' });
    assert.equal((await file.look()).staleness, undefined);
    isFolder = true;
    assert.deepEqual((await file.look()).staleness, { beside: 'wal', why: 'it is a folder' });
    assert.deepEqual(await totals(file), [5, 5]);
    isFolder = false;
    assert.equal((await file.look()).staleness, undefined);
  });

  it('two runs of which are compared, is asked in one state', async () => {
    const states = [await db(3000, 1), await db(3000, 2)] as const;
    const wasm = async () => new Uint8Array(fs.readFileSync(path.join(dist, 'sql-wasm.wasm')));
    let disk = new Disk(states[0]);
    const reader = createReader({ wasm, filesAt: () => disk.files });
    // However late it is written to: between the one run and the other as well.
    for (let late = 1; late < 40; late += 5) {
      disk = new Disk(states[0]);
      await reader.open('f', { kind: 'path', path: '/f.db', name: 'f.db' });
      await reader.totals('f', clock);
      disk.reads = 0;
      disk.onRead = () => {
        if (disk.reads === late) disk.bytes = states[1];
      };
      const [a, b] = ['r1', 'r2'].map(runId => ({ file: 'f', runId }));
      assert.ok(a && b);
      const compared = await reader.compareRuns(a, b, clock);
      const [own, other] = [compared.a, compared.b].map(({ figures }) => figures);
      assert.equal(
        (own?.usage.input ?? 0) / (own?.spans ?? 0),
        (other?.usage.input ?? 0) / (other?.spans ?? 0),
      );
      await reader.close('f');
    }
  });

  it('one of whose pages could not be read once has nothing of it in what is known of its runs', async () => {
    // Errors lie at the end of rows, in pages of their own.
    const spans = Array.from({ length: 4500 }, (_, i) => ({
      span_id: `s${i}`,
      run_id: `r${i}`,
      status: 'error',
      metadata: JSON.stringify({ text: 'x'.repeat(600) }),
      error: 'boom',
    }));
    const disk = new Disk(await spansDb(spans, `PRAGMA page_size = 512; ${createSpans}`));
    const of = (file: PathFile) =>
      file.use(async open => (await open.index()).entries.map(({ settled }) => settled.error));
    for (let late = 20; late < 4000; late += 1597) {
      const file = await opened(disk);
      await file.look();
      disk.reads = 0;
      disk.onRead = () => {
        if (disk.reads === late) throw new TraceError('fileUnreadable', ['f.db', 'the disk']);
      };
      assert.equal(await code(of(file)), 'fileUnreadable', `at read ${late}`);
      const errors = await of(file);
      assert.ok(errors.length >= 4000);
      assert.deepEqual([...new Set(errors)], ['boom'], `after read ${late}`);
      file.close();
    }
  });

  it('one of whose pages could not be read once has nothing of it in what a search found', async () => {
    const others = Array.from({ length: 10_100 }, (_, i) => ({
      span_id: `o${i}`,
      run_id: 'other',
    }));
    const spans = Array.from({ length: 60 }, (_, i) => ({
      span_id: `s${i}`,
      run_id: `r${i}`,
      start_time: 10,
      metadata: JSON.stringify({ request: `${'x'.repeat(700)} needle` }),
    }));
    const disk = new Disk(
      await spansDb([...others, ...spans], `PRAGMA page_size = 512; ${createSpans}`),
    );
    for (let late = 1; late < 150; late += 58) {
      const file = await opened(disk);
      while ((await file.use(open => open.advance(100))).share !== undefined);
      const ask = () => file.use(open => findRuns(open, { text: 'needle', clock }));
      disk.reads = 0;
      disk.onRead = () => {
        if (disk.reads === late) throw new TraceError('fileUnreadable', ['f.db', 'the disk']);
      };
      await code(ask());
      disk.onRead = undefined;
      // It answers after a while with what it has: on a busy machine that is not all.
      for (let at = await ask(); at.done < at.of; at = await ask());
      const found = await file.use(async open =>
        runPage(await open.index(), {
          filter: 'all',
          text: 'needle',
          offset: 0,
          limit: 100,
          clock,
        }),
      );
      assert.equal(found.matching, 60, `after read ${late}`);
      file.close();
    }
  });

  it('that is gone, emptied or replaced by something else says so', async () => {
    const whole = await db(500, 1);
    const disk = new Disk(whole);
    const file = await opened(disk);
    await file.look();
    disk.bytes = new Uint8Array();
    assert.equal(await code(totals(file)), 'fileEmpty');
    disk.bytes = new Uint8Array(9000).fill(65);
    assert.equal(await code(totals(file)), 'notSqlite');
    disk.bytes = whole.slice(0, whole.length / 2);
    assert.equal(await code(totals(file)), 'damaged');
    disk.bytes = whole;
    assert.deepEqual(await totals(file), [500, 500]);
    file.close();
    assert.equal(await code(totals(file)), 'fileNotOpen');
  });

  it('is read whole where this sql.js cannot do it by parts', async () => {
    const real = await sqlite;
    assert.equal(lazyWorks(real), true);
    class Copying extends real.Database {
      constructor(bytes?: ArrayLike<number> | null) {
        super(bytes && new Uint8Array(bytes));
      }
    }
    const other = { Database: Copying } as unknown as SqlJsStatic;
    assert.equal(lazyWorks(other), false);
    const disk = new Disk(await db(500, 1));
    const file = await opened(disk, Promise.resolve(other));
    await file.look();
    assert.deepEqual(await totals(file), [500, 500]);
    disk.bytes = await db(600, 2);
    assert.deepEqual(await totals(file), [600, 1200]);
  });
});
