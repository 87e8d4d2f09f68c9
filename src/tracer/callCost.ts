import type { UnixMs, Usage, Usd } from '../core/model.ts';
import type { Price } from '../core/price.ts';
import { costParts, priceOf } from '../core/prices.ts';
import { nativeUsage } from '../core/usage.ts';

/** What a call costs by the price table; undefined where its model is not in it. */
export const callCost = (
  model: string,
  usage: unknown,
  at: UnixMs,
  table: readonly Price[],
): Usd | undefined => usageCost(model, nativeUsage(0, 0, usage), at, table);

export function usageCost(
  model: string,
  usage: Usage,
  at: UnixMs,
  table: readonly Price[],
): Usd | undefined {
  const price = priceOf(model, at, table);
  if (!price) return undefined;
  return Object.values(costParts(usage, price)).reduce((sum, part) => sum + part, 0);
}
