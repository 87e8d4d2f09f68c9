/** Fields of a span's metadata that hold no content; the others are left out where only metadata is kept. */
const kept = new Set([
  'kind',
  'usage',
  'tool_name',
  'tool_use_id',
  'result_length',
  'source',
  'retries',
  'redacted',
  'price_version',
  // The fields of audit.ts and the sums of a run.
  'session_id',
  'user_id',
  'tags',
  'git',
  'versions',
  'host',
  'totals',
  'spans',
  'llm_calls',
  'failed_spans',
  'input_tokens',
  'output_tokens',
  'cost_usd',
  'priced_cost_usd',
  'unpriced_calls',
  'request_id',
  'time_to_first_token_ms',
  'incomplete',
  'stopped_early',
  'betas',
  'http_status',
  // Events of a call.
  'attempt',
  'status',
  'error_type',
  'wait_ms',
  'retry_after_ms',
  'remote_parent_span_id',
  'replay_of_run',
  'replay_of_span',
  'exception.type',
]);

const keptWithin: Readonly<Record<string, ReadonlySet<string>>> = {
  request: new Set([
    'model',
    'max_tokens',
    'temperature',
    'top_p',
    'top_k',
    'stream',
    'service_tier',
    'thinking',
  ]),
  response: new Set(['id', 'type', 'role', 'model', 'stop_reason', 'usage']),
};

const keptAttributes =
  /^gen_ai\.(?:usage\.|system$|operation\.name$|provider\.name$|conversation\.id$|agent\.(?:name|id)$|tool\.(?:name|type|call\.id)$|response\.(?:id|model|finish_reasons)$|request\.(?:model|max_tokens|temperature|top_p|top_k|seed|stream|choice\.count)$)/;

/** Whether a field holds content. `within` is the field that it stands in; undefined at the top. */
export function isContent(key: string, within: string | undefined): boolean {
  if (within === undefined)
    return !(kept.has(key) || Object.hasOwn(keptWithin, key) || keptAttributes.test(key));
  return Object.hasOwn(keptWithin, within) && !keptWithin[within]?.has(key);
}
