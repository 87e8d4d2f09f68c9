import { nearestRank } from '../distribution.ts';
import type { Sample } from './usual.ts';

/** The value in the middle; the mean of the two middle ones of an even number. */
export function median(sorted: Sample): number | undefined {
  const half = sorted.length >> 1;
  const high = sorted[half];
  if (high === undefined) return undefined;
  const low = sorted.length % 2 === 0 ? sorted[half - 1] : undefined;
  return low === undefined ? high : low + (high - low) / 2;
}

/**
 * How far values lie from their median, comparable to a standard deviation: by the median of the distances,
 * or by the quarters where these lie further apart. 0 where most values are equal.
 */
export function spread(sorted: Sample): number {
  const middle = median(sorted);
  if (middle === undefined) return 0;
  const quarters = (nearestRank(sorted, 75) ?? 0) - (nearestRank(sorted, 25) ?? 0);
  // Of a normal distribution, both are its standard deviation.
  return Math.max(medianDistance(sorted, middle) * 1.4826, quarters / 1.349);
}

/** Of values in order, those nearest to their median lie around it: nothing needs to be sorted. */
function medianDistance(sorted: Sample, middle: number): number {
  const half = sorted.length >> 1;
  let [below, above] = [half - 1, half];
  const next = (): number => {
    const down = below < 0 ? Number.POSITIVE_INFINITY : Math.abs((sorted[below] ?? 0) - middle);
    const up =
      above >= sorted.length ? Number.POSITIVE_INFINITY : Math.abs((sorted[above] ?? 0) - middle);
    if (down <= up) below--;
    else above++;
    return Math.min(down, up);
  };
  let [before, at] = [0, 0];
  for (let rank = 0; rank <= half; rank++) [before, at] = [at, next()];
  return sorted.length % 2 === 0 ? before + (at - before) / 2 : at;
}

/** One of fewer values is not so rare that it could be left out as an accident. */
const leastForRare = 10;

/** What a value that is far beyond the usual is compared with. */
export interface Baseline {
  readonly count: number;
  readonly median: number;
  /** How many times the median; undefined where that is 0. */
  readonly times: number | undefined;
}

/**
 * What is usual, where a value is unusually high: so many times the median, beyond the spread, and higher than
 * all but a rare few of its like. Of values whose largest are far apart by nature, the spread on a
 * logarithmic scale or twice the highest of them decides.
 *
 * @param unit a median below it counts as this much: twice nothing is nothing
 * @param least values that must be known before one is called unusual
 */
export function unusuallyHigh(
  value: number,
  sorted: Sample,
  factor: number,
  least: number,
  unit: number,
): Baseline | undefined {
  const count = sorted.length;
  const middle = median(sorted);
  if (middle === undefined || count < Math.max(2, least)) return undefined;
  const floor = Math.max(middle, unit);
  if (!(value >= factor * floor)) return undefined;
  // What one in five of its like is, a person knows as usual; what was so once before is still a surprise.
  const rare = count < leastForRare ? 0 : Math.max(1, Math.floor(count / 20));
  const high = sorted[count - 1 - rare] ?? 0;
  if (high >= value / 2 || value <= middle + 4 * spread(sorted)) return undefined;
  const highest = sorted[count - 1] ?? 0;
  if (value < 2 * highest && !beyondLogSpread(value, sorted)) return undefined;
  return { count, median: middle, times: middle > 0 ? value / middle : undefined };
}

function beyondLogSpread(value: number, sorted: Sample): boolean {
  const logs = Float64Array.from(sorted, one => Math.log(Math.max(one, 1e-12)));
  return Math.log(value) > (median(logs) ?? 0) + 3.5 * spread(logs);
}

/** All values but one. */
export function without(sorted: Float64Array, at: number): Sample {
  const others = new Float64Array(sorted.length - 1);
  others.set(sorted.subarray(0, at));
  others.set(sorted.subarray(at + 1), at);
  return others;
}

/** A value that `percent` of `count` values do not exceed. */
export interface High {
  readonly value: number;
  readonly percent: number;
  readonly count: number;
}

/**
 * The 99th percentile. Of fewer than a hundred values that would be the highest, which one accident decides:
 * from `leastForRare` on it is left out, and `percent` says how many of them the answer covers.
 */
export function usualHigh(sorted: Sample): High | undefined {
  const count = sorted.length;
  if (count >= 100 || count < leastForRare) {
    const value = nearestRank(sorted, 99);
    const percent = count < leastForRare ? 100 : 99;
    return value === undefined ? undefined : { value, percent, count };
  }
  const value = sorted[count - 2] ?? 0;
  return { value, percent: Math.floor((100 * (count - 1)) / count), count };
}
