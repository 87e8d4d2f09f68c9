import type { Price } from '../core/price.ts';
import { type PriceOverrides, readPriceOverrides } from '../core/priceOverrides.ts';
import { priceTable } from '../core/priceTable.ts';
import type { Log } from './options.ts';

/** The user's prices before those of the table; what cannot be read of them is said. */
export function pricesOf(own: PriceOverrides | undefined, log: Log): readonly Price[] {
  if (own === undefined) return priceTable;
  const { prices, problems } = readPriceOverrides(own);
  for (const problem of problems) log.error(`the option prices: ${problem}`);
  return [...prices, ...priceTable];
}

/** Models that are remembered as said. */
const mostSaid = 100;

/** Says once that a model has no price, or that a usage has no counts. */
export function unpricedWarning(log: Log): (model: string, counted: boolean) => void {
  const said = new Set<string>();
  return (model, counted) => {
    if (said.has(model) || said.size > mostSaid) return;
    said.add(model);
    const named = model === '' ? 'a call without the name of its model' : `a call of ${model}`;
    if (!counted) {
      log.info(`the usage of ${named} has no input_tokens or output_tokens: its cost is unknown`);
    } else if (model === '') log.info(`${named} is recorded without a cost`);
    else log.info(`the price of ${model} is unknown: its calls are recorded without a cost`);
  };
}
