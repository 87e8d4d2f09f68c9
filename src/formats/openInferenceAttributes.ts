import { textOf } from '../core/fields.ts';
import type { SpanKind } from '../core/model.ts';
import { inputTokens } from '../core/usage.ts';
import { otlpOf, plainJson } from './exactJson.ts';
import type { ExportedSpan } from './exportedSpan.ts';
import { asText } from './genAiAttributes.ts';
import { type GenAiMessage, genAiRequestOf, genAiResponseOf } from './genAiMessages.ts';
import { contentOf } from './langfuseAttributes.ts';
import type { OtlpAttribute, OtlpValue } from './otlp.ts';

const kinds: Readonly<Record<SpanKind, string>> = {
  agent: 'AGENT',
  llm: 'LLM',
  tool: 'TOOL',
  retrieval: 'RETRIEVER',
  chain: 'CHAIN',
  other: 'CHAIN',
};

/**
 * The OpenInference names, which Phoenix's pages read (spec/semantic_conventions.md of Arize-ai/openinference).
 * Its prompt tokens count cached ones as well.
 */
export function openInferenceAttributes(span: ExportedSpan): readonly OtlpAttribute[] {
  const { kind, fields, usage, cost } = span;
  const found: OtlpAttribute[] = [];
  const put = (key: string, value: OtlpValue): void => {
    if (value !== undefined && value !== '') found.push({ key, value });
  };
  put('openinference.span.kind', kinds[kind]);
  put('session.id', span.sessionId ?? textOf(fields.session_id));
  const { input, output } = contentOf(span);
  putValue(put, 'input', input);
  putValue(put, 'output', output);
  if (kind === 'tool') {
    put('tool.name', span.toolName);
    put('tool.id', textOf(fields.tool_use_id));
    if (fields.tool_input !== undefined) put('tool.parameters', asText(fields.tool_input));
  }
  if (kind !== 'llm') return found;
  put('llm.model_name', span.model);
  const prompt = inputTokens(usage);
  put('llm.token_count.prompt', otlpOf(prompt));
  put('llm.token_count.completion', otlpOf(usage.output));
  if (prompt !== undefined) put('llm.token_count.total', otlpOf(prompt + (usage.output ?? 0)));
  put('llm.token_count.prompt_details.cache_read', otlpOf(usage.cacheRead));
  const { cacheWrite5m, cacheWrite1h } = usage;
  if (cacheWrite5m !== undefined || cacheWrite1h !== undefined) {
    const written = (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0);
    put('llm.token_count.prompt_details.cache_write', otlpOf(written));
  }
  put('llm.token_count.completion_details.reasoning', otlpOf(usage.reasoning));
  put('llm.cost.total', cost);
  const request = input === undefined ? undefined : genAiRequestOf(fields.request);
  const system = request?.system;
  const messages = request?.messages ?? [];
  const all = system ? [{ role: 'system', parts: system }, ...messages] : messages;
  putMessages(put, 'llm.input_messages', all);
  for (const [at, tool] of (request?.tools ?? []).entries()) {
    put(`llm.tools.${at}.tool.json_schema`, plainJson(tool));
  }
  if (output !== undefined) {
    putMessages(put, 'llm.output_messages', genAiResponseOf(fields.response) ?? []);
  }
  return found;
}

type Put = (key: string, value: OtlpValue) => void;

function putValue(put: Put, side: 'input' | 'output', value: string | undefined): void {
  if (value === undefined) return;
  put(`${side}.value`, value);
  put(`${side}.mime_type`, /^[[{]/.test(value) ? 'application/json' : 'text/plain');
}

/** Of longer conversations the latest: engines bound how many attributes a span has. */
const mostMessages = 60;

function putMessages(put: Put, prefix: string, messages: readonly GenAiMessage[]): void {
  for (const [at, { role, parts }] of messages.slice(-mostMessages).entries()) {
    const message = `${prefix}.${at}.message`;
    put(`${message}.role`, role);
    let calls = 0;
    const texts: string[] = [];
    for (const part of parts) {
      if (part.type === 'tool_call') {
        const call = `${message}.tool_calls.${calls++}.tool_call`;
        put(`${call}.id`, textOf(part.id));
        put(`${call}.function.name`, textOf(part.name));
        put(`${call}.function.arguments`, asText(part.arguments ?? {}));
      } else if (part.type === 'tool_call_response') {
        put(`${message}.tool_call_id`, textOf(part.id));
        texts.push(asText(part.response ?? ''));
      } else if (part.type === 'text') texts.push(asText(part.content ?? ''));
      else texts.push(part.type === 'blob' ? `[${part.mime_type}]` : plainJson(part));
    }
    put(`${message}.content`, texts.join('\n'));
  }
}
