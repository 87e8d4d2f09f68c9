import type { Ms, UnixMs } from '../core/model.ts';

/**
 * What is added to UTC to get the local time at a moment.
 *
 * @param zone an IANA time zone; the environment's own where absent
 */
export function zoneOffset(now: UnixMs, zone: string | undefined): Ms {
  if (zone === undefined) return -new Date(now).getTimezoneOffset() * 60_000;
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'longOffset' });
  const { value = '' } = format.formatToParts(now).find(part => part.type === 'timeZoneName') ?? {};
  // `GMT` alone is that time itself.
  const [, sign, hours = 0, minutes = 0] = /([+-])(\d+):(\d+)/.exec(value) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
