import type { Ms } from './model.ts';

/**
 * The spans of one run in tree order, as columns: an object for each of 100,000 spans would cost a page
 * more than everything else it holds. Row 0 is the root.
 */
export interface SpanColumns {
  readonly count: number;
  readonly depth: Int32Array;
  /** -1 for the root. */
  readonly parent: Int32Array;
  /** How many rows the span and all below it take. */
  readonly size: Int32Array;
  /** An index into `spanKinds`. */
  readonly kind: Uint8Array;
  /** Bits of `spanFlags`. */
  readonly flags: Uint16Array;
  /** Milliseconds from the run's start; NaN where not recorded. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** NaN where not recorded. */
  readonly tokens: Float64Array;
  /** NaN where there is none, or none is known. */
  readonly cost: Float64Array;
  /** An index into `names`. */
  readonly name: Uint32Array;
  /** Each name once. */
  readonly names: readonly string[];
  /** All ids, one after the other. */
  readonly ids: string;
  /** Where in `ids` each span's id ends. */
  readonly idEnds: Uint32Array;
}

/** What can be said of a span's state with yes or no. */
export const spanFlags = {
  failed: 1,
  /** Failed, but the run got over it. */
  recovered: 2,
  interrupted: 4,
  /** It says that it is running, and has no end. */
  running: 8,
  unpriced: 16,
  /** Its recorded status has no meaning for us. */
  unknown: 32,
  orphan: 64,
  cycle: 128,
  secondRoot: 256,
} as const;

export const hasFlag = (
  columns: Pick<SpanColumns, 'flags'>,
  row: number,
  flag: keyof typeof spanFlags,
): boolean => ((columns.flags[row] ?? 0) & spanFlags[flag]) !== 0;

export const spanIdAt = ({ ids, idEnds }: SpanColumns, row: number): string =>
  ids.slice(row === 0 ? 0 : idEnds[row - 1], idEnds[row]);

/** A part of the run's time, in milliseconds from its start. */
export interface TimeRange {
  readonly from: Ms;
  readonly to: Ms;
}

/** Shape and times alone: what decisions about time need. */
export type TimedTree = Pick<SpanColumns, 'count' | 'parent' | 'size' | 'start' | 'end'>;

/** The latest time that any span recorded; what is still open is taken to last until then. 0 where none is. */
export function latestTime({ count, start, end }: TimedTree): Ms {
  let latest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < count; row++) {
    // A comparison with NaN is false.
    if ((start[row] ?? 0) > latest) latest = start[row] ?? 0;
    if ((end[row] ?? 0) > latest) latest = end[row] ?? 0;
  }
  return Number.isFinite(latest) ? latest : 0;
}

/** The time in which the run was, by its root; a root without a start or an end takes the spans' own. */
export function runRange(tree: TimedTree): TimeRange {
  const latest = latestTime(tree);
  const from = tree.start[0] ?? Number.NaN;
  const to = tree.end[0] ?? Number.NaN;
  const begin = Number.isNaN(from) ? earliestTime(tree) : from;
  return { from: begin, to: Math.max(begin, Number.isNaN(to) ? latest : to) };
}

function earliestTime({ count, start }: TimedTree): Ms {
  let earliest = Number.POSITIVE_INFINITY;
  for (let row = 0; row < count; row++) {
    if ((start[row] ?? 0) < earliest) earliest = start[row] ?? 0;
  }
  return Number.isFinite(earliest) ? earliest : 0;
}

/** Everything that is drawn: the run's own time, and what spans recorded outside of it. */
export function drawnRange(tree: TimedTree): TimeRange {
  const range = runRange(tree);
  return {
    from: Math.min(range.from, earliestTime(tree)),
    to: Math.max(range.to, latestTime(tree)),
  };
}
