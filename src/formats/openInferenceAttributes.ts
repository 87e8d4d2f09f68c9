import { type Fields, fieldsOf, textOf } from '../core/fields.ts';
import type { SpanKind } from '../core/model.ts';
import { inputTokens } from '../core/usage.ts';
import { otlpOf, plainJson } from './exactJson.ts';
import type { ExportedSpan } from './exportedSpan.ts';
import { asText, ownFields, providerOf } from './genAiAttributes.ts';
import { finishReasonOf, genAiRequestOf, genAiResponseOf } from './genAiMessages.ts';
import { contentOf } from './langfuseAttributes.ts';
import { type Put, putMessages } from './openInferenceMessages.ts';
import type { OtlpAttribute } from './otlp.ts';
import { factsFor } from './traceFacts.ts';

const kinds: Readonly<Record<SpanKind, string>> = {
  agent: 'AGENT',
  llm: 'LLM',
  tool: 'TOOL',
  retrieval: 'RETRIEVER',
  chain: 'CHAIN',
  other: 'CHAIN',
};

/**
 * The OpenInference names, which Phoenix's pages read (spec/semantic_conventions.md, spec/llm_spans.md and
 * spec/tool_calling.md of Arize-ai/openinference). Its prompt tokens count cached ones as well.
 */
export function openInferenceAttributes(span: ExportedSpan): readonly OtlpAttribute[] {
  const { kind, fields } = span;
  const found: OtlpAttribute[] = [];
  const put: Put = (key, value) => {
    if (value !== undefined && value !== '') found.push({ key, value });
  };
  put('openinference.span.kind', kinds[kind]);
  const { sessionId, userId, tags } = factsFor(span);
  put('session.id', sessionId);
  put('user.id', userId);
  if (tags.length > 0) put('tag.tags', tags);
  const own = ownFields(span).filter(([key]) => key !== 'tags');
  if (own.length > 0) put('metadata', plainJson(Object.fromEntries(own)));
  const { input, output } = contentOf(span);
  putValue(put, 'input', input);
  putValue(put, 'output', output);
  if (kind === 'agent') put('agent.name', span.name);
  if (kind === 'tool') {
    put('tool.name', span.toolName);
    put('tool.id', textOf(fields.tool_use_id));
    if (fields.tool_input !== undefined) put('tool.parameters', asText(fields.tool_input));
  }
  if (kind === 'llm') putCall(put, span, { input, output });
  return found;
}

/** The well-known values of `llm.provider` and `llm.system`, by those of `gen_ai.provider.name`. */
const vendors: Readonly<Record<string, readonly [provider: string, system?: string]>> = {
  anthropic: ['anthropic', 'anthropic'],
  openai: ['openai', 'openai'],
  'gcp.gemini': ['google'],
  mistral_ai: ['mistralai', 'mistralai'],
  deepseek: ['deepseek', 'deepseek'],
  x_ai: ['xai', 'xai'],
  cohere: ['cohere', 'cohere'],
};

const settings = ['temperature', 'top_p', 'top_k', 'max_tokens', 'stop_sequences', 'seed'] as const;

function putCall(put: Put, span: ExportedSpan, content: ReturnType<typeof contentOf>): void {
  const { fields, usage, cost } = span;
  const asked = fieldsOf(fields.request);
  const answer = fieldsOf(fields.response);
  put('llm.model_name', span.model);
  const [provider, system] = vendors[providerOf(span.model ?? textOf(asked.model)) ?? ''] ?? [];
  put('llm.provider', provider);
  put('llm.system', system);
  const set = settings.filter(name => asked[name] !== undefined && asked[name] !== null);
  if (set.length > 0) {
    const parameters = Object.fromEntries(set.map(name => [name, asked[name]]));
    put('llm.invocation_parameters', plainJson(parameters));
  }
  put('llm.finish_reason', finishReasonOf(answer.stop_reason));
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
  const request = content.input === undefined ? undefined : genAiRequestOf(fields.request);
  const messages = request?.messages ?? [];
  const all = request?.system ? [{ role: 'system', parts: request.system }, ...messages] : messages;
  putMessages(put, 'llm.input_messages', all);
  for (const [at, tool] of (request?.tools ?? []).entries()) {
    put(`llm.tools.${at}.tool.json_schema`, plainJson(toolSchema(tool)));
  }
  if (content.output !== undefined) {
    putMessages(put, 'llm.output_messages', genAiResponseOf(fields.response) ?? []);
  }
}

/** A function stands in a field of its own there; tools of a provider go along as they are. */
function toolSchema(tool: Fields): Fields {
  const { type, ...rest } = tool;
  return type === 'function' && rest.name !== undefined ? { type, function: rest } : tool;
}

function putValue(put: Put, side: 'input' | 'output', value: string | undefined): void {
  if (value === undefined) return;
  put(`${side}.value`, value);
  put(`${side}.mime_type`, /^[[{]/.test(value) ? 'application/json' : 'text/plain');
}
