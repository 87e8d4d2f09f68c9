import { usageKeys } from '../core/genAiUsage.ts';
import { kindKeys } from '../core/kind.ts';
import { columnsOf, rowidOf } from './columns.ts';
import { type Decode, encode } from './decode.ts';
import type { RowId } from './dialect.ts';
import { quoted, type Schema, type Table, tableOf } from './schema.ts';
import type { Db } from './sqlite.ts';

/** What lists need of a span and no column holds. */
const someKeys = [
  ...Object.values(usageKeys).flat(),
  'error.type',
  'error',
  'success',
  'model',
  'gen_ai.operation.name',
  'openinference.span.kind',
  'span.type',
  'session.id',
  'copilot_chat.parent_chat_session_id',
] as const;

/** The attributes of spans, a row each in their table. */
export interface Attributes {
  /** SQL for what lists need, as a JSON object; of the table `s` of spans. */
  readonly some: string;
  /** SQL for what kinds depend on, as a JSON object. */
  readonly kind: string;
  /** All of them as the text of a JSON object; undefined where there is none. */
  json(row: RowId): string | undefined;
  value(row: RowId, key: string): string | undefined;
  mentions(row: RowId, text: string): boolean;
}

export function attributesOf(db: Db, schema: Schema, spans: Table, decode: Decode): Attributes {
  const table = tableOf(schema, 'span_attributes');
  if (!table) throw new RangeError('the schema has a table span_attributes: it matched');
  const column = columnsOf(table, 'a');
  const [owner, key, value] = [column('span_id'), column('key'), column('value')];
  const from = `FROM ${quoted(table.name)} a`;
  const spanId = columnsOf(spans, 's')('span_id');
  const ofRow = `${from} WHERE ${owner} = (SELECT ${spanId} FROM ${quoted(spans.name)} s
    WHERE s.${rowidOf(spans)} = ?)`;
  // Numbers that some other writer stored as such are texts like all others.
  const object = (keys: readonly string[]): string =>
    `(SELECT json_group_object(CAST(${key} AS TEXT), substr(CAST(${value} AS TEXT), 1, 500)) ${from}
      WHERE ${owner} = ${spanId} AND ${key} IN (${keys.map(one => `'${one}'`).join(', ')}))`;
  return {
    some: object(someKeys),
    kind: object(kindKeys),
    json(row) {
      const sql = `SELECT CAST(${key} AS BLOB), CAST(${value} AS BLOB) ${ofRow} ORDER BY ${key}`;
      const fields: string[] = [];
      for (const [name, text] of db.rows(sql, [row])) {
        fields.push(
          `${JSON.stringify(decode(name) ?? '')}:${JSON.stringify(decode(text) ?? null)}`,
        );
      }
      return fields.length === 0 ? undefined : `{${fields.join(',')}}`;
    },
    value: (row, name) =>
      decode(db.row(`SELECT CAST(${value} AS BLOB) ${ofRow} AND ${key} = ?`, [row, name])?.[0]),
    mentions: (row, text) =>
      db.row(`SELECT 1 ${ofRow} AND instr(CAST(${value} AS BLOB), ?) > 0 LIMIT 1`, [
        row,
        encode(text, schema.encoding),
      ]) !== undefined,
  };
}
