import type { Ms, UnixMs } from './model.ts';

/** What is added to UTC to get the local time; or an IANA time zone, in which that changes with its clocks. */
export type Zone = Ms | string;

const quarter: Ms = 15 * 60_000;
const day: Ms = 24 * 60 * 60_000;
const mostKept = 10_000;

export const isZone = (value: unknown): value is Zone => {
  if (typeof value !== 'string') return typeof value === 'number' && Number.isFinite(value);
  try {
    return value.length < 100 && formatOf(value) !== undefined;
  } catch {
    // Intl throws at a zone that it does not know, which is the answer.
    return false;
  }
};

/** What is added to UTC to get the local time at a moment. */
export function zoneOffsets(zone: Zone): (at: UnixMs) => Ms {
  if (typeof zone === 'number') return () => zone;
  const format = formatOf(zone);
  const known = new Map<number, Ms>();
  // To format takes microseconds, and there may be 100,000 runs.
  const kept = (at: UnixMs): Ms => {
    const offset = known.get(at) ?? offsetAt(format, at);
    if (known.size >= mostKept) known.clear();
    known.set(at, offset);
    return offset;
  };
  return at => {
    const begin = Math.floor(at / day) * day;
    // No time zone has a calendar beyond.
    if (Number.isNaN(new Date(begin + day).getTime())) return 0;
    const offset = kept(begin);
    // Clocks change on a quarter of an hour.
    return offset === kept(begin + day) ? offset : kept(Math.floor(at / quarter) * quarter);
  };
}

const formatOf = (zone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'longOffset' });

function offsetAt(format: Intl.DateTimeFormat, at: UnixMs): Ms {
  const { value = '' } = format.formatToParts(at).find(part => part.type === 'timeZoneName') ?? {};
  // `GMT` alone is that time itself; some clocks once differed by seconds.
  const [, sign, hours = 0, minutes = 0, seconds = 0] =
    /([+-])(\d+):(\d+)(?::(\d+))?/.exec(value) ?? [];
  const size = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return (sign === '-' ? -1 : 1) * size * 1000;
}
