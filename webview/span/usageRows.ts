import { formatCost, integer } from '../../src/core/format.ts';
import type { Usage } from '../../src/core/model.ts';
import type { Price } from '../../src/core/price.ts';
import { costParts, priceOf } from '../../src/core/prices.ts';
import { totalTokens } from '../../src/core/usage.ts';
import type { WordKey } from '../../src/core/words.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';

export interface UsageRow {
  readonly label: WordKey;
  readonly tokens: string;
  readonly cost: string;
}

const labels = [
  ['input', 'uncachedInput'],
  ['cacheRead', 'cacheRead'],
  ['cacheWrite5m', 'cacheWrite5m'],
  ['cacheWrite1h', 'cacheWrite1h'],
  ['output', 'output'],
] as const satisfies readonly (readonly [keyof Usage, WordKey])[];

/** The tokens of a call by kind with what each cost, and their sum; empty where nothing was recorded. */
export function usageRows(span: SpanDetail['span'], table?: readonly Price[]): readonly UsageRow[] {
  const { usage, cost } = span;
  const total = totalTokens(usage);
  if (!total) return [];
  const parts = pricedParts(span, table);
  const rows = labels
    .filter(([key]) => usage[key] !== undefined && (usage[key] !== 0 || key !== 'cacheWrite1h'))
    .map(([key, label]) => ({
      label,
      tokens: integer(usage[key] ?? 0),
      cost: parts ? formatCost(parts[key]) : '',
    }));
  const sum = cost === undefined ? '' : formatCost(cost);
  return [...rows, { label: 'total', tokens: integer(total), cost: sum }];
}

/** Costs by kind, only where they add up to the span's own: a recorded cost may rest on other prices. */
function pricedParts(
  span: SpanDetail['span'],
  table: readonly Price[] | undefined,
): ReturnType<typeof costParts> | undefined {
  if (span.cost === undefined || !span.model) return undefined;
  const price = priceOf(span.model, span.start, table);
  if (!price) return undefined;
  const parts = costParts(span.usage, price);
  const sum = Object.values(parts).reduce((a, b) => a + b, 0);
  return Math.abs(sum - span.cost) <= Math.max(sum, span.cost) * 0.005 ? parts : undefined;
}
