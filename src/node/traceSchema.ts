// The SQL of the files that we write. `src/store` holds the SQL that reads them.
import type { DatabaseSync } from 'node:sqlite';
import type { SpanRow } from '../core/traceRows.ts';

const columns = [
  ['span_id', 'TEXT PRIMARY KEY'],
  ['run_id', 'TEXT'],
  ['parent_span_id', 'TEXT'],
  ['name', 'TEXT'],
  ['start_time', 'REAL'],
  ['end_time', 'REAL'],
  ['status', 'TEXT'],
  ['input_tokens', 'INTEGER'],
  ['output_tokens', 'INTEGER'],
  ['cost_usd', 'REAL'],
  ['model', 'TEXT'],
  ['metadata', 'TEXT'],
  ['error', 'TEXT'],
] as const;

const values = `VALUES (${columns.map(() => '?').join(', ')})`;
/** The thirteen values of a span's row, in the order of the columns. */
export const spanValues = (row: Omit<SpanRow, 'metadata'>, metadata: string) =>
  [
    row.spanId,
    row.runId,
    row.parentSpanId ?? null,
    row.name,
    row.startTime,
    row.endTime ?? null,
    row.status,
    row.inputTokens,
    row.outputTokens,
    row.costUsd ?? null,
    row.model,
    metadata,
    row.error ?? null,
  ] as const;

export const insertSpan = `INSERT INTO spans ${values}`;
/** A span that ended: its last word. */
export const writeSpan = `INSERT OR REPLACE INTO spans ${values}`;
/** A span that is still open: never over its last word, whichever comes first. */
export const writeOpenSpan = `INSERT OR IGNORE INTO spans ${values}`;
export const writeEvent =
  'INSERT INTO events (span_id, run_id, time, name, attributes) VALUES (?, ?, ?, ?, ?)';
/** Whether an event is a record of a log. */
export const isLog = `json_extract(attributes, '$."log.record"')`;
export const writeInfo =
  'INSERT INTO trace_info VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value';
export const addInfo = `INSERT INTO trace_info VALUES (?, ?) ON CONFLICT (key) DO UPDATE
  SET value = CAST(CAST(value AS INTEGER) + CAST(excluded.value AS INTEGER) AS TEXT)`;

const spansTable = `CREATE TABLE IF NOT EXISTS spans (${columns.map(column => column.join(' ')).join(', ')})`;

/** Beside the article's table, never inside it: its tracer writes 13 values, whatever else is there. */
const besides = [
  `CREATE TABLE IF NOT EXISTS events (event_id INTEGER PRIMARY KEY, span_id TEXT NOT NULL, run_id TEXT,
    time REAL NOT NULL, name TEXT NOT NULL, attributes TEXT)`,
  'CREATE TABLE IF NOT EXISTS trace_info (key TEXT PRIMARY KEY, value TEXT)',
  `CREATE VIEW IF NOT EXISTS runs AS
    SELECT run_id,
      (SELECT root.name FROM spans AS root
       WHERE root.run_id = spans.run_id AND root.parent_span_id IS NULL) AS name,
      MIN(start_time) AS start_time, MAX(end_time) AS end_time, COUNT(*) AS spans,
      SUM(input_tokens) AS input_tokens, SUM(output_tokens) AS output_tokens,
      SUM(cost_usd) AS cost_usd
    FROM spans GROUP BY run_id`,
];

const eventIndex = 'CREATE INDEX IF NOT EXISTS events_span_id ON events (span_id)';
const indexes = [
  'CREATE INDEX IF NOT EXISTS spans_run_id ON spans (run_id)',
  'CREATE INDEX IF NOT EXISTS spans_start_time ON spans (start_time)',
];
// An index over a large table takes seconds, in which no other program can write to the file.
const mostIndexedBytes = 64_000_000;

/** Pages of this size take spans with prompts in fewer steps than SQLite's own 4096. */
const pageSize = 16_384;

/** An error that trying again does not mend. */
export class NotATraceFile extends Error {}

/**
 * Makes a file ready to be written to. A new one gets large pages and a write-ahead log. One that is there
 * keeps its page size and its journal mode: whoever made it, or copies it, counts on these.
 */
export function prepareFile(db: DatabaseSync, synchronous: 'normal' | 'full'): void {
  const number = (pragma: string): number =>
    Number(Object.values(db.prepare(pragma).get() ?? {})[0]);
  if (number('PRAGMA page_count') === 0) {
    db.exec(`PRAGMA page_size = ${pageSize}; PRAGMA auto_vacuum = INCREMENTAL`);
    db.exec('PRAGMA journal_mode = WAL');
  }
  db.exec(`PRAGMA synchronous = ${synchronous}; PRAGMA wal_autocheckpoint = 4000`);
  const found = db
    .prepare('PRAGMA table_info(spans)')
    .all()
    .map(column => String(column.name));
  if (found.length > 0 && found.join() !== columns.map(([name]) => name).join()) {
    throw new NotATraceFile(
      `its table spans is another tracer's (columns ${found.slice(0, 5).join(', ')}, ...): choose another file`,
    );
  }
  db.exec('BEGIN IMMEDIATE');
  try {
    db.exec(spansTable);
    for (const statement of [...besides, eventIndex]) db.exec(statement);
    if (number('PRAGMA page_count') * number('PRAGMA page_size') <= mostIndexedBytes) {
      for (const statement of indexes) db.exec(statement);
    }
    db.exec("INSERT OR IGNORE INTO trace_info VALUES ('schema_version', '1')");
    db.exec('COMMIT');
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

const names = columns.map(([name]) => name);
/** The first row of an id stays, unless its span was still open and ends now. */
export const addSpan = `${insertSpan} ON CONFLICT (span_id) DO UPDATE
  SET ${names.map(name => `${name} = excluded.${name}`).join(', ')}
  WHERE spans.end_time IS NULL AND excluded.end_time IS NOT NULL AND spans.run_id = excluded.run_id`;

/** A new file that nobody else sees before it is whole: nothing of it waits for the disk. */
export function beginWholeFile(db: DatabaseSync): void {
  db.exec(`PRAGMA page_size = ${pageSize}; PRAGMA auto_vacuum = INCREMENTAL`);
  db.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF');
  // The index over the ids of the spans, which come in no order, is to stay in memory.
  db.exec('PRAGMA cache_size = -65536; PRAGMA locking_mode = EXCLUSIVE');
  for (const statement of [spansTable, ...besides]) db.exec(statement);
  db.prepare(writeInfo).run('schema_version', '1');
}

/** Indexes are made at once over all rows, which takes a fraction of the time. */
export function endWholeFile(db: DatabaseSync): void {
  for (const statement of [...indexes, eventIndex]) db.exec(statement);
}

/** The `application_id` of files that hold replays: “ATIr”. By it they are told from files of users. */
export const replayFileId = 0x41544972;

/**
 * Makes a file of replays of an empty one. The id is set before the write-ahead log is there, so that it is
 * in the file itself, where it is looked for.
 */
export function beginReplayFile(file: string): void {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const db = new DatabaseSync(file);
  try {
    db.exec(`PRAGMA page_size = ${pageSize}`);
    // In one transaction: setting auto_vacuum alone writes the first page, which another process that keeps a
    // replay at this moment would take for that of a file of somebody else.
    db.exec(
      `BEGIN; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = ${replayFileId}; COMMIT`,
    );
    db.exec('PRAGMA journal_mode = WAL');
  } finally {
    db.close();
  }
}

/** Removes runs with their spans and events, in one transaction. */
export function removeRuns(db: DatabaseSync, runIds: readonly string[]): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const table of ['events', 'spans']) {
      const remove = db.prepare(`DELETE FROM ${table} WHERE run_id = ?`);
      for (const runId of runIds) remove.run(runId);
    }
    db.exec('COMMIT');
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

/** After an error, which may itself have ended the transaction. */
export function rollBack(db: DatabaseSync): void {
  try {
    db.exec('ROLLBACK');
  } catch {
    // There was none any more: what SQLite says here is nothing new.
  }
}
