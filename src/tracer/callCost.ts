import type { UnixMs, Usage, Usd } from '../core/model.ts';
import type { Price } from '../core/price.ts';
import { costParts, priceOf } from '../core/prices.ts';
import { nativeUsage } from '../core/usage.ts';

/**
 * Token counts as the Messages API gives them (`response.usage`), or as much of them as there is; or as
 * OpenAI's chat completions do.
 */
export interface CallUsage {
  /** Tokens that were neither read from nor written to the cache. */
  readonly input_tokens?: number | null | undefined;
  readonly output_tokens?: number | null | undefined;
  readonly cache_read_input_tokens?: number | null | undefined;
  readonly cache_creation_input_tokens?: number | null | undefined;
  /** The written tokens by how long they are kept; without it, all are kept for 5 minutes. */
  readonly cache_creation?:
    | {
        readonly ephemeral_5m_input_tokens?: number | null | undefined;
        readonly ephemeral_1h_input_tokens?: number | null | undefined;
      }
    | null
    | undefined;
  /** What was read from the cache included. */
  readonly prompt_tokens?: number | null | undefined;
  readonly completion_tokens?: number | null | undefined;
  readonly prompt_tokens_details?:
    | { readonly cached_tokens?: number | null | undefined }
    | null
    | undefined;
}

/** What a call costs by the price table; undefined where its model is not in it. */
export const callCost = (
  model: string,
  usage: unknown,
  at: UnixMs,
  table: readonly Price[],
): Usd | undefined => usageCost(model, nativeUsage(0, 0, usage), at, table);

export function usageCost(
  model: string,
  usage: Usage,
  at: UnixMs,
  table: readonly Price[],
): Usd | undefined {
  const price = priceOf(model, at, table);
  if (!price) return undefined;
  return Object.values(costParts(usage, price)).reduce((sum, part) => sum + part, 0);
}

/** A count as it is kept; what is no count is 0. */
export const tokens = (count: number | null | undefined): number =>
  typeof count === 'number' && count >= 0 && Number.isFinite(count) ? Math.round(count) : 0;
