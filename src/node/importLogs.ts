import type { DatabaseSync } from 'node:sqlite';
import { SpanRecords } from './spanRecords.ts';
import { isLog } from './traceSchema.ts';

/** While a file is filled: what spans are known by beside their ids. It does not stay. */
export const keysTable =
  'CREATE TEMP TABLE span_keys (key TEXT PRIMARY KEY, span_id TEXT NOT NULL, run_id TEXT) WITHOUT ROWID';
export const addKey = 'INSERT OR REPLACE INTO span_keys VALUES (?, ?, ?)';

/**
 * Gives spans what the records of the log say of them. Records stand with the events under their span, or under
 * a key that a span may be known by; those of no span go.
 *
 * @returns how many went
 */
export function joinImportedLogs(db: DatabaseSync): number {
  db.exec(`UPDATE events SET span_id = k.span_id, run_id = k.run_id
    FROM span_keys AS k WHERE events.run_id IS NULL AND events.span_id = k.key`);
  const gone = db
    .prepare(`DELETE FROM events WHERE ${isLog} AND span_id NOT IN (SELECT span_id FROM spans)`)
    .run();
  const records = new SpanRecords(db);
  // The ids alone: what the spans hold may be more than memory.
  const ids = db.prepare(`SELECT DISTINCT span_id FROM events WHERE ${isLog}`).all();
  for (const { span_id: id } of ids) records.join(String(id));
  return Number(gone.changes);
}
