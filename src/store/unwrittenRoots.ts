import type { RunId, SpanId } from '../core/model.ts';
import { columnsOf, rowidOf } from './columns.ts';
import { type Decode, numberOf } from './decode.ts';
import type { NarrowRow, RowId } from './dialect.ts';
import { quoted, type Table } from './schema.ts';
import type { Db } from './sqlite.ts';

/** Roots whose spans are in the file while they themselves are not: OpenTelemetry writes a span when it ends. */
export interface UnwrittenRoots {
  /** The one that stands before the row of its first span. */
  before(row: RowId): NarrowRow | undefined;
  named(spanId: SpanId): NarrowRow | undefined;
  raw(row: RowId): readonly (readonly [column: string, value: string])[] | undefined;
}

const name = '(root not written yet)';

/** Looked for once, when first asked for: that takes a look-up for each span of the file. */
export function unwrittenRoots(db: Db, table: Table, decode: Decode): () => UnwrittenRoots {
  let found: UnwrittenRoots | undefined;
  return () => {
    found ??= find(db, table, decode);
    return found;
  };
}

function find(db: Db, table: Table, decode: Decode): UnwrittenRoots {
  const byChild = new Map<RowId, NarrowRow>();
  const byId = new Map<SpanId, NarrowRow>();
  const byRow = new Map<RowId, NarrowRow>();
  for (const { child, root } of firstOrphans(db, table, decode)) {
    byChild.set(child, root);
    byRow.set(root.row, root);
    if (root.spanId !== undefined) byId.set(root.spanId, root);
  }
  return {
    before: row => byChild.get(row),
    named: spanId => byId.get(spanId),
    raw(row) {
      const root = byRow.get(row);
      if (!root) return undefined;
      return [
        ['span_id', root.spanId ?? ''],
        ['trace_id', root.runId ?? ''],
        ['(row)', 'Not in the file: a span is written when it ends.'],
      ];
    },
  };
}

/** Of each run without a root, the earliest span whose parent is missing, and that parent. */
function firstOrphans(
  db: Db,
  table: Table,
  decode: Decode,
): Iterable<{ readonly child: RowId; readonly root: NarrowRow }> {
  const [of, above] = [columnsOf(table, 's'), columnsOf(table, 'p')];
  const spans = quoted(table.name);
  const parent = of('parent_span_id');
  const sql = `SELECT s.${rowidOf(table)}, CAST(${of('trace_id')} AS BLOB), CAST(${parent} AS BLOB),
    ${of('start_time_ms')}, CAST(${of('chat_session_id')} AS BLOB)
    FROM ${spans} s WHERE coalesce(${parent}, '') <> ''
      AND NOT EXISTS (SELECT 1 FROM ${spans} p WHERE ${above('span_id')} = ${parent})
    ORDER BY s.${rowidOf(table)}`;
  const found = new Map<RunId, { child: RowId; root: NarrowRow }>();
  for (const [row, trace, parentId, time, session] of db.rows(sql)) {
    const [child, runId, start] = [Number(row), decode(trace) ?? '', numberOf(time)];
    const before = found.get(runId)?.root;
    if (before && (before.start ?? 0) <= (start ?? Number.MAX_VALUE)) continue;
    found.set(runId, {
      child,
      root: {
        // Between two rows, so that it lies in the run's range of rows and no row is taken for it.
        row: child - 0.5,
        spanId: decode(parentId),
        runId: decode(trace),
        parentSpanId: undefined,
        name,
        start,
        end: undefined,
        recordedStatus: 'running',
        model: undefined,
        usage: {},
        recordedCost: undefined,
        error: undefined,
        sessionId: decode(session) || undefined,
      },
    });
  }
  // Once for each run, not for each orphan: a run of n spans is read through to find that it has no root.
  const rooted = `SELECT 1 FROM ${spans} s WHERE ${of('trace_id')} =
    (SELECT ${above('trace_id')} FROM ${spans} p WHERE p.${rowidOf(table)} = ?)
    AND coalesce(${parent}, '') = '' LIMIT 1`;
  return [...found.values()].filter(({ child }) => db.row(rooted, [child]) === undefined);
}
