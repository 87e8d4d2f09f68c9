import type { TextRow, TextSource } from './dialect.ts';
import { columnOf, quoted, type Table } from './schema.ts';
import type { Db, Row, Value } from './sqlite.ts';

const rowsAtOnce = 1000;

/** What is searched of a table's rows, as bytes: what LIKE can tell need not be copied out of SQLite. */
export function textsOf(db: Db, table: Table, id: string): TextSource {
  const as = (name: string, type: 'BLOB' | 'TEXT'): string => {
    const column = columnOf(table, name);
    return column === undefined ? 'NULL' : `CAST(${quoted(column)} AS ${type})`;
  };
  const from = `FROM ${quoted(table.name)}`;
  const within = `${from} WHERE ${id} BETWEEN ? AND ?`;
  const metadata = as('metadata', 'BLOB');
  const texts = `SELECT ${id}, ${as('name', 'BLOB')}, ${as('error', 'BLOB')},
    substr(${metadata}, 1, ?), coalesce(octet_length(${metadata}), 0)`;
  const many = `${texts} ${within} ORDER BY ${id} DESC`;
  const one = `${texts} ${from} WHERE ${id} = ?`;
  const part = `SELECT substr(${metadata}, ?, ?) ${from} WHERE ${id} = ?`;
  const end = `SELECT min(${id}) FROM (SELECT ${id} ${within} ORDER BY ${id} DESC LIMIT ${rowsAtOnce})`;
  const like = ['name', 'error', 'metadata'].map(name => `${as(name, 'TEXT')} LIKE ?3`);
  const holding = `SELECT ${id} ${from} WHERE ${id} BETWEEN ?1 AND ?2 AND (${like.join(' OR ')})
    ORDER BY ${id} DESC`;
  return {
    *rows({ first, last }, most) {
      for (const row of db.rows(many, [most, first, last])) yield textRow(row);
    },
    row(row, most) {
      const found = db.row(one, [most, row]);
      return found && textRow(found);
    },
    part: (row, at, most) => bytesOf(db.row(part, [at + 1, most, row])?.[0]),
    end({ first, last }) {
      if (last - first < rowsAtOnce) return { first, last };
      return { first: Number(db.row(end, [first, last])?.[0] ?? first), last };
    },
    holding: ({ first, last }, letters) =>
      db.all(holding, [first, last, `%${letters}%`]).map(([row]) => Number(row)),
  };
}

function textRow([row, name, error, begin, size]: Row): TextRow {
  return {
    row: Number(row),
    name: bytesOf(name),
    error: bytesOf(error),
    metadata: bytesOf(begin),
    size: Number(size),
  };
}

const bytesOf = (value: Value | undefined): Uint8Array | undefined =>
  value instanceof Uint8Array ? value : undefined;
