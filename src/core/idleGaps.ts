import type { Ms } from './model.ts';
import { latestTime, runRange, type TimedTree } from './spanColumns.ts';
import { finish, type Steps, sortSteps, stepSize } from './steps.ts';

/** Times within a run in which nothing but containers ran. */
export interface IdleGaps {
  /** The row of the span whose start ended each gap; the root for one that lasts until the run's end. */
  readonly rows: Int32Array;
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/**
 * The gaps in a run's work, by time. They say that something was waited for which no span stands for: a
 * person, a rate limit, code that is not traced.
 *
 * @param working 1 for spans that do something themselves: see `workingSpans`
 * @param least shorter gaps are what the agent itself needs between two spans
 */
export const idleGaps = (tree: TimedTree, working: Uint8Array, least: Ms = 1): IdleGaps =>
  finish(gapSteps(tree, working, least));

export function* gapSteps(tree: TimedTree, working: Uint8Array, least: Ms = 1): Steps<IdleGaps> {
  const { count, start, end } = tree;
  const range = runRange(tree);
  const latest = latestTime(tree);
  const rows: number[] = [];
  const from: Ms[] = [];
  const to: Ms[] = [];
  let reached = range.from;
  const note = (row: number, until: Ms): void => {
    if (until - reached < least) return;
    rows.push(row);
    from.push(reached);
    to.push(until);
  };
  let walked = 0;
  for (const row of yield* workersByStart(tree, working)) {
    if (++walked % stepSize === 0) yield;
    const begin = start[row] ?? 0;
    if (begin >= range.to) break;
    note(row, begin);
    const recorded = end[row] ?? Number.NaN;
    reached = Math.max(reached, Math.min(range.to, Number.isNaN(recorded) ? latest : recorded));
  }
  if (count > 0) note(0, range.to);
  return {
    rows: Int32Array.from(rows),
    from: Float64Array.from(from),
    to: Float64Array.from(to),
  };
}

function* workersByStart(
  { count, start }: TimedTree,
  working: Uint8Array,
): Steps<readonly number[]> {
  const workers: number[] = [];
  for (let row = 0; row < count; row++) {
    if (working[row] && !Number.isNaN(start[row] ?? Number.NaN)) workers.push(row);
  }
  yield;
  return yield* sortSteps(workers, (a, b) => (start[a] ?? 0) - (start[b] ?? 0) || a - b);
}
