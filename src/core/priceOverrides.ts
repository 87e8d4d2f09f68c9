import type { UnixMs } from './model.ts';
import type { Price, Rates } from './price.ts';

/** A price as users write it, in US dollars per million tokens. */
export interface PriceOverride {
  /** Tokens that were neither read from nor written to the cache. */
  readonly input: number;
  /** With those that the model thought in. */
  readonly output: number;
  /** Tokens that were read from the cache. What is absent costs what other input does, as with the next two. */
  readonly cacheRead?: number;
  /** Tokens that were written to the cache for five minutes. */
  readonly cacheWrite5m?: number;
  /** Tokens that were written to it for an hour. */
  readonly cacheWrite1h?: number;
  /** A prompt of more tokens than `above`, cache included, is billed at these prices, as a whole. */
  readonly longPrompt?: Omit<PriceOverride, 'longPrompt' | 'from' | 'until'> & {
    readonly above: number;
  };
  /** From this day on: `2026-10-07`, UTC. */
  readonly from?: string;
  /** Until the end of the day before. */
  readonly until?: string;
}

/** By model id; several prices of one model are told apart by their dates. */
export type PriceOverrides = Readonly<Record<string, PriceOverride | readonly PriceOverride[]>>;

/**
 * @internal Reads prices of the user, from a setting or an option. They come before those of a table:
 * `[...readPriceOverrides(setting).prices, ...priceTable]`.
 *
 * @returns what could be read, and what is wrong with the rest, each in a few words after its model
 */
export function readPriceOverrides(value: unknown): {
  readonly prices: readonly Price[];
  readonly problems: readonly string[];
} {
  const prices: Price[] = [];
  const problems: string[] = [];
  for (const [model, entry] of Object.entries(isObject(value) ? value : {})) {
    for (const one of Array.isArray(entry) ? entry : [entry]) {
      try {
        prices.push(priceFrom(model, one));
      } catch (error) {
        problems.push(`${model}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
  if (value !== undefined && value !== null && !isObject(value)) problems.push('not an object');
  return { prices, problems };
}

function priceFrom(model: string, value: unknown): Price {
  if (!isObject(value)) throw new Error('not an object');
  const from = day(value, 'from');
  const until = day(value, 'until');
  const long = value.longPrompt;
  if (long !== undefined && !isObject(long)) throw new Error('longPrompt is not an object');
  return {
    model,
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    rates: ratesFrom(value),
    ...(long && { longPrompt: { above: amount(long, 'above'), rates: ratesFrom(long) } }),
    source: 'user',
  };
}

function ratesFrom(value: Readonly<Record<string, unknown>>): Rates {
  const input = amount(value, 'input');
  return {
    input,
    cacheWrite5m: amount(value, 'cacheWrite5m', input),
    cacheWrite1h: amount(value, 'cacheWrite1h', input),
    cacheRead: amount(value, 'cacheRead', input),
    output: amount(value, 'output'),
  };
}

function amount(
  fields: Readonly<Record<string, unknown>>,
  key: string,
  absent: number | undefined = undefined,
): number {
  const value = fields[key] ?? absent;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new Error(`${key} is ${value === undefined ? 'missing' : 'not a number of 0 or more'}`);
}

function day(fields: Readonly<Record<string, unknown>>, key: string): UnixMs | undefined {
  const value = fields[key];
  if (value === undefined) return undefined;
  const time =
    typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw new Error(`${key} is not a date like 2026-10-07`);
  return time;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
