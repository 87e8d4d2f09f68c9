import { isolated, oneLine } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import { priceOf } from '../../src/core/prices.ts';
import { priceTableVersion } from '../../src/core/priceTable.ts';
import { inputTokens } from '../../src/core/usage.ts';
import type { Words } from '../../src/core/words.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';

/** The prices that a call is reckoned with; undefined where they are not known. */
export function priceNote(
  { model, start, usage }: SpanDetail['span'],
  words: Words,
): string | undefined {
  const price = model ? priceOf(model, start) : undefined;
  if (!price) return undefined;
  const long = price.longPrompt;
  const rate = long && (inputTokens(usage) ?? 0) > long.above ? long.rates : price.rates;
  return fillIn(words.costPrice, [
    isolated(oneLine(price.model, 60)),
    ...[rate.input, rate.cacheRead, rate.cacheWrite5m, rate.cacheWrite1h, rate.output].map(
      dollars => `$${dollars}`,
    ),
    priceTableVersion,
  ]);
}
