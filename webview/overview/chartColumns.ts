import { counted } from '../../src/core/counted.ts';
import type { LogHistogram } from '../../src/core/distribution.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatBucket, formatDuration, formatTokens, isToday } from '../../src/core/format.ts';
import type { UnixMs } from '../../src/core/model.ts';
import type { TimeBucket, TimeSeries } from '../../src/core/timeSeries.ts';
import type { Words } from '../../src/core/words.ts';
import type { Column, Look } from './Chart.tsx';

/** A time series with the names of its buckets. */
export interface Times {
  readonly buckets: readonly TimeBucket[];
  readonly labels: readonly string[];
  /** From when until when, for those narrower than a day. */
  readonly spans: readonly string[];
  readonly first: string;
  readonly last: string;
}

const day = 86_400_000;

export function timesOf(
  series: TimeSeries | undefined,
  now: UnixMs,
  words: Words,
): Times | undefined {
  if (!series) return undefined;
  const { start, width, buckets } = series;
  const labels = buckets.map((_, at) => {
    const begin = start + at * width;
    return width === day && isToday(begin, now) ? words.today : formatBucket(begin, width, now);
  });
  const spans = labels.map((label, at) =>
    width >= day
      ? label
      : fillIn(words.fromTo, [label, formatBucket(start + (at + 1) * width, width, now)]),
  );
  return { buckets, labels, spans, first: labels[0] ?? '', last: labels.at(-1) ?? '' };
}

export function columnsOf(
  { buckets, spans }: Times,
  of: (bucket: TimeBucket) => number,
  say: (value: number) => string,
  look: Look,
  stands: number | undefined,
  words: Words,
): readonly Column[] {
  return buckets.map((bucket, at) => ({
    parts: [{ value: of(bucket), look: at === stands ? 'accent' : look }],
    title: fillIn(words.perBucket, [spans[at] ?? '', say(of(bucket))]),
  }));
}

export function tokenColumns({ buckets, spans }: Times, words: Words): readonly Column[] {
  return buckets.map(({ cached, uncached, output }, at) => ({
    parts: [
      { value: cached, look: 'soft' },
      { value: uncached, look: 'plain' },
      { value: output, look: 'accent' },
    ],
    title: fillIn(words.bucketTokens, [
      spans[at] ?? '',
      ...[cached, uncached, output].map(formatTokens),
    ]),
  }));
}

export function durationColumns(
  { low, high, bins }: LogHistogram,
  words: Words,
): readonly Column[] {
  const edge = (at: number): string =>
    formatDuration(low * (high / low) ** (at / Math.max(1, bins.length)));
  return bins.map((runs, at) => ({
    parts: [{ value: runs, look: 'plain' }],
    title: counted(words, 'bucketRuns', runs, edge(at), edge(at + 1)),
  }));
}
