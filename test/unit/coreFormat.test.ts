import assert from 'node:assert/strict';
import {
  formatAge,
  formatAgo,
  formatBucket,
  formatBytes,
  formatClock,
  formatCost,
  formatDateTime,
  formatDuration,
  formatRunCost,
  formatShare,
  formatStarted,
  formatTokens,
  isToday,
  none,
} from '../../src/core/format.ts';
import { englishWords as words } from '../../src/core/words.ts';

const check = (
  format: (value: number) => string,
  cells: readonly (readonly [number, string])[],
): void => {
  for (const [value, text] of cells) assert.equal(format(value), text, String(value));
};
const noNumbers = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

describe('numbers (UI.md)', () => {
  it('cost', () => {
    check(formatCost, [
      [0, '$0.00'],
      [-0, '$0.00'],
      [0.00001, '<$0.0001'],
      [0.0042, '$0.0042'],
      [0.0235, '$0.0235'],
      [0.99994, '$0.9999'],
      [0.99996, '$1.00'],
      [1.94, '$1.94'],
      [1284.07, '$1,284.07'],
      [99_999.994, '$99,999.99'],
      [99_999.996, '$100k'],
      [128_000, '$128k'],
      [999_499, '$999k'],
      [999_500, '$1.00M'],
      [1_280_000, '$1.28M'],
      [-1.5, '−$1.50'],
    ]);
  });

  it('cost of a run names what is unpriced', () => {
    const run = (cost: number | undefined, pricedCost: number, unpricedCalls: number) =>
      formatRunCost({ cost, pricedCost, unpricedCalls }, words);
    assert.equal(run(undefined, 0, 1), 'unpriced');
    assert.equal(run(undefined, 0.0871, 2), '$0.0871 + 2 unpriced');
    assert.equal(run(undefined, 0.0871, 1), '$0.0871 + 1 unpriced');
    const other = { ...words, plusUnpricedMany: 'und {0} ohne Preis', unpriced: 'ohne Preis' };
    const two = { cost: undefined, pricedCost: 2, unpricedCalls: 2 };
    assert.equal(formatRunCost(two, other), '$2.00 und 2 ohne Preis');
    assert.equal(formatRunCost({ ...two, pricedCost: 0 }, other), 'ohne Preis');
    assert.equal(run(0, 0, 0), '$0.00');
  });

  it('duration: rounded, then split', () => {
    check(formatDuration, [
      [0, '0 ms'],
      [0.4, '<1 ms'],
      [340, '340 ms'],
      [999.4, '999 ms'],
      [999.6, '1.00 s'],
      [4210, '4.21 s'],
      [59_994, '59.99 s'],
      [59_996, '1m 00s'],
      [134_000, '2m 14s'],
      [3_599_400, '59m 59s'],
      [3_599_600, '1h 00m'],
      [3_780_000, '1h 03m'],
      [86_399_000, '1d 0h'],
      [187_200_000, '2d 4h'],
      [-340, '−340 ms'],
    ]);
  });

  it('tokens', () => {
    check(formatTokens, [
      [0, '0'],
      [61, '61'],
      [9204, '9,204'],
      [9999, '9,999'],
      [10_000, '10.0k'],
      [18_200, '18.2k'],
      [99_949, '99.9k'],
      [99_950, '100k'],
      [214_000, '214k'],
      [999_499, '999k'],
      [999_500, '1.00M'],
      [1_840_000, '1.84M'],
      [999_949_999, '999.95M'],
      [999_950_000, '1.00B'],
      [12.4e9, '12.40B'],
      [-24, '−24'],
    ]);
  });

  it('share', () => {
    check(formatShare, [
      [0, '0 %'],
      [0.0009, '<0.1 %'],
      [0.017, '1.7 %'],
      [0.0994, '9.9 %'],
      [0.0996, '10 %'],
      [0.78, '78 %'],
      [1, '100 %'],
      [10.4, '10.4×'],
      [-0.5, '−50 %'],
    ]);
  });

  it('bytes', () => {
    check(formatBytes, [
      [0, '0 B'],
      [999, '999 B'],
      [11_400, '11.4 kB'],
      [999_949, '999.9 kB'],
      [999_950, '1.0 MB'],
      [2.5e9, '2.5 GB'],
    ]);
  });

  it('what is no number is not known', () => {
    for (const format of [formatCost, formatDuration, formatTokens, formatShare, formatBytes]) {
      for (const value of noNumbers) assert.equal(format(value), none, `${format.name} ${value}`);
    }
  });
});

describe('time (UI.md)', () => {
  const now = Date.UTC(2026, 10, 24, 10, 0, 0);
  const [second, minute, hour] = [1000, 60_000, 3_600_000];
  const ago = (ms: number): string => formatAge(now - ms, now, words, 'UTC');

  it('counts up to half a day, then names the day', () => {
    assert.equal(ago(0), 'now');
    assert.equal(ago(1499), 'now');
    assert.equal(ago(12 * second), '12s ago');
    assert.equal(ago(59.6 * second), '1m ago', 'never 60s');
    assert.equal(ago(2 * minute), '2m ago');
    assert.equal(ago(59.6 * minute), '1h ago', 'never 60m');
    assert.equal(ago(11 * hour), '11h ago');
    assert.equal(formatAge(Date.UTC(2026, 10, 23, 14, 2), now, words, 'UTC'), 'yesterday 14:02');
    assert.equal(formatAge(Date.UTC(2026, 10, 12), now, words, 'UTC'), '12 Nov');
    assert.equal(formatAge(Date.UTC(2025, 10, 12), now, words, 'UTC'), '12 Nov 2025');
  });

  it('knows yesterday when clocks change', () => {
    // In Berlin 29 March 2026 has 23 hours, 25 October 2026 has 25.
    const zone = 'Europe/Berlin';
    const spring = Date.parse('2026-03-30T00:30+02:00');
    assert.equal(
      formatAge(Date.parse('2026-03-29T10:00+02:00'), spring, words, zone),
      'yesterday 10:00',
    );
    assert.equal(formatAge(Date.parse('2026-03-28T23:45+01:00'), spring, words, zone), '28 Mar');
    const autumn = Date.parse('2026-10-25T23:30+01:00');
    assert.equal(
      formatAge(Date.parse('2026-10-24T10:00+02:00'), autumn, words, zone),
      'yesterday 10:00',
    );
    const newYear = Date.UTC(2026, 0, 1, 5);
    assert.equal(formatAge(Date.UTC(2025, 11, 31, 8), newYear, words, 'UTC'), 'yesterday 08:00');
  });

  it('says now of a clock slightly ahead, and the day of one far ahead', () => {
    assert.equal(ago(-1000), 'now');
    assert.equal(formatAge(Date.UTC(12026, 10, 24), now, words, 'UTC'), '24 Nov 12026');
  });

  it('never throws at times that no calendar has', () => {
    for (const time of [...noNumbers, 8.65e15, -1e300, undefined]) {
      assert.equal(formatAge(time, now, words, 'UTC'), 'no start');
      assert.equal(formatClock(time, { noStart: 'ohne Beginn' }), 'ohne Beginn');
      assert.equal(formatClock(time, words, 'UTC'), 'no start');
      assert.equal(formatDateTime(time, words, 'UTC'), 'no start');
    }
    for (const time of [8.64e15, -8.64e15]) {
      assert.doesNotThrow(() => formatAge(time, now, words, 'Asia/Tokyo'));
      assert.doesNotThrow(() => formatDateTime(time, words, 'America/New_York'));
    }
    assert.doesNotThrow(() => formatAge(now, Number.NaN, words, 'UTC'));
  });

  it('gives the exact time with milliseconds', () => {
    assert.equal(formatClock(Date.UTC(2026, 10, 24, 0, 2, 3, 45), words, 'UTC'), '00:02:03.045');
    assert.equal(
      formatDateTime(Date.UTC(2026, 10, 24, 0, 2, 3, 45), words, 'UTC'),
      '24 Nov 2026 00:02:03.045',
    );
  });
});

describe('times in a list of runs', () => {
  const now = Date.parse('2025-11-18T14:02:00Z');
  const started = (time: string): string => formatStarted(Date.parse(time), now, 'UTC');

  it('have their date where that is not today, and its year where that is not this one', () => {
    assert.equal(started('2025-11-18T00:00:01Z'), '00:00:01');
    assert.equal(started('2025-11-17T23:59:59Z'), '17 Nov 23:59:59');
    assert.equal(started('2024-02-29T12:00:00Z'), '29 Feb 2024 12:00:00');
    assert.equal(formatStarted(1e300, now), '–');
  });

  it('are so long ago, in the largest whole unit', () => {
    const ago = (ms: number): string => formatAgo(now - ms, now, words);
    assert.deepEqual(
      [0, 59_000, 3_599_000, 3_600_000, 86_399_000, 86_400_000, 86_400_000 * 1234].map(ago),
      ['now', '59s ago', '1h ago', '1h ago', '1d ago', '1d ago', '1,234d ago'],
    );
  });

  it('name a bucket as finely as it is wide', () => {
    const at = Date.parse('2025-11-17T09:00:00Z');
    assert.equal(formatBucket(at, 86_400_000, now, 'UTC'), '17 Nov');
    assert.equal(formatBucket(at, 3_600_000, now, 'UTC'), '17 Nov 09:00');
    assert.equal(formatBucket(now, 60_000, now, 'UTC'), '14:02');
    assert.equal(isToday(at, now, 'UTC'), false);
    assert.equal(isToday(now - 3_600_000, now, 'UTC'), true);
  });
});
