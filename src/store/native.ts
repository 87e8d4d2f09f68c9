import { kindKeys } from '../core/kind.ts';
import { sessionKeys, sessionOf } from '../core/session.ts';
import { nativeUsage } from '../core/usage.ts';
import { boundsOf, columnsOf, findRow, missingOf, rowBefore, rowidOf } from './columns.ts';
import {
  type Decode,
  decoderOf,
  encode,
  isUtf8,
  numberOf,
  short,
  shortBytes,
  timeOf,
} from './decode.ts';
import type { Dialect, NarrowRow, SpanSource } from './dialect.ts';
import { hintsOf, jsonPaths, parsedJson } from './jsonColumns.ts';
import { toolResultsOf } from './nativeResults.ts';
import { textsOf } from './nativeTexts.ts';
import { jsonRow, rawRow } from './rawRow.ts';
import { withRowids } from './rowNumbers.ts';
import { quoted, type Schema, type Table, tableOf } from './schema.ts';
import { readEvents, seeksEvents } from './spanEvents.ts';
import type { Db, Row } from './sqlite.ts';

/** What a table `spans` must have; any other column may be missing. */
const required = ['span_id', 'run_id', 'name', 'start_time', 'status'] as const;

const nativeEvents = { table: 'events', time: 'time' } as const;

// Above this size, reading the usage out of every call's metadata would hold up the list of runs.
const exactUsageBytes = 256_000_000;

/** The article's table: `spans` with 13 columns, and beside it perhaps `events`. */
export const native: Dialect = {
  name: 'native',
  label: 'agent tracer',
  lacks: schema => missingOf(schema, 'spans', required),
  open: (db, schema, bytes) => openNative(db, schema, bytes),
};

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
    bounds: () => boundsOf(db, table),
    rowBefore: (last, count) => rowBefore(db, table, last, count),
    rowOf: spanId => findRow(db, table, spanId, schema.encoding),
    *hints(range) {
      const rows = db.rows(`SELECT ${id}, ${paths} ${from} ${between}`, [range.first, range.last]);
      for (const [row, json] of rows) yield [Number(row), hintsOf(decode(json))];
    },
    toolResults: toolResultsOf(db, table, id, decode, bytes > exactUsageBytes),
    metadata: row => text('metadata', row),
    *recorded(range) {
      const sql = `SELECT ${id}, ${paths}, CAST(${column('metadata')} AS BLOB) ${from} ${between}`;
      for (const [row, json, bytes] of db.rows(sql, [range.first, range.last])) {
        yield { row: Number(row), hints: hintsOf(decode(json)), metadata: decode(bytes) };
      }
    },
    mentions: (row, what) =>
      db.row(`SELECT instr(CAST(${metadata} AS BLOB), ?) ${one}`, [
        encode(what, schema.encoding),
        row,
      ])?.[0] !== 0,
    error: row => text('error', row),
    texts: isUtf8(schema.encoding) ? textsOf(db, table, id) : undefined,
    raw: row => rawRow(db, table, row, decode),
    values: (row, asText) => jsonRow(db, table, row, decode, asText),
    seeksEvents: seeksEvents(db, schema, nativeEvents.table),
    events: (spanId, exact) => readEvents(db, schema, decode, spanId, { ...nativeEvents, exact }),
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
