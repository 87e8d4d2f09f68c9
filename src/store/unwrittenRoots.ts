import type { SpanId } from '../core/model.ts';
import { columnsOf, rowidOf } from './columns.ts';
import { type Decode, encode, numberOf } from './decode.ts';
import type { NarrowRow, RowId, RowRange } from './dialect.ts';
import { quoted, type Table } from './schema.ts';
import type { Db, Value } from './sqlite.ts';

/**
 * Roots whose spans are in the file while they themselves are not: OpenTelemetry writes a span when it
 * ends. Each stands half a row before the earliest of the spans whose parent is missing.
 */
export interface UnwrittenRoots {
  /** By the row before which each stands. */
  within(range: RowRange): ReadonlyMap<RowId, NarrowRow>;
  named(spanId: SpanId): NarrowRow | undefined;
  raw(row: RowId): readonly (readonly [column: string, value: string])[] | undefined;
}

const name = '(root not written yet)';

export function unwrittenRoots(
  db: Db,
  table: Table,
  encoding: string,
  decode: Decode,
): UnwrittenRoots {
  const [of, above] = [columnsOf(table, 's'), columnsOf(table, 'p')];
  const id = `s.${rowidOf(table)}`;
  const spans = quoted(table.name);
  const [parent, trace] = [of('parent_span_id'), of('trace_id')];
  const isOrphan = `coalesce(${parent}, '') <> ''
    AND NOT EXISTS (SELECT 1 FROM ${spans} p WHERE ${above('span_id')} = ${parent})`;
  const traceOf = `${trace} = CAST(? AS TEXT)`;
  const first = `SELECT ${id}, CAST(${parent} AS BLOB), ${of('start_time_ms')},
    CAST(${of('chat_session_id')} AS BLOB) FROM ${spans} s WHERE ${traceOf} AND ${isOrphan}
    ORDER BY ${of('start_time_ms')}, ${id} LIMIT 1`;

  /** The root that a run lacks, and the row that it stands before; undefined where it has one. */
  function rootOf(run: Value): { readonly child: RowId; readonly root: NarrowRow } | undefined {
    const runId = decode(run);
    if (runId === undefined) return undefined;
    const bound = encode(runId, encoding);
    const rooted = `SELECT 1 FROM ${spans} s WHERE ${traceOf} AND coalesce(${parent}, '') = ''`;
    if (db.row(`${rooted} LIMIT 1`, [bound])) return undefined;
    const [child, parentId, start, session] = db.row(first, [bound]) ?? [];
    if (typeof child !== 'number') return undefined;
    const root: NarrowRow = {
      row: child - 0.5,
      spanId: decode(parentId),
      runId,
      parentSpanId: undefined,
      name,
      start: numberOf(start),
      end: undefined,
      recordedStatus: 'running',
      model: undefined,
      usage: {},
      recordedCost: undefined,
      error: undefined,
      sessionId: decode(session) || undefined,
    };
    return { child, root };
  }

  return {
    within(range) {
      const sql = `SELECT DISTINCT CAST(${trace} AS BLOB) FROM ${spans} s
        WHERE ${id} BETWEEN ? AND ? AND ${isOrphan}`;
      const runs = [...db.rows(sql, [range.first, range.last])];
      const found = runs.flatMap(([run = null]) => rootOf(run) ?? []);
      return new Map(found.map(({ child, root }) => [child, root]));
    },
    named(spanId) {
      const sql = `SELECT CAST(${trace} AS BLOB) FROM ${spans} s WHERE ${parent} = CAST(? AS TEXT)`;
      const run = db.row(`${sql} LIMIT 1`, [encode(spanId, encoding)])?.[0];
      const root = run === undefined ? undefined : rootOf(run)?.root;
      return root?.spanId === spanId ? root : undefined;
    },
    raw(row) {
      if (Number.isInteger(row)) return undefined;
      const run = db.row(`SELECT CAST(${trace} AS BLOB) FROM ${spans} s WHERE ${id} = ?`, [
        row + 0.5,
      ])?.[0];
      const root = run === undefined ? undefined : rootOf(run)?.root;
      return [
        ['span_id', root?.spanId ?? ''],
        ['trace_id', root?.runId ?? ''],
        ['(row)', 'Not in the file: a span is written when it ends.'],
      ];
    },
  };
}
