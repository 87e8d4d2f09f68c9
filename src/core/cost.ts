import type { CostSource, Span, UnixMs, Usage, Usd } from './model.ts';
import type { Price } from './price.ts';
import { tableCost } from './prices.ts';
import { totalTokens } from './usage.ts';

/**
 * What a call cost: as recorded, else by the price table at its date. A call with tokens whose price is
 * not known is unpriced: tracers write 0 for a model that their own table lacks.
 *
 * @param recorded the cost column; what is no amount counts as not recorded, and so does 0 but of a call
 *   that failed: an API does not bill what it refused, whose input tracers may have counted
 */
export function callCost(
  recorded: Usd | undefined,
  usage: Usage,
  model: string | undefined,
  at: UnixMs | undefined,
  table?: readonly Price[],
  hasFailed = false,
): { cost: Usd | undefined; costSource: CostSource } {
  if (recorded !== undefined && recorded > 0 && Number.isFinite(recorded)) {
    return { cost: recorded, costSource: 'recorded' };
  }
  if (recorded === 0 && hasFailed && totalTokens(usage)) {
    return { cost: 0, costSource: 'recorded' };
  }
  if (!totalTokens(usage)) {
    return recorded === undefined || !model
      ? { cost: undefined, costSource: 'none' }
      : { cost: 0, costSource: 'recorded' };
  }
  const cost = tableCost(model, usage, at, table);
  return { cost, costSource: cost === undefined ? 'unpriced' : 'computed' };
}

/** The cost of several spans: undefined as soon as one call is unpriced; a run without calls costs 0. */
export function sumCost(spans: Iterable<Span>): {
  cost: Usd | undefined;
  pricedCost: Usd;
  unpricedCalls: number;
} {
  let pricedCost = 0;
  let unpricedCalls = 0;
  for (const span of spans) {
    if (span.costSource === 'unpriced') unpricedCalls++;
    else pricedCost += span.cost ?? 0;
  }
  return { cost: unpricedCalls > 0 ? undefined : pricedCost, pricedCost, unpricedCalls };
}

/** The cost of several runs, by the same rule. */
export function addRunCosts(
  runs: Iterable<{ readonly pricedCost: Usd; readonly unpricedCalls: number }>,
): { cost: Usd | undefined; pricedCost: Usd; unpricedCalls: number } {
  let pricedCost = 0;
  let unpricedCalls = 0;
  for (const run of runs) {
    pricedCost += run.pricedCost;
    unpricedCalls += run.unpricedCalls;
  }
  return { cost: unpricedCalls > 0 ? undefined : pricedCost, pricedCost, unpricedCalls };
}
