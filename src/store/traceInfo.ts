import { quoted, type Schema, tableOf } from './schema.ts';
import type { Db } from './sqlite.ts';

// A table of that name may be anyone's: only its beginning is looked at, and no view.
const mostRows = 1000;

/** How many spans a tracer noted that it dropped; undefined where it noted none. */
export function droppedSpans(db: Db, schema: Schema): number | undefined {
  const table = tableOf(schema, 'trace_info');
  const columns = table?.columns.map(column => column.toLowerCase());
  if (!table?.rowid || !columns?.includes('key') || !columns.includes('value')) return undefined;
  const row = db.row(
    `SELECT substr(value, 1, 20) FROM ${quoted(table.name)}
     WHERE ${quoted(table.rowid)} BETWEEN 1 AND ${mostRows} AND key = 'dropped_spans'`,
    [],
  );
  const count = Number(row?.[0]);
  return Number.isSafeInteger(count) && count > 0 ? count : undefined;
}
