import { TraceError } from '../core/errors.ts';
import { formatBytes } from '../core/format.ts';
import { columnOf, quoted, readTable, type Table } from './schema.ts';
import type { Db } from './sqlite.ts';

// From here on, a row number and the half before it are not told apart by JavaScript's numbers.
const largestRow = 2 ** 52;
const mostCopied = 200_000_000;
const perRow = 200;

/**
 * A table or view whose rows have numbers, so that everything else reads only one sort of table: those
 * that have none, or such large ones that they would be rounded, are numbered in a temporary one.
 *
 * @param most how many bytes of a view are copied, which SQLite does without a pause and in memory
 */
export function withRowids(db: Db, table: Table, most = mostCopied): Table {
  if (table.rowid && !hasLargeRows(db, table, table.rowid)) return table;
  const name = `${table.name} with rowids`;
  const own = quoted(table.name);
  // There is one already where the file was changed since.
  for (const sort of ['VIEW', 'TABLE'] as const) {
    const isThere = db.row('SELECT 1 FROM temp.sqlite_master WHERE type = lower(?) AND name = ?', [
      sort,
      name,
    ]);
    if (isThere) db.run(`DROP ${sort} temp.${quoted(name)}`);
  }
  const key = table.rowid ? [table.rowid] : keyOf(db, table);
  if (key.length > 0) return numbered(db, table, name, key);
  if (isLarger(db, table, most)) {
    throw new TraceError('viewTooLarge', [db.name, table.name, formatBytes(most)]);
  }
  db.run(`CREATE TEMP TABLE ${quoted(name)} AS SELECT * FROM main.${own}`);
  return { ...readTable(db, name, true), uniqueSpanId: table.uniqueSpanId };
}

function hasLargeRows(db: Db, table: Table, rowid: string): boolean {
  // One at a time: SQLite looks for both at once by reading all rows.
  return ['min', 'max'].some(
    end =>
      Math.abs(Number(db.row(`SELECT ${end}(${rowid}) FROM main.${quoted(table.name)}`)?.[0])) >=
      largestRow,
  );
}

/** The primary key of a table WITHOUT ROWID, in which nothing is NULL; none of a view. */
function keyOf(db: Db, table: Table): readonly string[] {
  const sql = `SELECT name FROM pragma_table_info(?1) WHERE pk > 0
    AND (SELECT wr FROM pragma_table_list(?1) WHERE schema = 'main') ORDER BY pk`;
  return [...db.rows(sql, [table.name])].map(([name]) => quoted(String(name)));
}

/** A view of a table that adds numbers: only what its rows are told apart by is copied. */
function numbered(db: Db, table: Table, name: string, key: readonly string[]): Table {
  const keys = `temp.${quoted(`${name}: keys`)}`;
  let rowid = '_row';
  while (columnOf(table, rowid) !== undefined) rowid += '_';
  const copied = key.map((column, i) => `${column} AS k${i}`).join(', ');
  const same = key.map((column, i) => `t.${column} = k.k${i}`).join(' AND ');
  db.run(`DROP TABLE IF EXISTS ${keys}`);
  db.run(`CREATE TABLE ${keys} AS
    SELECT ${copied} FROM main.${quoted(table.name)} ORDER BY ${key.join(', ')}`);
  db.run(`CREATE INDEX temp.${quoted(`${name}: index`)} ON ${quoted(`${name}: keys`)}
    (${key.map((_, i) => `k${i}`).join(', ')})`);
  db.run(`CREATE TEMP VIEW ${quoted(name)} AS SELECT k.rowid AS ${rowid}, t.*
    FROM ${keys} k JOIN main.${quoted(table.name)} t ON ${same}`);
  return { ...table, name, rowid };
}

/** Looks no further than has to be: a view may have rows without end. */
function isLarger(db: Db, table: Table, most: number): boolean {
  const sizes = table.columns.map(column => `coalesce(octet_length(${quoted(column)}), 0)`);
  let bytes = 0;
  for (const [size] of db.rows(`SELECT ${sizes.join(' + ')} FROM main.${quoted(table.name)}`)) {
    bytes += Number(size) + perRow;
    if (bytes > most) return true;
  }
  return false;
}
