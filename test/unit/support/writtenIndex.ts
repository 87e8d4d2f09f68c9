import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import initSqlJs, { type Database, type Statement } from 'sql.js';
import type { SpanSource } from '../../../src/store/dialect.ts';
import { dialectOf } from '../../../src/store/dialects.ts';
import { type IndexWork, LiveIndex } from '../../../src/store/liveIndex.ts';
import { Pause } from '../../../src/store/pause.ts';
import type { RunIndex } from '../../../src/store/runIndex.ts';
import { readSchema } from '../../../src/store/schema.ts';
import { Db } from '../../../src/store/sqlite.ts';
import { wholeContent } from '../../../src/store/wholeBytes.ts';
import { createSpans, dist } from './traceDb.ts';

const sqlite = await initSqlJs({
  wasmBinary: new Uint8Array(fs.readFileSync(path.join(dist, 'sql-wasm.wasm')))
    .buffer as ArrayBuffer,
});

/** A database that is written to, and read anew after each change. */
export class Written {
  readonly db: Database = new sqlite.Database();
  private insert: Statement | undefined;
  constructor(sql = createSpans) {
    this.db.run(sql);
  }

  /** What a reader sees now. */
  source(): SpanSource {
    const bytes = this.db.export();
    // An export frees all statements.
    this.insert = undefined;
    const db = new Db(sqlite, wholeContent(bytes), 'test');
    const schema = readSchema(db);
    return dialectOf(schema, 'test').open(db, schema, bytes.length);
  }

  write(run: string, span: string, more: { parent?: string; end?: number; start?: number } = {}) {
    const { parent = null, end = null, start = 1 } = more;
    this.insert ??= this.db.prepare(
      `INSERT OR REPLACE INTO spans VALUES (?, ?, ?, 'n', ?, ?, ?, 1, 1, 0.5, 'm', '{}', NULL)`,
    );
    this.insert.run([span, run, parent, start, end, end === null ? 'running' : 'ok']);
  }
}

export const work = (source: SpanSource, check?: () => void, stamp?: string): IndexWork => ({
  stamp,
  pace: 1,
  source,
  pause: new Pause(check),
  onTree: () => undefined,
});

export const small = { firstRows: 3, stepRows: 4, heldSpans: 6, apart: 2 };

export async function readAll(
  source: SpanSource,
  index = new LiveIndex(small),
): Promise<LiveIndex> {
  while (!index.complete) await index.step(work(source));
  return index;
}

/** All at once: the order in which rows are read has no part in it. */
export async function oracle(source: SpanSource): Promise<RunIndex> {
  const index = new LiveIndex({ firstRows: 1e6, stepRows: 1e6, heldSpans: 1e6, apart: 0 });
  await index.step(work(source));
  assert.ok(index.index && index.complete);
  return index.index;
}

export function same(found: RunIndex | undefined, wanted: RunIndex): void {
  const plain = (index: RunIndex | undefined) =>
    index?.entries.map(({ settled, recent, failures }) => ({ settled, recent, failures }));
  assert.deepEqual(plain(found), plain(wanted));
}

/** Which rows are whose; ranges may be cut in more pieces than needed. */
export const owners = (index: RunIndex, source: SpanSource): readonly (string | undefined)[] =>
  [...source.rows({ first: -1e9, last: 1e9 })].map(({ row }) => index.runOfRow(row)?.runId);

/** Numbers that look random, the same for the same seed. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return below => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) | 0;
    return Math.abs(state ^ (state >>> 13)) % below;
  };
}
