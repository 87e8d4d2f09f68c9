import type { UnixMs, Usage, Usd } from './model.ts';
import { inputTokens } from './usage.ts';

/** US dollars per million tokens. */
export interface Rates {
  readonly input: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly cacheRead: number;
  readonly output: number;
}

export interface Price {
  readonly model: string;
  /** The price holds from this instant; open where absent. */
  readonly from?: UnixMs;
  /** Until just before this one: times have fractions, so there is no last millisecond. */
  readonly until?: UnixMs;
  readonly rates: Rates;
  /** A prompt longer than this (cache included) is billed at other rates, as a whole. */
  readonly longPrompt?: { readonly above: number; readonly rates: Rates };
}

const rates = (
  input: number,
  cacheWrite5m: number,
  cacheWrite1h: number,
  cacheRead: number,
  output: number,
): Rates => ({ input, cacheWrite5m, cacheWrite1h, cacheRead, output });

const sonnet55From = Date.UTC(2026, 9, 7);

/**
 * Anthropic's list prices, as published on platform.claude.com/docs/en/about-claude/pricing and read in
 * September and October 2026. A cache read is not always a tenth of the input: looked up, never derived.
 */
export const priceTable: readonly Price[] = [
  { model: 'claude-haiku-4-5', rates: rates(1, 1.25, 2, 0.1, 5) },
  {
    model: 'claude-haiku-5-5',
    rates: rates(0.1, 0.125, 0.2, 0.01, 0.5),
    longPrompt: { above: 100_000, rates: rates(0.5, 0.625, 1, 0.05, 2.5) },
  },
  {
    model: 'claude-sonnet-4-5',
    rates: rates(3, 3.75, 6, 0.3, 15),
    longPrompt: { above: 200_000, rates: rates(6, 7.5, 12, 0.6, 22.5) },
  },
  { model: 'claude-sonnet-4-6', rates: rates(3, 3.75, 6, 0.3, 15) },
  { model: 'claude-sonnet-5', rates: rates(2, 2.5, 4, 0.2, 10) },
  { model: 'claude-sonnet-5-5', until: sonnet55From, rates: rates(2, 2.5, 4, 0.2, 10) },
  { model: 'claude-sonnet-5-5', from: sonnet55From, rates: rates(2, 2.5, 4, 0.1, 10) },
  { model: 'claude-opus-4-5', rates: rates(5, 6.25, 10, 0.5, 25) },
  { model: 'claude-opus-4-6', rates: rates(5, 6.25, 10, 0.5, 25) },
  { model: 'claude-opus-4-7', rates: rates(5, 6.25, 10, 0.5, 25) },
  { model: 'claude-opus-4-8', rates: rates(5, 6.25, 10, 0.5, 25) },
  { model: 'claude-opus-5', rates: rates(5, 6.25, 10, 0.5, 25) },
  { model: 'claude-opus-5-5', rates: rates(4, 5, 8, 0.2, 20) },
  { model: 'claude-opus-4-1', rates: rates(15, 18.75, 30, 1.5, 75) },
  { model: 'claude-opus-4', rates: rates(15, 18.75, 30, 1.5, 75) },
  { model: 'claude-fable-5', rates: rates(10, 12.5, 20, 1, 50) },
  { model: 'claude-fable-5-1', rates: rates(10, 12.5, 20, 0.25, 50) },
  { model: 'claude-mythos-5-1', rates: rates(10, 12.5, 20, 0.25, 50) },
  { model: 'claude-3-5-haiku', rates: rates(0.8, 1, 1.6, 0.08, 4) },
];

/**
 * The price of a model at a time. Only the exact id, with or without a date (`-20251001`), matches: a
 * prefix would price an unknown newer model like its predecessor.
 */
export function priceOf(
  model: string,
  at: UnixMs | undefined,
  table: readonly Price[] = priceTable,
): Price | undefined {
  const id = model.replace(/-\d{8}$/, '');
  return table.find(
    price =>
      price.model === id &&
      (at === undefined || Number.isNaN(at)
        ? price.until === undefined
        : at >= (price.from ?? Number.NEGATIVE_INFINITY) &&
          at < (price.until ?? Number.POSITIVE_INFINITY)),
  );
}

/** The price of each part of a call. */
export interface CostParts {
  readonly input: Usd;
  readonly cacheRead: Usd;
  readonly cacheWrite5m: Usd;
  readonly cacheWrite1h: Usd;
  readonly output: Usd;
}

export function costParts(usage: Usage, price: Price): CostParts {
  const long = price.longPrompt;
  const rate = long && (inputTokens(usage) ?? 0) > long.above ? long.rates : price.rates;
  const part = (key: keyof Rates): Usd => ((usage[key] ?? 0) * rate[key]) / 1e6;
  return {
    input: part('input'),
    cacheRead: part('cacheRead'),
    cacheWrite5m: part('cacheWrite5m'),
    cacheWrite1h: part('cacheWrite1h'),
    output: part('output'),
  };
}
