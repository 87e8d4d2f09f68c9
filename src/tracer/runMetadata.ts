import type { GitState } from '../node/gitState.ts';
import type { RunOptions, TracerOptions } from './options.ts';
import type { Totals } from './span.ts';

/** What the outermost span of a run keeps beside its own metadata. */
export function runMetadata(
  input: unknown,
  options: RunOptions,
  tracer: TracerOptions,
): Record<string, unknown> {
  const sessionId = options.sessionId ?? tracer.sessionId;
  const user = options.user ?? tracer.user;
  const tags = tracer.tags || options.tags ? { ...tracer.tags, ...options.tags } : undefined;
  return {
    kind: options.kind ?? 'agent',
    ...(input !== undefined && { input }),
    ...(sessionId !== undefined && { session_id: sessionId }),
    ...(user !== undefined && { user_id: user }),
    ...(tags && { tags }),
    ...options.metadata,
  };
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

export const gitFields = (git: GitState): Record<string, unknown> => ({
  commit: git.commit,
  dirty: git.dirty,
  ...(git.branch !== undefined && { branch: git.branch }),
});
