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
/** Newest runs first, so that these are the newest values. */
const mostValues = 600;
/** A run of a million calls would else be all that is known of them. */
const mostOfRun = 12;

interface Series {
  readonly byRun: Map<number, { readonly values: number[]; seen: number }>;
  count: number;
  /** By value; undefined as soon as one is added. */
  sorted: { readonly values: Float64Array; readonly runs: Int32Array } | undefined;
}

/** Fed with the newest runs first. */
export function createSamples(): Samples {
  const numbers = new Map<RunId, number>();
  const starts: number[] = [];
  const all = new Map<string, Series>();
  const numberOf = (run: RunSummary): number | undefined => {
    const known = numbers.get(run.runId);
    if (known !== undefined || numbers.size >= mostRuns) return known;
    numbers.set(run.runId, starts.length);
    return starts.push(run.start ?? Number.NaN) - 1;
  };
  const seriesOf = (key: string): Series | undefined => {
    const known = all.get(key);
    if (known || all.size >= mostKeys) return known;
    const made: Series = { byRun: new Map(), count: 0, sorted: undefined };
    all.set(key, made);
    return made;
  };
  return {
    add: (key, run, value) => {
      if (value === undefined || !Number.isFinite(value)) return;
      const number = numberOf(run);
      const series = number === undefined ? undefined : seriesOf(key);
      if (number !== undefined && series) put(series, number, value);
    },
    without: (key, run) => {
      const series = all.get(key);
      if (!series) return none;
      return pick(series, numbers.get(run.runId) ?? -1, starts, run.start ?? Number.NaN);
    },
  };
}

const none: Sample = new Float64Array(0);

function put(series: Series, run: number, value: number): void {
  let own = series.byRun.get(run);
  if (!own) {
    if (series.count >= mostValues) return;
    own = { values: [], seen: 0 };
    series.byRun.set(run, own);
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
