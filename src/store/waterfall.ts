import { callTokens } from '../core/callTokens.ts';
import { callWindow } from '../core/callWindow.ts';
import { criticalPath } from '../core/criticalPath.ts';
import { oneLine } from '../core/describe.ts';
import { idleGaps } from '../core/idleGaps.ts';
import { type Ms, type Span, spanKinds, type UnixMs } from '../core/model.ts';
import { runRange, type SpanColumns, spanFlags } from '../core/spanColumns.ts';
import type { Clock } from '../core/status.ts';
import type { Flaw, Node } from '../core/tree.ts';
import { totalTokens } from '../core/usage.ts';
import { workingSpans } from '../core/workingSpans.ts';
import type { Waterfall } from '../protocol/reader.ts';
import { summaryAt } from './runIndex.ts';
import type { RunView } from './runView.ts';

/** The answer stays below 50 MB, whatever a run holds. */
export const mostSpans = 500_000;
const nameLength = 120;

/** A run's spans as columns, and what their times say. */
export async function waterfallOf(
  view: RunView,
  clock: Clock,
  most = mostSpans,
): Promise<Waterfall> {
  await view.identifyAll();
  const { ordered } = view.tree;
  const run = summaryAt(view.entry, clock);
  const shown = ordered.slice(0, most);
  const spans = shown.map(({ span }) => span);
  const columns = await columnsOf(view, shown, run.start ?? 0);
  const working = workingSpans(columns);
  const { failing } = view;
  const cause = failing && view.causeOf(failing);
  const inColumns = (row: number | undefined): number | undefined =>
    row !== undefined && row < shown.length ? row : undefined;
  const causeRow = inColumns(cause && view.tree.nodes.get(cause.spanId)?.order);
  return {
    ...columns,
    run,
    total: ordered.length,
    path: criticalPath(columns, working),
    gaps: idleGaps(columns, working, leastGap(columns)),
    calls: callTokens(spans),
    window: callWindow(spans),
    failing: inColumns(failing?.order),
    cause: cause && causeRow !== undefined ? { row: causeRow, rule: cause.rule } : undefined,
  };
}

/** Half a percent of the run: less is not what one waited for, and is next to nothing on the axis. */
function leastGap(columns: SpanColumns): Ms {
  const { from, to } = runRange(columns);
  return Math.max(1, (to - from) / 200);
}

/** @param origin the time that columns count from */
async function columnsOf(
  view: RunView,
  shown: readonly Node[],
  origin: UnixMs,
): Promise<SpanColumns> {
  const count = shown.length;
  const columns = {
    count,
    depth: new Int32Array(count),
    parent: new Int32Array(count),
    size: new Int32Array(count).fill(1),
    kind: new Uint8Array(count),
    flags: new Uint16Array(count),
    start: new Float64Array(count),
    end: new Float64Array(count),
    tokens: new Float64Array(count),
    cost: new Float64Array(count),
    name: new Uint32Array(count),
    idEnds: new Uint32Array(count),
  };
  const names = new Map<string, number>();
  const ids: string[] = [];
  let idLength = 0;
  const pause = view.newPause();
  for (const [row, node] of shown.entries()) {
    const { span } = node;
    columns.depth[row] = node.depth;
    columns.parent[row] = node.parent?.order ?? -1;
    columns.kind[row] = spanKinds.indexOf(span.kind);
    columns.flags[row] = flagsOf(span, view.recovered.has(node), node.flaw);
    columns.start[row] = (span.start ?? Number.NaN) - origin;
    columns.end[row] = (span.end ?? Number.NaN) - origin;
    columns.tokens[row] = totalTokens(span.usage) ?? Number.NaN;
    columns.cost[row] = span.cost ?? Number.NaN;
    const name = oneLine(span.toolName ?? span.name, nameLength).trim();
    const known = names.get(name) ?? names.size;
    if (known === names.size) names.set(name, known);
    columns.name[row] = known;
    ids.push(span.spanId);
    idLength += span.spanId.length;
    columns.idEnds[row] = idLength;
    if (row % 500 === 0) await pause.ifLong();
  }
  addSizes(columns);
  return { ...columns, names: [...names.keys()], ids: ids.join('') };
}

/** Children stand below their parents, so from the end on, each one's size is known before its parent's. */
function addSizes({ count, parent, size }: Pick<SpanColumns, 'count' | 'parent' | 'size'>): void {
  for (let row = count - 1; row > 0; row--) {
    const above = parent[row] ?? 0;
    size[above] = (size[above] ?? 1) + (size[row] ?? 1);
  }
}

const flawFlags = {
  orphan: spanFlags.orphan,
  cycle: spanFlags.cycle,
  'second-root': spanFlags.secondRoot,
} as const satisfies Record<Flaw, number>;

function flagsOf(span: Span, recovered: boolean, flaw: Flaw | undefined): number {
  let flags = flaw ? flawFlags[flaw] : 0;
  if (span.status === 'error') flags |= spanFlags.failed;
  if (recovered) flags |= spanFlags.recovered;
  if (span.interrupted) flags |= spanFlags.interrupted;
  if (span.status === 'running' && span.end === undefined) flags |= spanFlags.running;
  if (span.costSource === 'unpriced') flags |= spanFlags.unpriced;
  if (span.status === 'unknown') flags |= spanFlags.unknown;
  return flags;
}
