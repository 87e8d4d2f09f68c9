import type { FieldValue, SoughtText, WrittenTime } from './ast.ts';
import type { Field } from './fields.ts';

const numeral = String.raw`(?:\d+(?:\.\d*)?|\.\d+)`;
const factors: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };
const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/** The value of a field from what was written; undefined where it cannot be one. */
export function valueFrom(field: Field, { text }: SoughtText): FieldValue | undefined {
  switch (field.type) {
    case 'text':
      return { kind: 'text' };
    case 'word': {
      const lower = text.toLowerCase();
      const aliases = field.aliases ?? {};
      const named = Object.hasOwn(aliases, lower) ? aliases[lower] : lower;
      const word = field.words?.find(one => one === named);
      return word === undefined ? undefined : { kind: 'word', word };
    }
    case 'usd':
      return asNumber(new RegExp(`^\\$?(${numeral})$`).exec(text)?.[1]);
    case 'count': {
      const [, number, letter = ''] = new RegExp(`^(${numeral})([kmg]?)$`, 'i').exec(text) ?? [];
      return asNumber(number, factors[letter.toLowerCase()]);
    }
    case 'duration':
      return asNumber(String(durationOf(text) ?? ''));
    case 'time': {
      const time = timeOf(text);
      return time && { kind: 'time', time };
    }
  }
}

function asNumber(text: string | undefined, factor = 1): FieldValue | undefined {
  if (!text) return undefined;
  const number = Number(text) * factor;
  return Number.isFinite(number) ? { kind: 'number', number } : undefined;
}

/** Milliseconds of `250ms`, `1.5h` or `1m30s`; a number needs its unit. */
function durationOf(text: string): number | undefined {
  const lower = text.toLowerCase();
  const one = `(${numeral})(ms|min|s|m|h|d|w)`;
  if (!new RegExp(`^(?:${one}){1,8}$`).test(lower)) return undefined;
  let sum = 0;
  for (const [, number, unit = ''] of lower.matchAll(new RegExp(one, 'g'))) {
    sum += Number(number) * (units[unit] ?? 0);
  }
  return sum;
}

const dateForm =
  /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(Z|[+-]\d\d:?\d\d)?)?$/i;

function timeOf(text: string): WrittenTime | undefined {
  const lower = text.toLowerCase();
  if (lower === 'today') return { kind: 'day', daysAgo: 0 };
  if (lower === 'yesterday') return { kind: 'day', daysAgo: 1 };
  const ms = durationOf(text);
  if (ms !== undefined) return { kind: 'ago', ms };
  const found = dateForm.exec(text.replace(' ', 'T'));
  if (!found) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', zone] = found;
  const thousandths = fraction.padEnd(3, '0');
  const parts = [year, month, day, hour, minute, second, thousandths].map(Number);
  const utc = exactUtc(parts);
  if (utc === undefined) return undefined;
  if (zone === undefined) return { kind: 'local', parts };
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  const ahead = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return { kind: 'utc', ms: utc - (sign === '-' ? -ahead : ahead) };
}

/** Undefined for the 31st of November and its like, which `Date` takes for another day. */
function exactUtc(parts: readonly number[]): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0] = parts;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, ms);
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return real && hour < 24 && minute < 60 && second < 60 ? date.getTime() : undefined;
}

/** A written time as a moment; days and dates without a zone are those of this machine. */
export function momentOf(time: WrittenTime, now: number): number {
  if (time.kind === 'ago') return now - time.ms;
  if (time.kind === 'utc') return time.ms;
  const date = new Date(now);
  if (time.kind === 'day') {
    date.setDate(date.getDate() - time.daysAgo);
    date.setHours(0, 0, 0, 0);
    return date.getTime();
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0] = time.parts;
  date.setFullYear(year, month - 1, day);
  date.setHours(hour, minute, second, ms);
  return date.getTime();
}
