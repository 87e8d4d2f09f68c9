import { isolated, oneLine } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import type { Price } from '../../src/core/price.ts';
import { priceOf } from '../../src/core/prices.ts';
import { priceTable, priceTableVersion } from '../../src/core/priceTable.ts';
import { inputTokens } from '../../src/core/usage.ts';
import type { Words } from '../../src/core/words.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';

/** The table with the user's own prices before it. */
export const withOwnPrices = (own: readonly Price[] = []): readonly Price[] => [
  ...own,
  ...priceTable,
];

export const isOwnPrice = (
  { model, start }: Pick<SpanDetail['span'], 'model' | 'start'>,
  table: readonly Price[],
): boolean => model !== undefined && priceOf(model, start, table)?.source === 'user';

/** The prices that a call is reckoned with; undefined where they are not known. */
export function priceNote(
  { model, start, usage }: SpanDetail['span'],
  words: Words,
  table?: readonly Price[],
): string | undefined {
  const price = model ? priceOf(model, start, table) : undefined;
  if (!price) return undefined;
  const long = price.longPrompt;
  const rate = long && (inputTokens(usage) ?? 0) > long.above ? long.rates : price.rates;
  const text = price.source === 'user' ? words.costPriceOwn : words.costPrice;
  return fillIn(text, [
    isolated(oneLine(price.model, 60)),
    ...[rate.input, rate.cacheRead, rate.cacheWrite5m, rate.cacheWrite1h, rate.output].map(
      dollars => `$${dollars}`,
    ),
    priceTableVersion,
  ]);
}
