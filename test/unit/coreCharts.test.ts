import assert from 'node:assert/strict';
import {
  ascending,
  distribution,
  logHistogram,
  logPlace,
  nearestRank,
} from '../../src/core/distribution.ts';
import { bucketWidth, mostBuckets, outlier, timeSeries } from '../../src/core/timeSeries.ts';
import { manyRuns, numbers, runOf } from './support/runs.ts';

describe('percentiles', () => {
  it('are values that occurred: the smallest that so many do not exceed', () => {
    const values = Array.from({ length: 100 }, (_, i) => i + 1);
    assert.deepEqual(
      [50, 95, 99, 100, 0].map(percent => nearestRank(values, percent)),
      [50, 95, 99, 100, 1],
    );
    assert.equal(nearestRank([7], 99), 7);
    assert.equal(nearestRank([], 50), undefined);
    const next = numbers(3);
    for (let size = 1; size < 60; size++) {
      const some = Array.from({ length: size }, () => Math.floor(next() * 9)).sort();
      for (const percent of [1, 50, 95, 99]) {
        const found = nearestRank(some, percent)!;
        const upTo = some.filter(value => value <= found).length;
        const below = some.filter(value => value < found).length;
        assert.ok(upTo >= (percent / 100) * size && below < (percent / 100) * size);
      }
    }
  });

  it('leave out what is unknown or no number', () => {
    assert.deepEqual(distribution(ascending([3, undefined, Number.NaN, 1]), 4), {
      count: 2,
      leftOut: 2,
      p50: 1,
      p95: 3,
      p99: 3,
    });
  });
});

describe('a histogram on a logarithmic scale', () => {
  it('counts each value once, in bins that grow by the same factor', () => {
    const next = numbers(5);
    for (const size of [1, 2, 5, 300, 5000]) {
      const values = Array.from({ length: size }, () => 10 ** (next() * 6));
      const { bins, low, high } = logHistogram(ascending(values), 24)!;
      assert.equal(
        bins.reduce((a, b) => a + b, 0),
        size,
      );
      assert.ok(bins.length <= 24 && bins.length >= 1);
      const edge = (i: number): number => low * (high / low) ** (i / bins.length);
      for (const [i, count] of bins.entries()) {
        // Values at an edge may fall to either side of it.
        const within = values.filter(v => v >= edge(i) * 1.0001 && v <= edge(i + 1) * 0.9999);
        assert.ok(count >= within.length);
      }
    }
  });

  it('has room for 0 and for runs that all took the same', () => {
    assert.deepEqual(logHistogram(ascending([5, 5, 5]), 24), { low: 5, high: 5, bins: [3] });
    assert.equal(logHistogram(ascending([0, 0]), 24), undefined);
    const { bins } = logHistogram(ascending([0, -3, 1, 1000]), 24)!;
    assert.deepEqual([bins[0], bins.at(-1)], [3, 1]);
    assert.deepEqual(
      [logPlace(0, 1, 100), logPlace(10, 1, 100), logPlace(1e9, 1, 100)],
      [0, 0.5, 1],
    );
  });
});

describe('a time series', () => {
  const day = 86_400_000;
  it('never has more than 60 buckets, and hardly ever a single one, whatever the range', () => {
    for (let to = 60_000; to < 8e15; to *= 1.7) {
      const range = { from: 12_345_678, to: 12_345_678 + to };
      const width = bucketWidth(range);
      assert.equal(width % 60_000, 0);
      const { buckets, start } = timeSeries([], range, 3_600_000);
      assert.ok(buckets.length <= mostBuckets, `${buckets.length} of ${width}`);
      if (to < 300 * day && to > 3_600_000)
        assert.ok(buckets.length >= 15, `${buckets.length} for ${to}`);
      assert.ok(start <= range.from && start + buckets.length * width > range.to);
    }
  });

  it('begins its days at the midnight of whoever looks', () => {
    const zone = 2 * 3_600_000;
    const { start, width } = timeSeries([], { from: 10 * day + 5, to: 40 * day }, zone);
    assert.equal(width, day);
    assert.equal((start + zone) % day, 0);
  });

  it('loses no run within its range, and counts none outside of it', () => {
    const runs = manyRuns(3000);
    const range = { from: runs.at(-1)!.start!, to: runs[0]!.start! };
    const outside = [runOf('a', { start: 5 }), runOf('b', { start: undefined })];
    const { buckets } = timeSeries([...runs, ...outside], range, 0);
    const total = (of: (bucket: (typeof buckets)[number]) => number): number =>
      buckets.reduce((sum, bucket) => sum + of(bucket), 0);
    assert.equal(
      total(one => one.runs),
      3000,
    );
    assert.equal(
      total(one => one.failed),
      runs.filter(run => run.status === 'error').length,
    );
    assert.equal(
      total(one => one.cached + one.uncached + one.output),
      runs.reduce(
        (sum, { usage }) => sum + (usage.input ?? 0) + (usage.cacheRead ?? 0) + (usage.output ?? 0),
        0,
      ),
    );
  });
});

describe('an outlier', () => {
  it('is a value three times the usual one; few values have no usual one', () => {
    assert.deepEqual(outlier([2, 0, 2, 2, 8, 2, 2]), { place: 4, times: 4 });
    assert.equal(outlier([2, 2, 2, 5, 2, 2]), undefined);
    assert.equal(outlier([1, 9, 1]), undefined);
    assert.equal(outlier([]), undefined);
  });
});
