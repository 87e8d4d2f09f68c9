import type { RowId, SpanSource } from './dialect.ts';
import { columnOf, quoted, type Table } from './schema.ts';
import type { Db, Value } from './sqlite.ts';

/** What is searched of a table's rows, as bytes: a search decodes only what it needs. */
export function textBytes(
  db: Db,
  table: Table,
  id: string,
): Required<Pick<SpanSource, 'texts' | 'metadataPart'>> {
  const blob = (name: string): string => {
    const column = columnOf(table, name);
    return column === undefined ? 'NULL' : `CAST(${quoted(column)} AS BLOB)`;
  };
  const from = `FROM ${quoted(table.name)}`;
  const metadata = blob('metadata');
  const texts = `SELECT ${id}, ${blob('name')}, ${blob('error')}, substr(${metadata}, 1, ?),
    coalesce(octet_length(${metadata}), 0) ${from} WHERE ${id} BETWEEN ? AND ? ORDER BY ${id} DESC`;
  const part = `SELECT substr(${metadata}, ?, ?) ${from} WHERE ${id} = ?`;
  return {
    *texts({ first, last }, most) {
      for (const [row, name, error, begin, size] of db.rows(texts, [most, first, last])) {
        yield {
          row: Number(row) as RowId,
          name: bytesOf(name),
          error: bytesOf(error),
          metadata: bytesOf(begin),
          size: Number(size),
        };
      }
    },
    metadataPart: (row, at, most) => bytesOf(db.row(part, [at + 1, most, row])?.[0]),
  };
}

const bytesOf = (value: Value | undefined): Uint8Array | undefined =>
  value instanceof Uint8Array ? value : undefined;
