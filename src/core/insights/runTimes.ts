import { type CriticalPath, pathSteps } from '../criticalPath.ts';
import { gapSteps } from '../idleGaps.ts';
import { type Ms, type SpanId, spanKinds } from '../model.ts';
import type { SpanColumns } from '../spanColumns.ts';
import { type Steps, stepSize } from '../steps.ts';
import type { RunTree } from '../tree.ts';
import { workingSpans } from '../workingSpans.ts';

type Times = Pick<SpanColumns, 'count' | 'parent' | 'size' | 'kind' | 'start' | 'end'>;

/** Where the time of a run went. */
export interface RunTimes {
  /** 1 for each span, in tree order, that does something itself. */
  readonly working: Uint8Array;
  /** For how long the run waited for each of the spans on its critical path, or for what lies below it. */
  readonly waitedFor: ReadonlyMap<SpanId, Ms>;
  /** Together, the gaps in which no span did anything. */
  readonly idle: Ms;
  /** The longest of them, and the span whose start ended it. */
  readonly longestGap: { readonly spanId: SpanId; readonly ms: Ms } | undefined;
}

export function* runTimes(tree: RunTree): Steps<RunTimes> {
  const times = yield* timesOf(tree);
  const working = workingSpans(times);
  yield;
  const gaps = yield* gapSteps(times, working);
  let [idle, longest, at] = [0, 0, -1];
  for (const [index, row] of gaps.rows.entries()) {
    const ms = (gaps.to[index] ?? 0) - (gaps.from[index] ?? 0);
    idle += ms;
    if (ms > longest) [longest, at] = [ms, row];
  }
  const spanId = tree.ordered[at]?.span.spanId;
  return {
    working,
    waitedFor: yield* waitedFor(tree, yield* pathSteps(times, working)),
    idle,
    longestGap: spanId === undefined ? undefined : { spanId, ms: longest },
  };
}

function* waitedFor({ ordered }: RunTree, path: CriticalPath): Steps<ReadonlyMap<SpanId, Ms>> {
  const waited = new Map<SpanId, Ms>();
  for (const [index, row] of path.rows.entries()) {
    const id = ordered[row]?.span.spanId;
    if (index % stepSize === 0) yield;
    if (id !== undefined) waited.set(id, (path.to[index] ?? 0) - (path.from[index] ?? 0));
  }
  return waited;
}

function* timesOf({ ordered, root }: RunTree): Steps<Times> {
  const count = ordered.length;
  // From the run's start: near 1970 in milliseconds, fractions would be rounded.
  const zero = root.span.start ?? 0;
  const size = new Int32Array(count).fill(1);
  const parent = new Int32Array(count);
  const kind = new Uint8Array(count);
  const start = new Float64Array(count);
  const end = new Float64Array(count);
  for (let row = count - 1; row >= 0; row--) {
    const node = ordered[row];
    if (!node) continue;
    const above = node.parent?.order ?? -1;
    parent[row] = above;
    if (above >= 0) size[above] = (size[above] ?? 0) + (size[row] ?? 0);
    kind[row] = spanKinds.indexOf(node.span.kind);
    start[row] = (node.span.start ?? Number.NaN) - zero;
    end[row] = (node.span.end ?? Number.NaN) - zero;
    if (row % stepSize === 0) yield;
  }
  return { count, size, parent, kind, start, end };
}
