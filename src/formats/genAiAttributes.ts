import { fieldsOf, textOf } from '../core/fields.ts';
import type { SpanKind } from '../core/model.ts';
import { inputTokens } from '../core/usage.ts';
import { otlpOf, plainJson } from './exactJson.ts';
import type { ExportedSpan } from './exportedSpan.ts';
import { finishReasonOf, genAiRequestOf, genAiResponseOf } from './genAiMessages.ts';
import type { OtlpAttribute, OtlpValue } from './otlp.ts';

/**
 * The version of OpenTelemetry's semantic conventions whose GenAI names are written: the last one that has them
 * itself (docs/registry/attributes/gen-ai.md at v1.41.0; 1.41.1 has the same ones, and 1.42.0 moved them). Of its
 * successor (semantic-conventions-genai) one name that was changed there is written beside.
 */
export const conventionsVersion = '1.41.0';
export const schemaUrl = `https://opentelemetry.io/schemas/${conventionsVersion}`;

const operations: Readonly<Record<SpanKind, string | undefined>> = {
  llm: 'chat',
  tool: 'execute_tool',
  agent: 'invoke_agent',
  retrieval: 'retrieval',
  chain: 'invoke_workflow',
  other: undefined,
};

/** Fields of trace files that have a name in the conventions, and are written under it. */
const renamed = new Set([
  'kind',
  'request',
  'response',
  'usage',
  'tool_name',
  'tool_use_id',
  'tool_input',
  'tool_result',
  'session_id',
  'user_id',
  'source',
  'input',
  'output',
  'time_to_first_token_ms',
  'request_id',
  'otel',
]);

/** A span's attributes by the GenAI conventions, and what they have no name for under its own. */
export function genAiAttributes(span: ExportedSpan): readonly OtlpAttribute[] {
  const found = new Map<string, OtlpValue>();
  for (const [key, value] of Object.entries(span.fields)) {
    if (isNamespaced(key) && !renamed.has(key)) found.set(key, flat(value));
  }
  for (const [key, value] of ownFields(span)) found.set(`agent_trace.${key}`, flat(value));
  const put = (key: string, value: OtlpValue): void => {
    if (value !== undefined && value !== '' && !found.has(key)) found.set(key, value);
  };
  const { fields } = span;
  put('gen_ai.operation.name', operations[span.kind]);
  put('gen_ai.conversation.id', span.sessionId ?? textOf(fields.session_id));
  put('user.id', textOf(fields.user_id));
  if (span.kind === 'llm') putCall(span, put);
  else if (span.kind === 'tool' || span.toolName !== undefined) putTool(span, put);
  if (span.kind === 'agent') put('gen_ai.agent.name', span.name);
  if (span.kind === 'chain') put('gen_ai.workflow.name', span.name);
  putContent(span, put);
  const source = fieldsOf(fields.source);
  put('code.file.path', textOf(source.file));
  put('code.line.number', otlpOf(source.line));
  put('code.function.name', textOf(source.function));
  if (span.status === 'error') put('error.type', errorType(span));
  return [...found].map(([key, value]) => ({ key, value }));
}

/** What a trace file has, and the conventions have no name for. */
export const ownFields = ({ fields }: ExportedSpan): readonly (readonly [string, unknown])[] =>
  Object.entries(fields).filter(([key]) => !isNamespaced(key) && !renamed.has(key));

type Put = (key: string, value: OtlpValue) => void;

function putCall(span: ExportedSpan, put: Put): void {
  const { usage, model, fields } = span;
  const request = fieldsOf(fields.request);
  const response = fieldsOf(fields.response);
  put('gen_ai.provider.name', providerOf(model ?? textOf(request.model)));
  put('gen_ai.request.model', textOf(request.model) ?? model);
  put('gen_ai.response.model', textOf(response.model) ?? model);
  for (const name of ['max_tokens', 'seed', 'stream'] as const) {
    if (typeof request[name] !== 'object') put(`gen_ai.request.${name}`, otlpOf(request[name]));
  }
  for (const name of ['temperature', 'top_p', 'top_k'] as const) {
    // A double there, also where it is whole.
    const value = request[name];
    put(`gen_ai.request.${name}`, typeof value === 'number' ? value : undefined);
  }
  put('gen_ai.request.stop_sequences', texts(request.stop_sequences));
  put('gen_ai.response.id', textOf(response.id));
  const reason = finishReasonOf(response.stop_reason);
  put('gen_ai.response.finish_reasons', reason === undefined ? undefined : [reason]);
  const count = (key: string, value: number | undefined): void => put(key, otlpOf(value));
  const { cacheWrite5m, cacheWrite1h } = usage;
  const written =
    cacheWrite5m === undefined && cacheWrite1h === undefined
      ? undefined
      : (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0);
  // The conventions count cached tokens as input too.
  count('gen_ai.usage.input_tokens', inputTokens(usage));
  count('gen_ai.usage.output_tokens', usage.output);
  count('gen_ai.usage.cache_read.input_tokens', usage.cacheRead);
  count('gen_ai.usage.cache_creation.input_tokens', written);
  count('gen_ai.usage.cache_write.input_tokens', written);
  if (cacheWrite1h !== undefined) {
    // As the Anthropic SDK's own OpenTelemetry names them: the two have two prices.
    count('anthropic.usage.cache_creation.ephemeral_5m_input_tokens', cacheWrite5m);
    count('anthropic.usage.cache_creation.ephemeral_1h_input_tokens', cacheWrite1h);
  }
  count('gen_ai.usage.reasoning.output_tokens', usage.reasoning);
  // In dollars. The conventions have no cost; this name is the one that is read in most places.
  if (span.cost !== undefined) put('gen_ai.usage.cost', span.cost);
  const first = fields.time_to_first_token_ms;
  if (typeof first === 'number') put('gen_ai.response.time_to_first_chunk', first / 1000);
  put('request_id', textOf(fields.request_id));
}

function putTool(span: ExportedSpan, put: Put): void {
  const { fields } = span;
  put('gen_ai.tool.name', span.toolName ?? textOf(fields.tool_name));
  put('gen_ai.tool.call.id', textOf(fields.tool_use_id));
  if (fields.tool_input !== undefined) put('gen_ai.tool.call.arguments', asText(fields.tool_input));
  if (fields.tool_result !== undefined) put('gen_ai.tool.call.result', asText(fields.tool_result));
}

function putContent(span: ExportedSpan, put: Put): void {
  const { fields } = span;
  if (span.kind === 'retrieval' && fields.tool_input !== undefined) {
    put('gen_ai.retrieval.query.text', asText(fields.tool_input));
  }
  const request = genAiRequestOf(messagesOf(fields.request) ?? fields.input);
  const response = genAiResponseOf(answerOf(fields.response) ?? fields.output);
  if (request?.system) put('gen_ai.system_instructions', plainJson(request.system));
  if (request) put('gen_ai.input.messages', plainJson(request.messages));
  if (request?.tools) put('gen_ai.tool.definitions', plainJson(request.tools));
  if (response) put('gen_ai.output.messages', plainJson(response));
}

/** Where content was left out, what is left of a request are its settings, which are no message. */
function messagesOf(request: unknown): unknown {
  const { messages, prompt } = fieldsOf(request);
  if (typeof request !== 'object' || Array.isArray(request)) return request;
  return messages === undefined && prompt === undefined ? undefined : request;
}

function answerOf(response: unknown): unknown {
  if (typeof response !== 'object' || Array.isArray(response)) return response;
  const { content, parts, choices } = fieldsOf(response);
  return (content ?? parts ?? choices) === undefined ? undefined : response;
}

/** What went wrong, as a class of few values. */
function errorType({ events, fields }: ExportedSpan): string {
  const exception = events.filter(event => event.name === 'exception').at(-1);
  return textOf(exception?.fields['exception.type']) ?? textOf(fields.error_type) ?? '_OTHER';
}

const providers: readonly (readonly [model: RegExp, name: string])[] = [
  [/claude/i, 'anthropic'],
  [/^(?:gpt|o\d|chatgpt|text-embedding)/i, 'openai'],
  [/gemini/i, 'gcp.gemini'],
  [/mistral|codestral/i, 'mistral_ai'],
  [/deepseek/i, 'deepseek'],
  [/^grok/i, 'x_ai'],
  [/^command/i, 'cohere'],
];

export const providerOf = (model: string | undefined): string | undefined =>
  model === undefined ? undefined : providers.find(([pattern]) => pattern.test(model))?.[1];

/** Names of the conventions have dots; a trace file's own have none. */
const isNamespaced = (key: string): boolean => key.includes('.');

/** Engines take texts, numbers and lists of these; what is more is JSON, as the conventions have it. */
function flat(value: unknown): OtlpValue {
  if (typeof value !== 'object' || value === null) return otlpOf(value);
  const isFlat = Array.isArray(value) && value.every(one => typeof one !== 'object');
  return isFlat ? otlpOf(value) : asText(value);
}

const texts = (value: unknown): OtlpValue =>
  Array.isArray(value) && value.every(one => typeof one === 'string') ? value : undefined;

/** JSON; a text is itself. */
export const asText = (value: unknown): string =>
  typeof value === 'string' ? value : plainJson(value);
