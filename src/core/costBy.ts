import type { Ms, Usd } from './model.ts';
import type { Words } from './words.ts';

/** By what costs are summed. */
export const costKeys = ['tool', 'model', 'name', 'day'] as const;
export type CostKey = (typeof costKeys)[number];

/** The row of what no tool explains. */
export const modelRow = '(model)';

/** The row of all keys that came when there were too many already. */
export const otherRow = '(other)';

/** What stands for a row that has no recorded name; undefined for one that has. */
export function costKeyWord(key: string, by: CostKey, words: Words): string | undefined {
  if (key === modelRow && by === 'tool') return words.costsModelRow;
  if (key === otherRow) return words.costsOtherRow;
  if (key !== '') return undefined;
  return by === 'model' ? words.costsNoModel : by === 'day' ? words.costsNoStart : words.noName;
}

/** What belongs to one tool, model, run name or day. */
export interface CostRow {
  readonly key: string;
  /** Tool calls, model calls or runs, whichever the row counts. */
  readonly calls: number;
  readonly errors: number;
  /** What was recorded on its spans and below them. */
  readonly ownCostUsd: Usd;
  /** `ownCostUsd`, and of a tool what its results cost as input of the next call. Rows add up by it. */
  readonly attributedCostUsd: Usd;
  /** Calls whose price is not known, and which no sum holds. */
  readonly unpricedCalls: number;
  /** Durations, by nearest rank; undefined where none is known. */
  readonly p50Ms: Ms | undefined;
  readonly p95Ms: Ms | undefined;
  readonly p99Ms: Ms | undefined;
  /** Length of the results in characters, the median and the longest; tools only. */
  readonly resultChars?: { readonly p50: number; readonly max: number } | undefined;
}
