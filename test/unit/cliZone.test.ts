import assert from 'node:assert/strict';
import { zoneOffset } from '../../src/cli/zone.ts';

const hour = 3_600_000;

describe('the offset of a time zone', () => {
  it('is that of the moment, summer time and half hours included', () => {
    const [winter, summer] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 6, 1)];
    assert.equal(zoneOffset(winter, 'UTC'), 0);
    assert.deepEqual(
      [winter, summer].map(at => zoneOffset(at, 'Europe/Berlin') / hour),
      [1, 2],
    );
    assert.equal(zoneOffset(winter, 'Asia/Kolkata') / hour, 5.5);
    assert.equal(zoneOffset(winter, 'America/St_Johns') / hour, -3.5);
    assert.equal(zoneOffset(winter, undefined), -new Date(winter).getTimezoneOffset() * 60_000);
  });
});
