import type { UnixMs } from './model.ts';

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
  /** Other ids of the same model. */
  readonly aliases?: readonly string[];
  /** The price holds from this instant; open where absent. */
  readonly from?: UnixMs;
  /** Until just before this one: times have fractions, so there is no last millisecond. */
  readonly until?: UnixMs;
  readonly rates: Rates;
  /** A prompt longer than this (cache included) is billed at other rates, as a whole. */
  readonly longPrompt?: { readonly above: number; readonly rates: Rates };
  readonly source: PriceSource;
}

/** Where a price was read; `user`: the user's own. */
export type PriceSource = 'anthropic' | 'genai-prices' | 'user';

/** In the order of Anthropic's price list. */
export const rates = (
  input: number,
  cacheWrite5m: number,
  cacheWrite1h: number,
  cacheRead: number,
  output: number,
): Rates => ({ input, cacheWrite5m, cacheWrite1h, cacheRead, output });
