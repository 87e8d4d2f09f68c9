import assert from 'node:assert/strict';
import { isZone, zoneOffsets } from '../../src/core/zone.ts';

const hour = 3_600_000;
const at = (zone: string | number, ...times: readonly string[]) => {
  const offsets = zoneOffsets(zone);
  return times.map(time => offsets(Date.parse(time)) / hour);
};

describe('the offset of a time zone', () => {
  it('is that of the moment, summer time and half hours included', () => {
    const both = ['2026-01-01T00:00Z', '2026-07-01T00:00Z'];
    assert.deepEqual(at('UTC', ...both), [0, 0]);
    assert.deepEqual(at('Europe/Berlin', ...both), [1, 2]);
    assert.deepEqual(at('Asia/Kolkata', ...both), [5.5, 5.5]);
    assert.deepEqual(at('America/St_Johns', ...both), [-3.5, -2.5]);
    assert.deepEqual(at(-3 * hour, ...both), [-3, -3]);
  });

  it('changes at the very moment at which clocks do', () => {
    const spring = ['2026-03-29T00:59:59.999Z', '2026-03-29T01:00Z', '2026-03-28T12:00Z'];
    assert.deepEqual(at('Europe/Berlin', ...spring), [1, 2, 1]);
    const autumn = ['2026-11-01T05:59:59Z', '2026-11-01T06:00Z', '2026-11-01T23:00Z'];
    assert.deepEqual(at('America/New_York', ...autumn), [-4, -5, -5]);
  });

  it('is none of a moment that no calendar has, and no zone is made up', () => {
    const offsets = zoneOffsets('Europe/Berlin');
    assert.deepEqual([Number.NaN, 1e18, -1e18].map(offsets), [0, 0, 0]);
    assert.deepEqual(
      ['Europe/Berlin', 0, -hour, 'Middle/Earth', '', Number.NaN, null, 'x'.repeat(1e6)].map(
        isZone,
      ),
      [true, true, true, false, false, false, false, false],
    );
  });
});
