import type { Ms } from '../../src/core/model.ts';
import { drawnRange, latestTime, spanIdAt, type TimeRange } from '../../src/core/spanColumns.ts';
import type { Waterfall } from '../../src/protocol/reader.ts';

/** A run's columns and what its rows are drawn with, worked out once: rows come and go while one scrolls. */
export interface Model {
  readonly data: Waterfall;
  readonly bounds: TimeRange;
  /** Up to here a span without an end is drawn. */
  readonly latest: Ms;
  /** A span's place among its siblings, counted from 1. */
  readonly place: Int32Array;
  readonly children: Int32Array;
  /** Index into the critical path; -1 for spans that are not on it. */
  readonly onPath: Int32Array;
  /** Index into the gaps of the one that a span's start ended, the root's is at the run's end; -1: none. */
  readonly gap: Int32Array;
  /** Sums over all rows before one, so that those of a subtree are a difference. */
  readonly tokensBefore: Float64Array;
  readonly costBefore: Float64Array;
  readonly unpricedBefore: Int32Array;
}

export function modelOf(data: Waterfall): Model {
  const { count, parent, tokens, cost, flags, path, gaps } = data;
  const model = {
    data,
    bounds: drawnRange(data),
    latest: latestTime(data),
    place: new Int32Array(count),
    children: new Int32Array(count),
    onPath: indexOf(path.rows, count),
    gap: indexOf(gaps.rows, count),
    tokensBefore: new Float64Array(count + 1),
    costBefore: new Float64Array(count + 1),
    unpricedBefore: new Int32Array(count + 1),
  };
  const { place, children, tokensBefore, costBefore, unpricedBefore } = model;
  for (let row = 0; row < count; row++) {
    const above = parent[row] ?? -1;
    if (above >= 0) children[above] = (children[above] ?? 0) + 1;
    place[row] = above >= 0 ? (children[above] ?? 1) : 1;
    tokensBefore[row + 1] = (tokensBefore[row] ?? 0) + (tokens[row] || 0);
    costBefore[row + 1] = (costBefore[row] ?? 0) + (cost[row] || 0);
    unpricedBefore[row + 1] = (unpricedBefore[row] ?? 0) + ((flags[row] ?? 0) & 16 ? 1 : 0);
  }
  return model;
}

function indexOf(rows: Int32Array, count: number): Int32Array {
  const index = new Int32Array(count).fill(-1);
  for (const [at, row] of rows.entries()) index[row] = at;
  return index;
}

/** From when until when a span is drawn; undefined where it recorded no start. */
export function timeOf({ data, latest }: Model, row: number): TimeRange | undefined {
  const from = data.start[row] ?? Number.NaN;
  const to = data.end[row] ?? Number.NaN;
  if (Number.isNaN(from)) return undefined;
  return { from, to: Math.max(from, Number.isNaN(to) ? latest : to) };
}

/** A span's own figures, or the sums of what it stands for: the root for its run, a folded span for all below. */
export function figuresOf(
  { data, tokensBefore, costBefore, unpricedBefore }: Model,
  row: number,
  folded: boolean,
): { readonly tokens: number; readonly cost: number; readonly unpriced: number } {
  const after = row + (row === 0 || folded ? (data.size[row] ?? 1) : 1);
  const between = (sums: Float64Array | Int32Array): number =>
    (sums[after] ?? 0) - (sums[row] ?? 0);
  const [tokens, unpriced] = [between(tokensBefore), between(unpricedBefore)];
  // A difference of sums of floats is rarely exactly nothing.
  const cost = Math.max(0, between(costBefore));
  return { tokens, cost: cost < 1e-9 ? 0 : cost, unpriced };
}

export const hasChildren = ({ data }: Model, row: number): boolean => (data.size[row] ?? 1) > 1;

/** The rows of some ids, in tree order. */
export function rowsOfSpans(data: Waterfall, spanIds: ReadonlySet<string>): readonly number[] {
  const rows: number[] = [];
  if (spanIds.size === 0) return rows;
  for (let row = 0; row < data.count && rows.length < spanIds.size; row++) {
    if (spanIds.has(spanIdAt(data, row))) rows.push(row);
  }
  return rows;
}
