import type { Usd } from '../core/model.ts';
import type { KeptRow } from './keptRow.ts';

/** What a run adds up over its spans. */
export interface Totals {
  /** Spans that have not ended. */
  open: number;
  /** The row of a run that ended before all of its spans. */
  early: KeptRow | undefined;
  spans: number;
  calls: number;
  failed: number;
  inputTokens: number;
  outputTokens: number;
  /** US dollars of the calls whose price is known. */
  costUsd: number;
  unpricedCalls: number;
}

export const newTotals = (): Totals => ({
  open: 0,
  early: undefined,
  spans: 0,
  calls: 0,
  failed: 0,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  unpricedCalls: 0,
});

export function addCall(
  totals: Totals,
  inputTokens: number,
  outputTokens: number,
  costUsd: Usd | undefined,
): void {
  totals.calls++;
  totals.inputTokens += inputTokens;
  totals.outputTokens += outputTokens;
  if (costUsd !== undefined) totals.costUsd += costUsd;
  // Without tokens there is nothing that a price would be of.
  else if (inputTokens + outputTokens > 0) totals.unpricedCalls++;
}

/** Sums over the run; not in its columns, where a sum over the table would count them twice. */
export const totalsFields = (totals: Totals): Record<string, unknown> => ({
  spans: totals.spans,
  llm_calls: totals.calls,
  failed_spans: totals.failed,
  input_tokens: totals.inputTokens,
  output_tokens: totals.outputTokens,
  cost_usd: totals.unpricedCalls > 0 ? null : totals.costUsd,
  priced_cost_usd: totals.costUsd,
  unpriced_calls: totals.unpricedCalls,
});
