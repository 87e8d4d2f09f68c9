/** The spread of a figure over runs. */
export interface Distribution {
  /** How many runs have the figure. */
  readonly count: number;
  /** How many do not: a run that has not ended has no duration yet, an unpriced one no cost. */
  readonly leftOut: number;
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
}

/** Counts in bins whose edges grow by the same factor, from `low` to `high`. */
export interface LogHistogram {
  readonly low: number;
  readonly high: number;
  readonly bins: readonly number[];
}

/** What is known, in order. */
export function ascending(values: readonly (number | undefined)[]): Float64Array {
  const known = new Float64Array(values.length);
  let count = 0;
  for (const value of values) {
    if (value !== undefined && Number.isFinite(value)) known[count++] = value;
  }
  return known.subarray(0, count).sort();
}

/** @param all how many runs there are, those without the figure included */
export function distribution(sorted: Float64Array, all: number): Distribution {
  return {
    count: sorted.length,
    leftOut: all - sorted.length,
    p50: nearestRank(sorted, 50),
    p95: nearestRank(sorted, 95),
    p99: nearestRank(sorted, 99),
  };
}

/**
 * The smallest value that at least `percent` of all values do not exceed (nearest rank): always one that
 * occurred, so that a run with just this duration can be found.
 */
export function nearestRank(sorted: ArrayLike<number>, percent: number): number | undefined {
  return sorted[Math.max(1, Math.ceil((percent / 100) * sorted.length)) - 1];
}

/** Values below or at 0, which have no place on such a scale, are counted in the first bin. */
export function logHistogram(sorted: Float64Array, most: number): LogHistogram | undefined {
  const low = sorted.find(value => value > 0);
  const high = sorted.at(-1);
  if (low === undefined || high === undefined) return undefined;
  const count = low === high ? 1 : Math.max(1, Math.min(most, Math.ceil(sorted.length ** 0.5) * 2));
  const bins = new Array<number>(count).fill(0);
  for (const value of sorted) {
    const place = Math.floor(logPlace(value, low, high) * count);
    const bin = Math.min(place, count - 1);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return { low, high, bins };
}

/** Where a value lies between two others on a logarithmic scale, from 0 to 1. */
export function logPlace(value: number, low: number, high: number): number {
  if (value <= low || low >= high) return 0;
  return Math.min(1, Math.log(value / low) / Math.log(high / low));
}
