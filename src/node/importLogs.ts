import type { DatabaseSync } from 'node:sqlite';
import { type Fields, fieldsOf } from '../core/fields.ts';
import { fieldsJson } from '../core/fieldsJson.ts';
import { joinLogs } from '../formats/logJoin.ts';
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
  const logs = db.prepare(
    `SELECT name, time, attributes FROM events WHERE span_id = ? AND ${isLog} ORDER BY time`,
  );
  const content = db.prepare('SELECT metadata FROM spans WHERE span_id = ?');
  const set = db.prepare(`UPDATE spans SET metadata = ?, cost_usd = coalesce(?, cost_usd),
    error = coalesce(error, ?), status = CASE WHEN ? IS NULL THEN status ELSE 'error' END
    WHERE span_id = ?`);
  // The ids alone: what the spans hold may be more than memory.
  const ids = db.prepare(`SELECT DISTINCT span_id FROM events WHERE ${isLog}`).all();
  for (const { span_id: id } of ids) {
    const spanId = String(id);
    const records = logs.all(spanId).map(row => ({
      name: String(row.name),
      time: Number(row.time) * 1000,
      attributes: parsed(row.attributes),
    }));
    const joined = joinLogs(parsed(content.get(spanId)?.metadata), records);
    const error = joined.error ?? null;
    set.run(fieldsJson(joined.metadata), joined.cost ?? null, error, error, spanId);
  }
  return Number(gone.changes);
}

/** What was written here a moment ago is JSON. */
const parsed = (json: unknown): Fields => fieldsOf(JSON.parse(String(json)));
