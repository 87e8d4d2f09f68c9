import assert from 'node:assert/strict';
import { timeTicks } from '../../src/core/timeAxis.ts';
import { between, clampRange, pan, viewOf, zoomAbout } from '../../src/core/timeZoom.ts';

const labels = (from: number, to: number, most = 8): string =>
  timeTicks({ from, to }, most)
    .map(tick => tick.label)
    .join(' | ');

describe('the time axis', () => {
  it('has round steps and no more marks than fit', () => {
    assert.equal(labels(0, 14_210), '0 | 2 s | 4 s | 6 s | 8 s | 10 s | 12 s | 14 s');
    assert.equal(labels(0, 14_210, 3), '0 | 5 s | 10 s');
    assert.equal(
      labels(0, 700),
      '0 | 100 ms | 200 ms | 300 ms | 400 ms | 500 ms | 600 ms | 700 ms',
    );
    assert.equal(labels(0, 4000, 7), '0 | 1 s | 2 s | 3 s | 4 s');
    assert.equal(labels(0, 150_000, 6), '0 | 30 s | 1m 00s | 1m 30s | 2m 00s | 2m 30s');
    assert.equal(labels(0, 9e6, 6), '0 | 30m | 1h 00m | 1h 30m | 2h 00m | 2h 30m');
    assert.equal(labels(0, 3 * 86_400_000, 4), '0 | 1d 0h | 2d 0h | 3d 0h');
  });

  it('has as many digits as tell two marks apart', () => {
    assert.equal(labels(13_400, 13_700, 3), '13.4 s | 13.5 s | 13.6 s | 13.7 s');
    assert.equal(labels(13_500, 13_503, 3), '13.500 s | 13.501 s | 13.502 s | 13.503 s');
    assert.equal(labels(0.1, 0.4, 3), '0.1 ms | 0.2 ms | 0.3 ms | 0.4 ms');
    assert.equal(labels(61_200, 61_800, 3), '1m 01.2s | 1m 01.4s | 1m 01.6s | 1m 01.8s');
    assert.equal(labels(3_661_000, 3_663_000, 2), '1h 01m 01s | 1h 01m 02s | 1h 01m 03s');
    for (const [from, to] of [
      [0, 1],
      [59_990, 60_010],
      [3_599_000, 3_601_000],
      [1e9, 1e9 + 5],
    ]) {
      const ticks = timeTicks({ from: from!, to: to! }, 8).map(tick => tick.label);
      assert.equal(new Set(ticks).size, ticks.length, ticks.join(' | '));
      assert.ok(!ticks.some(label => /60(\.0+)?s|60m/.test(label)), ticks.join(' | '));
    }
  });

  it('has no marks where there is no time', () => {
    assert.equal(labels(5, 5), '');
    assert.equal(labels(0, Number.POSITIVE_INFINITY), '');
    assert.equal(labels(0, 100, 0), '');
    assert.equal(labels(-200, 200, 2), '−200 ms | 0 | 200 ms');
  });
});

describe('zoom', () => {
  const bounds = { from: 0, to: 1000 };

  it('keeps the time under the pointer in its place', () => {
    const view = zoomAbout(bounds, 250, 0.5, bounds);
    assert.deepEqual(view, { from: 125, to: 625 });
    assert.equal((250 - view.from) / (view.to - view.from), 0.25);
  });

  it('stops at all of it, exactly, and at what times can tell', () => {
    assert.equal(zoomAbout({ from: 300, to: 700 }, 500, 10, bounds), bounds);
    let view = bounds;
    for (let i = 0; i < 100; i++) view = zoomAbout(view, 333, 0.5, bounds);
    assert.ok(Math.abs(view.to - view.from - 0.005) < 1e-9, `${view.to - view.from}`);
    assert.ok(view.from <= 333 && view.to >= 333);
  });

  it('moves no further than there is something', () => {
    assert.deepEqual(pan({ from: 100, to: 200 }, 0.5, bounds), { from: 150, to: 250 });
    assert.deepEqual(pan({ from: 100, to: 200 }, -9, bounds), { from: 0, to: 100 });
    assert.deepEqual(pan({ from: 900, to: 1000 }, 9, bounds), { from: 900, to: 1000 });
    assert.equal(pan(bounds, 0.5, bounds), bounds);
  });

  it('between two times is the same from either side', () => {
    assert.deepEqual(between(700, 300, bounds), { from: 300, to: 700 });
    assert.deepEqual(between(-50, 300, bounds), { from: 0, to: 300 });
  });

  it('comes to a span that is out of view, and leaves the view where it is in it', () => {
    const view = { from: 100, to: 200 };
    assert.equal(viewOf(view, { from: 120, to: 180 }, bounds), view);
    assert.deepEqual(viewOf(view, { from: 500, to: 510 }, bounds), { from: 455, to: 555 });
    const long = viewOf(view, { from: 500, to: 900 }, bounds);
    assert.ok(long.from < 500 && long.to > 900, 'wide enough for a longer one');
  });

  it('bears a run without a length', () => {
    const none = { from: 5, to: 5 };
    assert.deepEqual(clampRange({ from: 0, to: 9 }, none), none);
    assert.deepEqual(zoomAbout(none, 5, 0.5, none), none);
  });
});
