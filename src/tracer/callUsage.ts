/**
 * Token counts as the Messages API gives them (`response.usage`), or as much of them as there is; or as
 * OpenAI's chat completions do.
 */
export interface CallUsage {
  /** Tokens that were neither read from nor written to the cache. */
  readonly input_tokens?: number | null | undefined;
  /** With those that the model thought in. */
  readonly output_tokens?: number | null | undefined;
  /** Tokens that were read from the cache. */
  readonly cache_read_input_tokens?: number | null | undefined;
  /** Tokens that were written to the cache. */
  readonly cache_creation_input_tokens?: number | null | undefined;
  /** The written tokens by how long they are kept; without it, all are kept for 5 minutes. */
  readonly cache_creation?:
    | {
        readonly ephemeral_5m_input_tokens?: number | null | undefined;
        readonly ephemeral_1h_input_tokens?: number | null | undefined;
      }
    | null
    | undefined;
  /** What the API did by itself, with counts of its own: shortening a context is billed, and only here. */
  readonly iterations?: readonly object[] | null | undefined;
  /** `batch` costs half; `priority` has no known price. */
  readonly service_tier?: string | null | undefined;
  /** `fast` has no known price. */
  readonly speed?: string | null | undefined;
  /** As `input_tokens`, with what was read from the cache. */
  readonly prompt_tokens?: number | null | undefined;
  /** As `output_tokens`. */
  readonly completion_tokens?: number | null | undefined;
  /** What of the prompt was read from the cache. */
  readonly prompt_tokens_details?:
    | { readonly cached_tokens?: number | null | undefined }
    | null
    | undefined;
}

/** @internal A count as it is kept; what is no count is 0. */
export const tokens = (count: number | null | undefined): number =>
  typeof count === 'number' && count >= 0 && Number.isFinite(count) ? Math.round(count) : 0;
