import { boundsOf, columnsOf, findRow, missingOf, rowBefore, rowidOf } from './columns.ts';
import { attributesOf } from './copilotAttributes.ts';
import { kindOfOperation, narrowColumns, narrowRow, sayError } from './copilotRows.ts';
import { decoderOf } from './decode.ts';
import type { Dialect, NarrowRow, SpanSource } from './dialect.ts';
import { jsonRow, rawRow } from './rawRow.ts';
import { withRowids } from './rowNumbers.ts';
import { quoted, type Schema, tableOf } from './schema.ts';
import { readEvents, seeksEvents } from './spanEvents.ts';
import type { Db } from './sqlite.ts';
import { unwrittenRoots } from './unwrittenRoots.ts';

const events = { table: 'span_events', time: 'timestamp_ms' } as const;

/**
 * VS Code's store of OpenTelemetry spans: Copilot Chat's `agent-traces.db` and the agent host's
 * `agent-host-traces.db`. Times are milliseconds, a run is a trace, what the native schema has in
 * `metadata` stands in `span_attributes`.
 */
export const copilot: Dialect = {
  name: 'copilot',
  label: 'GitHub Copilot Chat',
  lacks: schema => [
    ...missingOf(schema, 'spans', [
      'span_id',
      'trace_id',
      'name',
      'operation_name',
      'start_time_ms',
    ]),
    ...missingOf(schema, 'span_attributes', ['span_id', 'key', 'value']),
  ],
  open: openCopilot,
};

function openCopilot(db: Db, schema: Schema): SpanSource {
  const spans = tableOf(schema, 'spans');
  if (!spans) throw new RangeError('the schema has a table spans: it matched');
  const table = withRowids(db, spans);
  const decode = decoderOf(schema.encoding);
  const id = `s.${rowidOf(table)}`;
  const from = `FROM ${quoted(table.name)} s`;
  const attributes = attributesOf(db, schema, table, decode);
  const narrow = `SELECT ${narrowColumns(table, attributes.some)} ${from}`;
  const column = columnsOf(table, 's');
  const unwritten = unwrittenRoots(db, table, schema.encoding, decode);

  return {
    idsMayRepeat: !table.uniqueSpanId,
    bounds: () => boundsOf(db, table),
    rowBefore: (last, count) => rowBefore(db, table, last, count),
    *rows(range): Iterable<NarrowRow> {
      const { first, last } = range;
      const missing = unwritten.within(range);
      const sql = `${narrow} WHERE ${id} BETWEEN ? AND ? ORDER BY ${id}`;
      for (const row of db.rows(sql, [first, last])) {
        const root = missing.get(Number(row[0]));
        if (root) yield root;
        yield narrowRow(row, decode);
      }
    },
    rowOf: spanId => findRow(db, table, spanId, schema.encoding) ?? unwritten.named(spanId)?.row,
    *hints(range) {
      const sql = `SELECT ${id}, CAST(${column('operation_name')} AS BLOB),
        CAST(${column('tool_name')} AS BLOB),
        CASE WHEN ${column('operation_name')} IS NULL THEN ${attributes.kind} END
        ${from} WHERE ${id} BETWEEN ? AND ?`;
      for (const [row, operation, tool, json] of db.rows(sql, [range.first, range.last])) {
        yield [Number(row), kindOfOperation(decode(operation), decode(tool), json)];
      }
    },
    metadata: row => attributes.json(row),
    mentions: (row, text) => attributes.mentions(row, text),
    error(row) {
      const sql = `SELECT ${column('status_code')}, CAST(${column('status_message')} AS BLOB),
        ${attributes.some} ${from} WHERE ${id} = ?`;
      const [code, message, json] = db.row(sql, [row]) ?? [];
      return sayError(code, decode(message), json);
    },
    raw: row => unwritten.raw(row) ?? rawRow(db, table, row, decode),
    values: (row, asText) => jsonRow(db, table, row, decode, asText),
    contentSetting: row =>
      attributes.value(row, 'service.namespace')?.startsWith('vscode.agent-host')
        ? 'chat.agentHost.otel.captureContent'
        : 'github.copilot.chat.otel.captureContent',
    seeksEvents: seeksEvents(db, schema, events.table),
    events: spanId => readEvents(db, schema, decode, spanId, events),
  };
}
