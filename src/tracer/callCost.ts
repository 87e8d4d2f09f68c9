import type { UnixMs, Usd } from '../core/model.ts';
import { costParts, priceOf } from '../core/prices.ts';
import { nativeUsage } from '../core/usage.ts';

/** What a call costs by the price table; undefined where its model is not in it. */
export function callCost(model: string, usage: unknown, at: UnixMs): Usd | undefined {
  const price = priceOf(model, at);
  if (!price) return undefined;
  const parts = costParts(nativeUsage(0, 0, usage), price);
  return Object.values(parts).reduce((sum, part) => sum + part, 0);
}
