import type { Ms } from './model.ts';
import { latestTime, runRange, type TimedTree } from './spanColumns.ts';
import { finish, type Steps, sortSteps, stepSize } from './steps.ts';

/** The spans that a run waited for, from its end backwards. */
export interface CriticalPath {
  /** Rows of the spans; the root comes first, and each span at most once. */
  readonly rows: Int32Array;
  /** From when until when the run waited for each of them, or for what lies below it. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** The part of that time in which one of them did something itself. */
  readonly ms: Ms;
}

/** One span on the path whose children are being walked. */
interface Open {
  readonly row: number;
  readonly from: Ms;
  /** Up to where its time is accounted for, seen from the end. */
  at: Ms;
  /** Its children by end, the last to end first. */
  readonly children: readonly Child[];
  next: number;
}

interface Child {
  readonly row: number;
  readonly from: Ms;
  readonly to: Ms;
}

/**
 * The path of spans that determined when the run ended.
 *
 * It is walked backwards. Begin at the root's end. In a span, at a point of time, the child to go on with
 * is the one that ended last at or before that point, give or take a microsecond; of several that ended together, the longest. The
 * path goes down into it, from its end to its start, and then on in the parent from that start. Where no
 * child ended before the point, the rest is the span's own time. A child that was still running at the
 * point is not on the path: what came after did not wait for it.
 *
 * Children are cut to the interval of their parent; those that share no time with it are left out, as
 * are those without a start. A span without an end lasts until the latest time that any span recorded;
 * one that ends before it starts took no time. Iterative: traces nest 100,000 deep.
 *
 * @param working 1 for spans whose own time is work: see `workingSpans`
 */
export const criticalPath = (tree: TimedTree, working: Uint8Array): CriticalPath =>
  finish(pathSteps(tree, working));

export function* pathSteps(tree: TimedTree, working: Uint8Array): Steps<CriticalPath> {
  if (tree.count === 0) return pathOf([], [], [], 0);
  const latest = latestTime(tree);
  const range = runRange(tree);
  const rows: number[] = [];
  const from: Ms[] = [];
  const to: Ms[] = [];
  let ms = 0;
  const stack: Open[] = [];
  let entering: Child | undefined = { row: 0, ...range };
  for (;;) {
    if (entering) {
      const { row } = entering;
      rows.push(row);
      from.push(entering.from);
      to.push(entering.to);
      const found = childrenOf(tree, entering, latest);
      const children = found.length > stepSize ? yield* sortSteps(found, byEnd) : found.sort(byEnd);
      stack.push({ ...entering, at: entering.to, children, next: 0 });
      if (rows.length % stepSize === 0) yield;
    }
    const open = stack.at(-1);
    if (!open) break;
    const child = nextChild(open);
    if (working[open.row]) ms += open.at - (child?.to ?? open.from);
    if (child) open.at = child.from;
    else stack.pop();
    entering = child;
  }
  return pathOf(rows, from, to, ms);
}

// Times are recorded as seconds since 1970 in 64 bits, which leaves a quarter of a microsecond; an end made
// of a start and a duration may come after the next start by that much.
const rounding: Ms = 0.001;

function nextChild(open: Open): Child | undefined {
  while (open.next < open.children.length) {
    const child = open.children[open.next++];
    if (!child || child.to > open.at + rounding) continue;
    const to = Math.min(child.to, open.at);
    return { row: child.row, from: Math.min(child.from, to), to };
  }
  return undefined;
}

function childrenOf(tree: TimedTree, parent: Child, latest: Ms): Child[] {
  const children: Child[] = [];
  const { size, start, end } = tree;
  const after = parent.row + (size[parent.row] ?? 1);
  for (let row = parent.row + 1; row < after; row += size[row] ?? 1) {
    const begin = start[row] ?? Number.NaN;
    if (Number.isNaN(begin)) continue;
    const recorded = end[row] ?? Number.NaN;
    const stop = Math.max(begin, Number.isNaN(recorded) ? latest : recorded);
    const tookTime = stop > begin;
    const [from, to] = [Math.max(begin, parent.from), Math.min(stop, parent.to)];
    if (from > to || (from === to && tookTime)) continue;
    children.push({ row, from, to });
  }
  return children;
}

const byEnd = (a: Child, b: Child): number => b.to - a.to || a.from - b.from || a.row - b.row;

function pathOf(
  rows: readonly number[],
  from: readonly Ms[],
  to: readonly Ms[],
  ms: Ms,
): CriticalPath {
  return {
    rows: Int32Array.from(rows),
    from: Float64Array.from(from),
    to: Float64Array.from(to),
    ms,
  };
}
