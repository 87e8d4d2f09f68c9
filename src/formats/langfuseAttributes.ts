import { fieldsOf } from '../core/fields.ts';
import type { SpanKind } from '../core/model.ts';
import { plainJson } from './exactJson.ts';
import type { ExportedSpan } from './exportedSpan.ts';
import { asText, ownFields } from './genAiAttributes.ts';
import { genAiRequestOf, genAiResponseOf } from './genAiMessages.ts';
import type { OtlpAttribute, OtlpValue } from './otlp.ts';
import { factsFor } from './traceFacts.ts';

const types: Readonly<Record<SpanKind, string>> = {
  agent: 'agent',
  llm: 'generation',
  tool: 'tool',
  retrieval: 'retriever',
  chain: 'chain',
  other: 'span',
};

/**
 * The names that Langfuse reads before all others (the tables of attribute mapping at
 * https://langfuse.com/integrations/native/opentelemetry). Name, user, session and tags of the trace are wanted on each
 * span ("propagating attributes", there); only what is below `metadata` can be filtered by.
 */
export function langfuseAttributes(span: ExportedSpan): readonly OtlpAttribute[] {
  const { kind, usage, cost, model } = span;
  const found: OtlpAttribute[] = [];
  const put = (key: string, value: OtlpValue): void => {
    if (value !== undefined && value !== '') found.push({ key, value });
  };
  const trace = factsFor(span);
  put('langfuse.observation.type', types[kind]);
  put('langfuse.trace.name', trace.name);
  put('session.id', trace.sessionId);
  put('user.id', trace.userId);
  if (trace.tags.length > 0) put('langfuse.trace.tags', trace.tags);
  const { input, output } = contentOf(span);
  put('langfuse.observation.input', input);
  put('langfuse.observation.output', output);
  if (kind === 'llm') {
    put('langfuse.observation.model.name', model);
    put('langfuse.observation.usage_details', plainJson(usageDetails(usage)));
    if (cost !== undefined) put('langfuse.observation.cost_details', plainJson({ total: cost }));
    put('langfuse.observation.completion_start_time', firstTokenAt(span));
  }
  if (span.status === 'error') {
    put('langfuse.observation.level', 'ERROR');
    put('langfuse.observation.status_message', span.error);
  }
  if (span.parentSpanId === undefined) {
    put('langfuse.trace.input', input);
    put('langfuse.trace.output', output);
  }
  for (const [key, value] of ownFields(span)) {
    if (key !== 'tags') put(`langfuse.observation.metadata.${key}`, asText(value));
  }
  return found;
}

function firstTokenAt({ start, fields }: ExportedSpan): string | undefined {
  const after = fields.time_to_first_token_ms;
  if (start === undefined || typeof after !== 'number') return undefined;
  const at = new Date(start * 1000 + after);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/**
 * As Langfuse names and prices them (worker/src/constants/default-model-prices.json of langfuse/langfuse): its input
 * leaves the cache out, as ours does. Its output leaves out reasoning that has a count of its own, for which Claude
 * has no price there: ours stays whole.
 */
function usageDetails(usage: ExportedSpan['usage']): Readonly<Record<string, unknown>> {
  return {
    input: usage.input,
    output: usage.output,
    input_cached_tokens: usage.cacheRead,
    input_cache_creation_5m: usage.cacheWrite5m,
    input_cache_creation_1h: usage.cacheWrite1h,
  };
}

/** What went in and what came out, as text or JSON; undefined where it was not recorded, or may not go. */
export function contentOf({ kind, fields }: ExportedSpan): {
  readonly input: string | undefined;
  readonly output: string | undefined;
} {
  if (kind === 'tool' || kind === 'retrieval') {
    const { tool_input, tool_result } = fields;
    return {
      input: tool_input === undefined ? undefined : asText(tool_input),
      output: tool_result === undefined ? undefined : asText(tool_result),
    };
  }
  const hasMessages = Array.isArray(fields.request) || fieldsOf(fields.request).messages;
  const hasAnswer =
    typeof fields.response !== 'object' ||
    Array.isArray(fields.response) ||
    'content' in fieldsOf(fields.response) ||
    'choices' in fieldsOf(fields.response);
  const request = genAiRequestOf(hasMessages ? fields.request : fields.input);
  const response = genAiResponseOf(hasAnswer ? (fields.response ?? fields.output) : fields.output);
  const system = request?.system && [{ role: 'system', parts: request.system }];
  return {
    input: request && plainJson([...(system ?? []), ...request.messages]),
    output: response && plainJson(response),
  };
}
