import type { SpanId } from '../core/model.ts';
import { encode, numberOf } from './decode.ts';
import type { RowId, RowRange } from './dialect.ts';
import { columnOf, quoted, type Schema, type Table, tableOf } from './schema.ts';
import type { Db } from './sqlite.ts';

export function rowidOf(table: Table): string {
  if (!table.rowid) throw new RangeError(`${table.name} has no row numbers`);
  return table.rowid;
}

/** A column's name for SQL; NULL stands for one that the table lacks. */
export function columnsOf(table: Table, alias?: string): (name: string) => string {
  return name => {
    const column = columnOf(table, name);
    if (column === undefined) return 'NULL';
    return alias === undefined ? quoted(column) : `${alias}.${quoted(column)}`;
  };
}

/** The columns that a table lacks, or the table itself where there is none. */
export function missingOf(
  schema: Schema,
  name: string,
  columns: readonly string[],
): readonly string[] {
  const table = tableOf(schema, name);
  if (!table) return [`table ${name}`];
  return columns.filter(column => columnOf(table, column) === undefined);
}

/** The first and the last row of a table; undefined where it is empty. */
export function boundsOf(db: Db, table: Table): RowRange | undefined {
  const id = rowidOf(table);
  const from = `FROM ${quoted(table.name)}`;
  // One at a time: SQLite looks for both at once by reading all rows.
  const [first] = db.row(`SELECT min(${id}) ${from}`) ?? [];
  const [last] = db.row(`SELECT max(${id}) ${from}`) ?? [];
  return typeof first === 'number' && typeof last === 'number' ? { first, last } : undefined;
}

/** The row from which there are so many up to the given one; undefined where there are fewer. */
export function rowBefore(db: Db, table: Table, last: RowId, count: number): RowId | undefined {
  const id = rowidOf(table);
  const sql = `SELECT ${id} FROM ${quoted(table.name)} WHERE ${id} <= ? ORDER BY ${id} DESC`;
  return numberOf(db.row(`${sql} LIMIT 1 OFFSET ?`, [last, count - 1])?.[0]);
}

/** The row of a span, the first of several; its table has a column `span_id`. */
export function findRow(
  db: Db,
  table: Table,
  spanId: SpanId,
  encoding: string,
): number | undefined {
  const [id, column] = [rowidOf(table), columnsOf(table)('span_id')];
  const sql = `SELECT ${id} FROM ${quoted(table.name)} WHERE`;
  const bound = encode(spanId, encoding);
  // The first form uses the index; the second one also finds ids that are recorded as blobs.
  const row =
    db.row(`${sql} ${column} = CAST(? AS TEXT) ORDER BY ${id}`, [bound]) ??
    db.row(`${sql} CAST(${column} AS BLOB) = ?`, [bound]);
  return numberOf(row?.[0]);
}
