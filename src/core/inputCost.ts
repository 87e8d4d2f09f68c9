import type { Span, Usd } from './model.ts';
import type { Price } from './price.ts';
import { costParts, priceOf } from './prices.ts';
import { inputTokens, totalTokens } from './usage.ts';

/**
 * What the input of a call cost. Of a cost that was recorded as one sum, the part is taken by the price
 * table's ratio, or by token counts where the model has no price. 0 where no cost is known.
 */
export function inputCost(
  span: Pick<Span, 'cost' | 'usage' | 'model' | 'start'>,
  table?: readonly Price[],
): Usd {
  const { cost, usage, model, start } = span;
  const input = inputTokens(usage);
  if (!cost || !input) return 0;
  const price = model ? priceOf(model, start, table) : undefined;
  if (price) {
    const { output, ...rest } = costParts(usage, price);
    const ofInput = Object.values(rest).reduce((a, b) => a + b, 0);
    if (ofInput + output > 0) return (cost * ofInput) / (ofInput + output);
  }
  return (cost * input) / (totalTokens(usage) ?? input);
}
