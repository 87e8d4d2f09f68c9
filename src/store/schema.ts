import type { Db } from './sqlite.ts';

export interface Table {
  /** As created: SQLite compares names without case. */
  readonly name: string;
  readonly columns: readonly string[];
  /** The name under which its row number is reached; undefined for views and tables WITHOUT ROWID. */
  readonly rowid: string | undefined;
  /** No two rows have the same value in its column `span_id`. */
  readonly uniqueSpanId: boolean;
}

export interface Schema {
  readonly tables: readonly Table[];
  /** What `PRAGMA encoding` says. */
  readonly encoding: string;
}

export function readSchema(db: Db): Schema {
  const tables: Table[] = [];
  for (const [name, type, withoutRowid] of [
    ...db.rows(`SELECT name, type, wr FROM pragma_table_list
      WHERE schema = 'main' AND type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`),
  ]) {
    tables.push(readTable(db, String(name), type === 'table' && withoutRowid === 0));
  }
  return { tables, encoding: String(db.row('PRAGMA encoding')?.[0] ?? 'UTF-8') };
}

export function tableOf(schema: Schema, name: string): Table | undefined {
  return schema.tables.find(table => table.name.toLowerCase() === name);
}

/** A column's name as created. */
export function columnOf(table: Table, name: string): string | undefined {
  return table.columns.find(column => column.toLowerCase() === name);
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export function readTable(db: Db, name: string, hasRowid: boolean): Table {
  const columns = [...db.rows('SELECT name FROM pragma_table_xinfo(?)', [name])].map(([column]) =>
    String(column),
  );
  const taken = new Set(columns.map(column => column.toLowerCase()));
  // A column of that name hides the row number.
  const rowid = hasRowid ? ['rowid', '_rowid_', 'oid'].find(word => !taken.has(word)) : undefined;
  return { name, columns, rowid, uniqueSpanId: hasUniqueSpanId(db, name) };
}

function hasUniqueSpanId(db: Db, name: string): boolean {
  const found = db.row(
    `SELECT 1 FROM pragma_index_list(?1) AS i WHERE i."unique" AND NOT i.partial AND
      (SELECT group_concat(lower(name)) FROM pragma_index_info(i.name)) = 'span_id'`,
    [name],
  );
  return found !== undefined;
}
