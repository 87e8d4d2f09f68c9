import type { Span, Usd } from './model.ts';
import type { Price } from './price.ts';
import { priceOf, tableCost } from './prices.ts';
import { totalTokens } from './usage.ts';

/** A recorded cost, and what the same call costs by the price table. */
export interface RecomputedCost {
  readonly recorded: Usd;
  readonly recomputed: Usd;
  readonly price: Price;
}

/**
 * What a call of recorded cost costs by the price table at its date, where the two differ by more than
 * rounding. Undefined where nothing was recorded, the price is not known or the two agree. A cost of 0 is
 * that of a call that failed, which no table knows.
 */
export function recomputedCost(
  span: Pick<Span, 'cost' | 'costSource' | 'usage' | 'model' | 'start'>,
  table?: readonly Price[],
): RecomputedCost | undefined {
  const { cost: recorded, costSource, usage, model, start } = span;
  if (costSource !== 'recorded' || !recorded || !model || !totalTokens(usage)) {
    return undefined;
  }
  const price = priceOf(model, start, table);
  if (!price) return undefined;
  const recomputed = tableCost(model, usage, start, table);
  if (recomputed === undefined) return undefined;
  return differs(recorded, recomputed) ? { recorded, recomputed, price } : undefined;
}

/** Tracers round what they record, to cents at the coarsest; half a percent more is nobody's concern. */
function differs(recorded: Usd, recomputed: Usd): boolean {
  const [, fraction = '', exponent = '0'] =
    /^\d+(?:\.(\d+))?(?:e(-?\d+))?$/.exec(String(recorded)) ?? [];
  const decimals = Math.max(2, fraction.length - Number(exponent));
  const rounding = Math.max(10 ** -decimals / 2, Math.max(recorded, recomputed) * 0.005);
  return Math.abs(recorded - recomputed) > rounding * (1 + 1e-9);
}
