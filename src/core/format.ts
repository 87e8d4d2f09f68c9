import { fillIn } from './errors.ts';
import type { Ms, UnixMs, Usd } from './model.ts';
import type { Words } from './words.ts';

/** Shown where a value is not known. */
export const none = '–';

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const fixedFormats = [0, 1, 2, 3, 4].map(
  digits =>
    new Intl.NumberFormat('en-US', {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }),
);
/** @param digits at most 4 */
const fixed = (value: number, digits: number): string => fixedFormats[digits]?.format(value) ?? '';

export const integer = (value: number): string => grouped.format(value);

/** A cost in dollars: cents from $1 up, four digits below, `<$0.0001` for what would look like nothing. */
export function formatCost(cost: Usd): string {
  if (!Number.isFinite(cost)) return none;
  const sign = cost < 0 ? '−' : '';
  const value = Math.abs(cost);
  if (value === 0) return '$0.00';
  if (value < 0.0001) return `${sign}<$0.0001`;
  if (value < 0.99995) return `${sign}$${fixed(value, 4)}`;
  if (value < 99_999.995) return `${sign}$${fixed(value, 2)}`;
  if (value < 999_500) return `${sign}$${fixed(value / 1e3, 0)}k`;
  return `${sign}$${fixed(value / 1e6, 2)}M`;
}

/** The cost of a run or file: unpriced calls are named, never counted as nothing. */
export function formatRunCost(
  cost: {
    readonly cost: Usd | undefined;
    readonly pricedCost: Usd;
    readonly unpricedCalls: number;
  },
  words: Words,
): string {
  if (cost.cost !== undefined) return formatCost(cost.cost);
  const { pricedCost, unpricedCalls: calls } = cost;
  if (pricedCost === 0) return words.unpriced;
  const unpriced = calls === 1 ? words.plusUnpricedOne : words.plusUnpricedMany;
  return `${formatCost(pricedCost)} ${fillIn(unpriced, [integer(calls)])}`;
}

/**
 * A difference with its sign. What is too small to be seen is still more or less: `+<$0.0001`.
 *
 * @param value not 0: whether that is the same, the caller says
 */
export const formatSigned = (value: number, format: (size: number) => string): string =>
  `${value < 0 ? '−' : '+'}${format(Math.abs(value))}`;

/** A duration. Rounded before it is split, so that no `1m 60s` comes out. */
export function formatDuration(ms: Ms): string {
  if (!Number.isFinite(ms)) return none;
  if (ms < 0) return `−${formatDuration(-ms)}`;
  if (ms === 0) return '0 ms';
  if (ms < 1) return '<1 ms';
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`;
  if (Math.round(ms / 10) < 6000) return `${(Math.round(ms / 10) / 100).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1440) return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
  const hours = Math.round(ms / 3_600_000);
  return `${integer(Math.floor(hours / 24))}d ${hours % 24}h`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** A token count: exact to four digits, then abbreviated. The exact value belongs in the tooltip. */
export function formatTokens(count: number): string {
  if (!Number.isFinite(count)) return none;
  if (count < 0) return `−${formatTokens(-count)}`;
  if (count < 10_000) return integer(count);
  if (count < 99_950) return `${(count / 1e3).toFixed(1)}k`;
  if (count < 999_500) return `${Math.round(count / 1e3)}k`;
  if (count < 999_950_000) return `${(count / 1e6).toFixed(2)}M`;
  return `${(count / 1e9).toFixed(2)}B`;
}

/** A share of a whole in percent; from ten times the whole on, a ratio. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return none;
  if (share < 0) return `−${formatShare(-share)}`;
  const percent = share * 100;
  if (share >= 9.995) return `${share.toFixed(1)}×`;
  if (percent === 0) return '0 %';
  if (percent < 0.1) return '<0.1 %';
  return percent < 9.95 ? `${percent.toFixed(1)} %` : `${Math.round(percent)} %`;
}

/** A size in bytes or characters. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return none;
  if (bytes < 1000) return `${integer(bytes)} B`;
  if (bytes < 999_950) return `${(bytes / 1e3).toFixed(1)} kB`;
  if (bytes < 999_950_000) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

type AgeWords = Pick<
  Words,
  'noStart' | 'ageNow' | 'ageSeconds' | 'ageMinutes' | 'ageHours' | 'ageDays' | 'ageYesterday'
>;

/**
 * How long ago, in words, by the calendar of the time zone from yesterday on.
 *
 * @param zone an IANA time zone; the environment's own where absent
 */
export function formatAge(
  time: UnixMs | undefined,
  now: UnixMs,
  words: AgeWords,
  zone?: string,
): string {
  if (!isTime(time) || !isTime(now)) return words.noStart;
  const ago = now - time;
  // Clocks of two programs differ a little.
  if (ago < 0) return ago > -60_000 ? words.ageNow : formatDay(time, now, words, zone);
  if (ago < 1500) return words.ageNow;
  const seconds = Math.round(ago / 1000);
  if (seconds < 60) return fillIn(words.ageSeconds, [seconds]);
  const minutes = Math.round(ago / 60_000);
  if (minutes < 60) return fillIn(words.ageMinutes, [minutes]);
  const hours = Math.round(ago / 3_600_000);
  if (hours < 12 || dayOf(time, zone) === dayOf(now, zone)) {
    return fillIn(words.ageHours, [hours]);
  }
  return formatDay(time, now, words, zone);
}

function formatDay(time: UnixMs, now: UnixMs, words: AgeWords, zone: string | undefined): string {
  const [today, day] = [dayOf(now, zone), dayOf(time, zone)];
  // Counted in days of the calendar: the day on which clocks change does not have 24 hours.
  if (today - day === 1) {
    const clock = parts(time, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    return fillIn(words.ageYesterday, [clock]);
  }
  return formatDate(time, now, zone);
}

type TimeWords = Pick<Words, 'noStart'>;

/** The time of day with milliseconds, as the span's header shows it. */
export function formatClock(time: UnixMs | undefined, words: TimeWords, zone?: string): string {
  if (!isTime(time)) return words.noStart;
  return parts(time, zone, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  });
}

/** A time of day to the second: without what `formatClock` and `formatDateTime` say beyond it. */
export const withoutMs = (time: string): string => time.replace(/\.\d+$/, '');

/** The absolute date and time with milliseconds. */
export function formatDateTime(time: UnixMs | undefined, words: TimeWords, zone?: string): string {
  if (!isTime(time)) return words.noStart;
  return `${parts(time, zone, { day: 'numeric', month: 'short', year: 'numeric' })} ${formatClock(time, words, zone)}`;
}

// Dates end 8.64e15 ms from the epoch (ECMAScript, Time Values); a broken tracer can record more.
const isTime = (time: UnixMs | undefined): time is UnixMs =>
  time !== undefined && Math.abs(time) <= 8.64e15;

const formatters = new Map<string, Intl.DateTimeFormat>();

function parts(
  time: UnixMs,
  zone: string | undefined,
  options: Intl.DateTimeFormatOptions,
): string {
  // Making a formatter costs more than a hundred uses of it, and lists format thousands of times.
  const key = `${zone ?? ''} ${JSON.stringify(options)}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(
      'en-GB',
      zone === undefined ? options : { ...options, timeZone: zone },
    );
    formatters.set(key, formatter);
  }
  return formatter.format(time);
}

/** The calendar day of a time, counted from 1970. */
function dayOf(time: UnixMs, zone: string | undefined): number {
  const date = parts(time, zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).split('/');
  const [day = 1, month = 1, year = 1970] = date.map(Number);
  return Math.floor(Date.UTC(year, month - 1, day) / 86_400_000);
}

const yearOf = (day: number): number => new Date(day * 86_400_000).getUTCFullYear();

/** The start of a run in a list: the time of day, and the date where it is not today's. */
export function formatStarted(time: UnixMs, now: UnixMs, zone?: string): string {
  if (!isTime(time)) return none;
  const clock = parts(time, zone, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  return dayOf(time, zone) === dayOf(now, zone) ? clock : `${formatDate(time, now, zone)} ${clock}`;
}

/** A date, with its year where that is not this one. */
export function formatDate(time: UnixMs, now: UnixMs, zone?: string): string {
  const date = { day: 'numeric', month: 'short' } as const;
  const sameYear = yearOf(dayOf(time, zone)) === yearOf(dayOf(now, zone));
  return parts(time, zone, sameYear ? date : { ...date, year: 'numeric' });
}

/** How long ago, where the date stands beside it. */
export function formatAgo(time: UnixMs, now: UnixMs, words: AgeWords): string {
  // Rounded before it is split, so that no `60m ago` comes out.
  const minutes = Math.round((now - time) / 60_000);
  if (minutes < 60) return formatAge(time, now, words);
  const hours = Math.round(minutes / 60);
  if (hours < 24) return fillIn(words.ageHours, [hours]);
  return fillIn(words.ageDays, [integer(Math.max(1, Math.floor(minutes / 1440)))]);
}

/** The begin of a bucket of a time series, as finely as the bucket is wide. */
export function formatBucket(start: UnixMs, width: Ms, now: UnixMs, zone?: string): string {
  if (!isTime(start)) return none;
  if (width >= 86_400_000) return formatDate(start, now, zone);
  const clock = parts(start, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return dayOf(start, zone) === dayOf(now, zone)
    ? clock
    : `${formatDate(start, now, zone)} ${clock}`;
}

export const isToday = (time: UnixMs, now: UnixMs, zone?: string): boolean =>
  isTime(time) && dayOf(time, zone) === dayOf(now, zone);
