import { cut } from '../core/content.ts';
import type { Decode } from './decode.ts';
import { quoted, type Table } from './schema.ts';
import type { Db, Value } from './sqlite.ts';

const valueChars = 4000;
const blobBytes = 64;

interface Recorded {
  readonly column: string;
  readonly type: string;
  readonly value: Value;
  readonly bytes: number;
}

/** A row column by column, as recorded, long values cut; `metadata` has its own place. */
export function rawRow(
  db: Db,
  table: Table,
  row: number,
  decode: Decode,
): readonly (readonly [column: string, value: string])[] {
  return recorded(db, table, row, valueChars * 4).map(one => [one.column, shown(one, decode)]);
}

/**
 * The same row whole, each value as JSON.
 *
 * @param asText bytes as the text that lists read them as, rather than as SQL writes them
 */
export function jsonRow(
  db: Db,
  table: Table,
  row: number,
  decode: Decode,
  asText = false,
): readonly (readonly [column: string, json: string])[] {
  return recorded(db, table, row, Number.MAX_SAFE_INTEGER).map(one => [
    one.column,
    json(asText && one.type === 'blob' ? { ...one, type: 'text' } : one, decode),
  ]);
}

function recorded(db: Db, table: Table, row: number, most: number): readonly Recorded[] {
  const columns = table.columns.filter(column => column.toLowerCase() !== 'metadata');
  // A text for integers: beyond 2^53 a number would be rounded. The number itself for reals: SQLite's own
  // text of them has but 15 digits.
  const selected = columns.map(quoted).map(
    column => `typeof(${column}), CASE typeof(${column}) WHEN 'real' THEN ${column}
      ELSE substr(CAST(${column} AS BLOB), 1, ${most}) END, octet_length(${column})`,
  );
  const from = `FROM ${quoted(table.name)} WHERE ${table.rowid} = ?`;
  const values = db.row(`SELECT ${selected.join(', ')} ${from}`, [row]);
  if (!values) return [];
  return columns.map((column, index) => ({
    column,
    type: String(values[index * 3]),
    value: values[index * 3 + 1] ?? null,
    bytes: Number(values[index * 3 + 2]),
  }));
}

function shown({ type, value, bytes }: Recorded, decode: Decode): string {
  if (type === 'null') return 'NULL';
  if (type === 'blob') {
    const begin = value instanceof Uint8Array ? value.subarray(0, blobBytes) : new Uint8Array();
    return `x'${hex(begin)}'${bytes > blobBytes ? `… (${bytes} bytes)` : ''}`;
  }
  const text = type === 'real' ? realText(value) : (decode(value) ?? '');
  const { text: begin } = cut(text, valueChars);
  return begin.length < text.length ? `${begin}…` : begin;
}

function json({ type, value }: Recorded, decode: Decode): string {
  if (type === 'null') return 'null';
  if (type === 'blob') return `"x'${value instanceof Uint8Array ? hex(value) : ''}'"`;
  const text = type === 'real' ? realText(value) : (decode(value) ?? '');
  // An infinity has no form in JSON; as a text it is at least said.
  const isNumber = type === 'integer' || (type === 'real' && Number.isFinite(value));
  return isNumber ? text : JSON.stringify(text);
}

/** A whole REAL is told from an INTEGER by its point, as in SQLite. */
const realText = (value: Value): string => String(value).replace(/^-?\d+$/, '$&.0');

const hex = (bytes: Uint8Array): string =>
  [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
