import type { UnixMs, Usage, Usd } from './model.ts';
import type { Price, Rates } from './price.ts';
import { priceTable, priceTableChecked } from './priceTable.ts';
import { inputTokens } from './usage.ts';

/**
 * The price of a model at a time; without a time, on the day that the table was checked. Only the exact id,
 * with or without a date (`-20251001`), matches: a prefix would price an unknown newer model like its
 * predecessor.
 *
 * @param table of several prices that hold, the first one counts
 */
export function priceOf(
  model: string,
  at: UnixMs | undefined,
  table: readonly Price[] = priceTable,
): Price | undefined {
  // Claude Code's mark of the larger window: the same model, at the same price.
  const plain = model.replace(/\[1m\]$/, '');
  const id = plain.replace(/-\d{8}$/, '');
  const time = at === undefined || Number.isNaN(at) ? priceTableChecked : at;
  return table.find(
    price =>
      ([id, plain, model].includes(price.model) || price.aliases?.includes(plain)) &&
      time >= (price.from ?? Number.NEGATIVE_INFINITY) &&
      time < (price.until ?? Number.POSITIVE_INFINITY),
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

/** What a call is billed at: a long prompt has rates of its own. */
export const ratesOf = (usage: Usage, { rates, longPrompt: long }: Price): Rates =>
  long && (inputTokens(usage) ?? 0) > long.above ? long.rates : rates;

export function costParts(usage: Usage, price: Price): CostParts {
  const rate = ratesOf(usage, price);
  const part = (key: keyof Rates): Usd => ((usage[key] ?? 0) * rate[key]) / 1e6;
  return {
    input: part('input'),
    cacheRead: part('cacheRead'),
    cacheWrite5m: part('cacheWrite5m'),
    cacheWrite1h: part('cacheWrite1h'),
    output: part('output'),
  };
}

/** What a batch costs of the list price, by Anthropic's price list: for all models, and for all kinds of tokens. */
const batchFactor = 0.5;

/**
 * What a call costs by a price table, with what it was billed for beside its own counts; undefined where a
 * price is not known.
 */
export function tableCost(
  model: string | undefined,
  usage: Usage,
  at: UnixMs | undefined,
  table?: readonly Price[],
): Usd | undefined {
  if (usage.billed === 'other') return undefined;
  let cost = 0;
  for (const part of [{ model, usage }, ...(usage.beside ?? [])]) {
    const price = priceOf(part.model ?? model ?? '', at, table);
    if (!price) return undefined;
    cost += Object.values(costParts(part.usage, price)).reduce((sum, one) => sum + one, 0);
  }
  return usage.billed === 'batch' ? cost * batchFactor : cost;
}
