import { fieldsOf, textOf } from '../core/fields.ts';
import type { SpanKind } from '../core/model.ts';
import { plainJson } from './exactJson.ts';
import type { ExportedSpan } from './exportedSpan.ts';
import { asText } from './genAiAttributes.ts';
import { genAiRequestOf, genAiResponseOf } from './genAiMessages.ts';
import type { OtlpAttribute, OtlpValue } from './otlp.ts';

const types: Readonly<Record<SpanKind, string>> = {
  agent: 'agent',
  llm: 'generation',
  tool: 'tool',
  retrieval: 'retriever',
  chain: 'chain',
  other: 'span',
};

/**
 * The names that Langfuse reads before all others (property mapping at
 * https://langfuse.com/integrations/native/opentelemetry). Its input tokens leave the cache out, as ours do.
 */
export function langfuseAttributes(span: ExportedSpan): readonly OtlpAttribute[] {
  const { kind, fields, usage, cost, model } = span;
  const found: OtlpAttribute[] = [];
  const put = (key: string, value: OtlpValue): void => {
    if (value !== undefined && value !== '') found.push({ key, value });
  };
  put('langfuse.observation.type', types[kind]);
  put('session.id', span.sessionId ?? textOf(fields.session_id));
  const { input, output } = contentOf(span);
  put('langfuse.observation.input', input);
  put('langfuse.observation.output', output);
  if (kind === 'llm') {
    put('langfuse.observation.model.name', model);
    put('langfuse.observation.usage_details', plainJson(usageDetails(usage)));
    if (cost !== undefined) put('langfuse.observation.cost_details', plainJson({ total: cost }));
  }
  if (span.status === 'error') {
    put('langfuse.observation.level', 'ERROR');
    put('langfuse.observation.status_message', span.error);
  }
  if (span.parentSpanId === undefined) {
    put('langfuse.trace.name', span.name);
    put('langfuse.trace.input', input);
    put('langfuse.trace.output', output);
    const tags = Object.entries(fieldsOf(fields.tags)).map(([key, tag]) => `${key}:${asText(tag)}`);
    if (tags.length > 0) put('langfuse.trace.tags', tags);
  }
  return found;
}

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
  return {
    input: request && plainJson(request.messages),
    output: response && plainJson(response),
  };
}
