import fs from 'node:fs';
import path from 'node:path';
import initSqlJs from 'sql.js';
import { localReader } from '../../../src/node/localReader.ts';
import type { ReaderApi } from '../../../src/protocol/reader.ts';

export const dist = path.resolve(import.meta.dirname, '../../../dist');

type Value = string | number | Uint8Array | null;

/** The columns of the article's table, in its order. */
export const columns = [
  'span_id',
  'run_id',
  'parent_span_id',
  'name',
  'start_time',
  'end_time',
  'status',
  'input_tokens',
  'output_tokens',
  'cost_usd',
  'model',
  'metadata',
  'error',
] as const;
export type Cells = Partial<Record<(typeof columns)[number], Value>>;

export const createSpans = `CREATE TABLE spans (span_id TEXT PRIMARY KEY, run_id TEXT, parent_span_id TEXT,
  name TEXT, start_time REAL, end_time REAL, status TEXT, input_tokens INTEGER, output_tokens INTEGER,
  cost_usd REAL, model TEXT, metadata TEXT, error TEXT)`;

/** A span that ended ok at second 1, as the tracers write it. */
const plain: Cells = {
  run_id: 'r',
  parent_span_id: null,
  name: 'span',
  start_time: 0,
  end_time: 1,
  status: 'ok',
  input_tokens: 0,
  output_tokens: 0,
  cost_usd: 0,
  model: '',
  metadata: '{}',
  error: null,
};

const sqlite = initSqlJs({
  wasmBinary: new Uint8Array(fs.readFileSync(path.join(dist, 'sql-wasm.wasm')))
    .buffer as ArrayBuffer,
});

/** The bytes of a database with these spans; a cell that is not named is that of a plain span. */
export async function spansDb(spans: Iterable<Cells>, sql = createSpans): Promise<Uint8Array> {
  const db = new (await sqlite).Database();
  db.run(sql);
  const insert = db.prepare(`INSERT INTO spans VALUES (${columns.map(() => '?').join(',')})`);
  db.run('BEGIN');
  for (const span of spans) {
    const cells = { ...plain, ...span };
    insert.run(columns.map(column => cells[column] ?? null));
  }
  db.run('COMMIT');
  insert.free();
  const bytes = db.export();
  db.close();
  return bytes;
}

/** A database made by any SQL. */
export async function sqlDb(sql: string): Promise<Uint8Array> {
  const db = new (await sqlite).Database();
  db.run(sql);
  const bytes = db.export();
  db.close();
  return bytes;
}

export const clock = { now: 1e15, staleAfter: 600_000 };
export const all = { filter: 'all', offset: 0, limit: 1000, clock } as const;

/** A reader that holds these bytes as the file `f`. */
export async function reading(bytes: Uint8Array): Promise<ReaderApi> {
  const reader = localReader(dist);
  await reader.open('f', { kind: 'bytes', bytes, name: 'f.db' });
  await readAll(reader, 'f');
  return reader;
}

/** Waits until the reader has read all of a file, and is certain of it. */
export async function readAll(reader: ReaderApi, file: string): Promise<void> {
  while ((await reader.advance(file)).share !== undefined);
}
