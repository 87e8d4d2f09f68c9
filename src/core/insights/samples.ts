import type { RunId, RunSummary } from '../model.ts';
import type { Sample } from './usual.ts';

/** Values under a key, each with the run that it is of. */
export interface Samples {
  /** Runs beyond the newest `mostRuns`, keys beyond `mostKeys` and values that are no numbers are left out. */
  add(key: string, run: RunSummary, value: number | undefined): void;
  /** The values under a key without those of a run; see `enoughBefore`. */
  without(key: string, run: RunSummary): Sample;
}

/**
 * From so many values on that come from runs begun earlier, only these count: what came after a change must
 * not make the change look usual. The first runs of a file have fewer, and are compared with all others.
 */
export const enoughBefore = 5;

const mostRuns = 2000;
const mostKeys = 500;
/** The newest ones. */
const mostValues = 600;
/** A run of a million calls would else be all that is known of them. */
const mostOfRun = 12;

interface Series {
  readonly byRun: Map<number, { readonly values: number[]; seen: number }>;
  count: number;
  /** The run that began first; undefined where that has to be looked for. */
  oldest: number | undefined;
  /** By value; undefined as soon as one is added. */
  sorted: { readonly values: Float64Array; readonly runs: Int32Array } | undefined;
}

/** Quickest where it is fed with the newest runs first; the newest ones stay in whatever order they come. */
export function createSamples(): Samples {
  const numbers = new Map<RunId, number>();
  const starts: number[] = [];
  const all = new Map<string, Series>();
  let oldest: readonly [RunId, number] | undefined;
  /** The number of the run that began first, now that of a newer one. */
  const freed = (start: number): number | undefined => {
    oldest ??= [...numbers].reduce((a, b) => (isOlder(starts, b[1], a[1]) ? b : a));
    const [runId, number] = oldest;
    if (!(start > (starts[number] ?? Number.NEGATIVE_INFINITY))) return undefined;
    numbers.delete(runId);
    oldest = undefined;
    for (const [key, series] of all) {
      drop(series, number);
      if (series.byRun.size === 0) all.delete(key);
    }
    return number;
  };
  const numberOf = (run: RunSummary): number | undefined => {
    const known = numbers.get(run.runId);
    if (known !== undefined) return known;
    const start = startOf(run);
    const number = numbers.size < mostRuns ? numbers.size : freed(start);
    if (number === undefined) return undefined;
    numbers.set(run.runId, number);
    starts[number] = start;
    oldest = undefined;
    return number;
  };
  const seriesOf = (key: string): Series | undefined => {
    const known = all.get(key);
    if (known || all.size >= mostKeys) return known;
    const made: Series = { byRun: new Map(), count: 0, oldest: undefined, sorted: undefined };
    all.set(key, made);
    return made;
  };
  return {
    add: (key, run, value) => {
      if (value === undefined || !Number.isFinite(value)) return;
      const number = numberOf(run);
      const series = number === undefined ? undefined : seriesOf(key);
      if (number !== undefined && series) put(series, number, value, starts);
    },
    without: (key, run) => {
      const series = all.get(key);
      if (!series) return none;
      return pick(series, numbers.get(run.runId) ?? -1, starts, startOf(run));
    },
  };
}

const none: Sample = new Float64Array(0);

/** A run without a start is older than all others. */
const startOf = ({ start }: RunSummary): number =>
  start === undefined || Number.isNaN(start) ? Number.NEGATIVE_INFINITY : start;

const isOlder = (starts: readonly number[], a: number, b: number): boolean =>
  (starts[a] ?? 0) < (starts[b] ?? 0);

function drop(series: Series, run: number): void {
  const own = series.byRun.get(run);
  if (!own) return;
  series.byRun.delete(run);
  series.count -= own.values.length;
  series.oldest = undefined;
  series.sorted = undefined;
}

/** Values of older runs make room; false where all of these are newer. */
function makeRoom(series: Series, run: number, starts: readonly number[]): boolean {
  while (series.count >= mostValues) {
    series.oldest ??= [...series.byRun.keys()].reduce((a, b) => (isOlder(starts, b, a) ? b : a));
    if (!isOlder(starts, series.oldest, run)) return false;
    drop(series, series.oldest);
  }
  return true;
}

function put(series: Series, run: number, value: number, starts: readonly number[]): void {
  let own = series.byRun.get(run);
  if (!own) {
    if (!makeRoom(series, run, starts)) return;
    own = { values: [], seen: 0 };
    series.byRun.set(run, own);
    series.oldest = undefined;
  }
  own.seen++;
  if (own.values.length < mostOfRun) {
    own.values.push(value);
    series.count++;
  } else {
    // Each value has the same chance to stay, and the same values stay each time.
    const place = (Math.imul(own.seen, 0x9e37_79b1) >>> 0) % own.seen;
    if (place >= mostOfRun) return;
    own.values[place] = value;
  }
  series.sorted = undefined;
}

function sortedOf(series: Series): NonNullable<Series['sorted']> {
  if (series.sorted) return series.sorted;
  const pairs: (readonly [value: number, run: number])[] = [];
  for (const [run, { values }] of series.byRun)
    for (const value of values) pairs.push([value, run]);
  pairs.sort((a, b) => a[0] - b[0]);
  series.sorted = {
    values: Float64Array.from(pairs, pair => pair[0]),
    runs: Int32Array.from(pairs, pair => pair[1]),
  };
  return series.sorted;
}

function pick(series: Series, self: number, starts: readonly number[], start: number): Sample {
  const { values, runs } = sortedOf(series);
  const others = new Float64Array(values.length);
  const before = new Float64Array(values.length);
  let [other, earlier] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    const run = runs[at] ?? -1;
    const value = values[at] ?? 0;
    if (run === self) continue;
    others[other++] = value;
    if ((starts[run] ?? Number.NaN) < start) before[earlier++] = value;
  }
  return earlier >= enoughBefore ? before.subarray(0, earlier) : others.subarray(0, other);
}
