import { kindKeys } from '../core/kind.ts';
import { sessionKeys, sessionOf } from '../core/session.ts';
import { nativeUsage } from '../core/usage.ts';
import { type Decode, decoderOf, encode, numberOf, short, shortBytes, timeOf } from './decode.ts';
import type { Dialect, NarrowRow, SpanSource } from './dialect.ts';
import { hintsOf, jsonPaths, parsedJson } from './jsonColumns.ts';
import { readEvents } from './nativeEvents.ts';
import { jsonRow, rawRow } from './rawRow.ts';
import { columnOf, quoted, type Schema, type Table, tableOf, withRowids } from './schema.ts';
import type { Db, Row } from './sqlite.ts';

/** What a table `spans` must have; any other column may be missing. */
const required = ['span_id', 'run_id', 'name', 'start_time', 'status'] as const;

// Above this size, reading the usage out of every call's metadata would hold up the list of runs.
const exactUsageBytes = 256_000_000;

/** The article's table: `spans` with 13 columns, and beside it perhaps `events`. */
export const native: Dialect = {
  name: 'native',
  matches: schema => missingColumns(schema)?.length === 0,
  open: (db, schema, bytes) => openNative(db, schema, bytes),
};

/** Required columns that the table `spans` lacks; undefined where there is no such table. */
export function missingColumns(schema: Schema): readonly string[] | undefined {
  const table = tableOf(schema, 'spans');
  return table && required.filter(column => columnOf(table, column) === undefined);
}

function openNative(db: Db, schema: Schema, bytes: number): SpanSource {
  const spans = tableOf(schema, 'spans');
  if (!spans) throw new RangeError('the schema has a table spans: it matched');
  const table = withRowids(db, spans);
  const decode = decoderOf(schema.encoding);
  const id = rowidOf(table);
  const from = `FROM ${quoted(table.name)}`;
  const column = columnsOf(table);
  const metadata = `CAST(${column('metadata')} AS TEXT)`;
  const narrow = `SELECT ${narrowColumns(table, bytes)} ${from}`;
  const between = `WHERE ${id} BETWEEN ? AND ?`;
  const one = `${from} WHERE ${id} = ?`;
  const text = (name: string, row: number): string | undefined =>
    decode(db.row(`SELECT CAST(${column(name)} AS BLOB) ${one}`, [row])?.[0]);
  const paths = jsonPaths(metadata, kindKeys);

  return {
    idsMayRepeat: !table.uniqueSpanId,
    *rows({ first, last }) {
      const rows = db.rows(`${narrow} ${between} ORDER BY ${id}`, [first, last]);
      for (const row of rows) yield narrowRow(row, decode);
    },
    bounds() {
      // One at a time: SQLite looks for both at once by reading all rows.
      const [first] = db.row(`SELECT min(${id}) ${from}`) ?? [];
      const [last] = db.row(`SELECT max(${id}) ${from}`) ?? [];
      return typeof first === 'number' && typeof last === 'number' ? { first, last } : undefined;
    },
    rowBefore: (last, count) =>
      numberOf(
        db.row(`SELECT ${id} ${from} WHERE ${id} <= ? ORDER BY ${id} DESC LIMIT 1 OFFSET ?`, [
          last,
          count - 1,
        ])?.[0],
      ),
    rowOf(spanId) {
      const bound = encode(spanId, schema.encoding);
      const sql = `SELECT ${id} ${from} WHERE ${column('span_id')}`;
      // The first form uses the index; the second one also finds ids that are recorded as blobs.
      const row =
        db.row(`${sql} = CAST(? AS TEXT) ORDER BY ${id}`, [bound]) ??
        db.row(`SELECT ${id} ${from} WHERE CAST(${column('span_id')} AS BLOB) = ?`, [bound]);
      return numberOf(row?.[0]);
    },
    *hints(range) {
      const rows = db.rows(`SELECT ${id}, ${paths} ${from} ${between}`, [range.first, range.last]);
      for (const [row, json] of rows) yield [Number(row), hintsOf(decode(json))];
    },
    metadata: row => text('metadata', row),
    mentions: (row, what) =>
      db.row(`SELECT instr(CAST(${metadata} AS BLOB), ?) ${one}`, [
        encode(what, schema.encoding),
        row,
      ])?.[0] !== 0,
    error: row => text('error', row),
    raw: row => rawRow(db, table, row, decode),
    values: row => jsonRow(db, table, row, decode),
    events: spanId => readEvents(db, schema, decode, spanId),
  };
}

function rowidOf(table: Table): string {
  if (!table.rowid) throw new RangeError(`${table.name} has no row numbers`);
  return table.rowid;
}

/** A column's name for SQL; NULL stands for one that the table lacks. */
function columnsOf(table: Table): (name: string) => string {
  return name => {
    const column = columnOf(table, name);
    return column === undefined ? 'NULL' : quoted(column);
  };
}

function narrowColumns(table: Table, bytes: number): string {
  const column = columnsOf(table);
  const whole = (name: string): string => `CAST(${column(name)} AS BLOB)`;
  const begin = (name: string): string => `substr(${whole(name)}, 1, ${shortBytes})`;
  const json = `CAST(${column('metadata')} AS TEXT)`;
  const call = `(coalesce(${column('input_tokens')}, 0) > 0 OR coalesce(${column('output_tokens')}, 0) > 0
    OR coalesce(${column('model')}, '') <> '')`;
  const unpriced = bytes > exactUsageBytes ? `AND coalesce(${column('cost_usd')}, 0) = 0` : '';
  return [
    rowidOf(table),
    whole('span_id'),
    whole('run_id'),
    whole('parent_span_id'),
    begin('name'),
    column('start_time'),
    column('end_time'),
    begin('status'),
    begin('model'),
    column('input_tokens'),
    column('output_tokens'),
    column('cost_usd'),
    begin('error'),
    sessionColumn(table, bytes),
    `CASE WHEN ${call} ${unpriced} AND json_valid(${json}) THEN json_extract(${json}, '$.usage') END`,
  ].join(', ');
}

/** Of roots only: in a large file, the metadata of all spans is most of its bytes. */
function sessionColumn(table: Table, bytes: number): string {
  const column = columnsOf(table);
  const json = `CAST(${column('metadata')} AS TEXT)`;
  const small = bytes > exactUsageBytes ? `AND octet_length(${column('metadata')}) < 65536` : '';
  return `CASE WHEN coalesce(${column('parent_span_id')}, '') = '' ${small} THEN
    ${jsonPaths(json, sessionKeys)} END`;
}

function narrowRow(row: Row, decode: Decode): NarrowRow {
  const [id, spanId, runId, parentId, name, start, end, status, model, input, output, cost, error] =
    row;
  return {
    row: Number(id),
    spanId: decode(spanId),
    runId: decode(runId),
    // Roots of some ports say '' rather than NULL.
    parentSpanId: decode(parentId) || undefined,
    name: short(decode(name), 500) ?? '',
    start: timeOf(start),
    end: timeOf(end),
    recordedStatus: short(decode(status), 100),
    model: short(decode(model), 200) || undefined,
    usage: nativeUsage(input, output, parsedJson(row[14])),
    recordedCost: numberOf(cost),
    error: short(decode(error), 500) || undefined,
    sessionId: sessionOf(parsedJson(row[13])),
  };
}
