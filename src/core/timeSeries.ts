import type { Ms, RunSummary, UnixMs, Usd } from './model.ts';

export interface TimeBucket {
  readonly runs: number;
  readonly failed: number;
  /** Of what is priced. */
  readonly cost: Usd;
  readonly cached: number;
  /** Input that did not come from the cache. */
  readonly uncached: number;
  readonly output: number;
}

/** What ran when, in buckets of equal length. */
export interface TimeSeries {
  readonly start: UnixMs;
  readonly width: Ms;
  readonly buckets: readonly TimeBucket[];
}

export interface TimeRange {
  readonly from: UnixMs;
  readonly to: UnixMs;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const widths: readonly Ms[] = [
  ...[1, 2, 5, 10, 15, 30].map(n => n * minute),
  ...[1, 2, 3, 6, 12].map(n => n * hour),
  ...[1, 2, 7, 14, 28, 91].map(n => n * day),
];

export const mostBuckets = 60;

/** The shortest length at which a range needs at most 60 buckets; beyond those listed, whole years. */
export function bucketWidth({ from, to }: TimeRange): Ms {
  // One bucket may begin before the range: it is cut at full hours and midnights.
  const fits = (width: Ms): boolean => Math.floor((to - from) / width) + 2 <= mostBuckets;
  const years = 365 * day;
  return widths.find(fits) ?? Math.ceil((to - from) / ((mostBuckets - 2) * years)) * years;
}

/**
 * @param range both ends included
 * @param zone what is added to UTC to get the local time: days begin at midnight
 */
export function timeSeries(runs: Iterable<RunSummary>, range: TimeRange, zone: Ms): TimeSeries {
  const width = bucketWidth(range);
  const start = Math.floor((range.from + zone) / width) * width - zone;
  const count = Math.floor((range.to - start) / width) + 1;
  const buckets = Array.from({ length: count }, () => ({
    runs: 0,
    failed: 0,
    cost: 0,
    cached: 0,
    uncached: 0,
    output: 0,
  }));
  for (const run of runs) {
    const bucket =
      run.start === undefined ? undefined : buckets[Math.floor((run.start - start) / width)];
    if (!bucket) continue;
    const { input = 0, cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0, output = 0 } = run.usage;
    bucket.runs++;
    if (run.status === 'error') bucket.failed++;
    bucket.cost += run.pricedCost;
    bucket.cached += cacheRead;
    bucket.uncached += input + cacheWrite5m + cacheWrite1h;
    bucket.output += output;
  }
  return { start, width, buckets };
}

/**
 * The one value that stands out of the others: the highest, where it is at least three times the median of
 * what is above 0. Fewer than five such values have no usual one.
 */
export function outlier(values: readonly number[]): { place: number; times: number } | undefined {
  const some = values.filter(value => value > 0).sort((a, b) => a - b);
  if (some.length < 5) return undefined;
  const usual = some[Math.floor((some.length - 1) / 2)] ?? 0;
  const highest = some.at(-1) ?? 0;
  if (highest < 3 * usual) return undefined;
  return { place: values.indexOf(highest), times: highest / usual };
}
