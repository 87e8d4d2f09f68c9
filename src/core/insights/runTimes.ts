import { type CriticalPath, criticalPath } from '../criticalPath.ts';
import { idleGaps } from '../idleGaps.ts';
import { type Ms, type SpanId, spanKinds } from '../model.ts';
import type { SpanColumns } from '../spanColumns.ts';
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

export function runTimes(tree: RunTree): RunTimes {
  const times = timesOf(tree);
  const working = workingSpans(times);
  const gaps = idleGaps(times, working);
  let [idle, longest, at] = [0, 0, -1];
  for (const [index, row] of gaps.rows.entries()) {
    const ms = (gaps.to[index] ?? 0) - (gaps.from[index] ?? 0);
    idle += ms;
    if (ms > longest) [longest, at] = [ms, row];
  }
  const spanId = tree.ordered[at]?.span.spanId;
  return {
    working,
    waitedFor: waitedFor(tree, criticalPath(times, working)),
    idle,
    longestGap: spanId === undefined ? undefined : { spanId, ms: longest },
  };
}

function waitedFor({ ordered }: RunTree, path: CriticalPath): ReadonlyMap<SpanId, Ms> {
  const waited = new Map<SpanId, Ms>();
  for (const [index, row] of path.rows.entries()) {
    const id = ordered[row]?.span.spanId;
    if (id !== undefined) waited.set(id, (path.to[index] ?? 0) - (path.from[index] ?? 0));
  }
  return waited;
}

function timesOf({ ordered, root }: RunTree): Times {
  const count = ordered.length;
  const size = new Int32Array(count).fill(1);
  for (let row = count - 1; row > 0; row--) {
    const above = ordered[row]?.parent?.order ?? 0;
    size[above] = (size[above] ?? 0) + (size[row] ?? 0);
  }
  // From the run's start: near 1970 in milliseconds, fractions would be rounded.
  const zero = root.span.start ?? 0;
  return {
    count,
    size,
    parent: Int32Array.from(ordered, node => node.parent?.order ?? -1),
    kind: Uint8Array.from(ordered, node => spanKinds.indexOf(node.span.kind)),
    start: Float64Array.from(ordered, node => (node.span.start ?? Number.NaN) - zero),
    end: Float64Array.from(ordered, node => (node.span.end ?? Number.NaN) - zero),
  };
}
