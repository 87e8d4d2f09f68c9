import { type Fields, fieldsOf, textOf } from '../core/fields.ts';
import { decideKind, type KindHints, kindKeys, toolNameOf } from '../core/kind.ts';
import type { SpanKind, Usage } from '../core/model.ts';
import type { UnpackedSpan } from '../core/rowPacker.ts';
import { totalTokens } from '../core/usage.ts';
import { attributesOf, parsedIfJson, present } from './attributes.ts';
import { messagesUsage } from './otelUsage.ts';
import { timeOf } from './times.ts';

const kinds: ReadonlyMap<unknown, SpanKind> = new Map<unknown, SpanKind>([
  ['GENERATION', 'llm'],
  ['EMBEDDING', 'llm'],
  ['AGENT', 'agent'],
  ['TOOL', 'tool'],
  ['CHAIN', 'chain'],
  ['RETRIEVER', 'retrieval'],
  ['EVALUATOR', 'other'],
  ['GUARDRAIL', 'other'],
]);

const placed = new Set([
  ...['id', 'traceId', 'parentObservationId', 'name', 'startTime', 'endTime', 'input', 'output'],
  ...['model', 'level', 'metadata'],
]);

export const hasUsage = (one: Fields): boolean =>
  kinds.get(one.type) === 'llm' && (totalTokens(usageOf(one.usageDetails)) ?? 0) > 0;

/** @param isWrapper its usage is that of calls inside of it */
export function observationRow(
  one: Fields,
  runId: string,
  parentSpanId: string | undefined,
  isWrapper: boolean,
): UnpackedSpan {
  const metadata = fieldsOf(decoded(one.metadata));
  const attributes = fieldsOf(decoded(metadata.attributes));
  const content = { input: decoded(one.input), output: decoded(one.output) };
  const answered = toolMessage(content.output);
  const kind =
    isWrapper && kinds.get(one.type) === 'llm'
      ? 'agent'
      : (kindOf(one, attributes) ?? (answered && 'tool'));
  const isCall = kind === 'llm';
  const usage = isCall ? usageOf(one.usageDetails) : {};
  const name = textOf(one.name) ?? '';
  const start = timeOf(one.startTime) ?? 0;
  const end = timeOf(one.endTime);
  const error = one.level === 'ERROR' ? (textOf(one.statusMessage) ?? 'error') : undefined;
  const rest = Object.fromEntries(
    Object.entries(one).filter(([key, value]) => !placed.has(key) && value !== null),
  );
  return {
    type: 'span',
    spanId: String(one.id),
    runId,
    parentSpanId,
    name,
    startTime: start / 1000,
    endTime: end === undefined ? undefined : end / 1000,
    status: error !== undefined ? 'error' : end === undefined ? 'running' : 'ok',
    inputTokens: usage.input ?? 0,
    outputTokens: usage.output ?? 0,
    costUsd: isCall ? costOf(one) : 0,
    model: isCall ? (textOf(one.model) ?? '') : '',
    metadata: present({
      ...attributes,
      ...metadata,
      attributes: undefined,
      langfuse: rest,
      kind,
      usage: isCall && totalTokens(usage) !== undefined ? messagesUsage(usage) : undefined,
      ...named(kind, name, content, attributes),
      ...(kind === 'tool' && answered && toolOf(answered, metadata)),
    }),
    error,
  };
}

function kindOf(one: Fields, attributes: Fields): SpanKind | undefined {
  const known = kinds.get(one.type);
  if (known) return known;
  const hints = Object.fromEntries(kindKeys.map(key => [key, attributes[key]])) as KindHints;
  const kind = decideKind({
    hints,
    name: '',
    model: undefined,
    hasTokens: false,
    isRoot: false,
    hasChildren: false,
  });
  // What Langfuse itself took for no call has no usage that counts.
  return kind === 'other' || kind === 'llm' ? undefined : kind;
}

function named(
  kind: SpanKind | undefined,
  name: string,
  { input, output }: Readonly<Record<'input' | 'output', unknown>>,
  attributes: Fields,
): Fields {
  const from = attributesOf(attributes);
  if (kind === 'llm') return { request: input, response: output };
  if (kind !== 'tool' && kind !== 'retrieval') return { input, output };
  return {
    tool_name:
      toolNameOf(attributes as KindHints) ?? name.replace(/^(?:running tool: |execute_tool )/, ''),
    tool_use_id: from.text('gen_ai.tool.call.id', 'tool_call.id', 'ai.toolCall.id'),
    tool_input:
      from.read('gen_ai.tool.call.arguments', 'ai.toolCall.args', 'tool_arguments') ?? input,
    tool_result:
      from.read('gen_ai.tool.call.result', 'ai.toolCall.result', 'tool_response') ?? output,
  };
}

/** LangChain's answer to a call of a tool: what its recorder takes for a step like any other. */
function toolMessage(output: unknown): Fields | undefined {
  const it = fieldsOf(output);
  return it.type === 'tool' && textOf(it.tool_call_id) !== undefined ? it : undefined;
}

function toolOf({ content, ...rest }: Fields, { inputs }: Fields): Fields {
  return {
    ...(textOf(rest.name) !== undefined && { tool_name: rest.name }),
    tool_use_id: rest.tool_call_id,
    // The input beside it is as Python writes it.
    ...(typeof inputs === 'object' && inputs !== null && { tool_input: inputs }),
    tool_result: parsedIfJson(content),
    tool_message: rest,
  };
}

/** Langfuse leaves out of `input` and `output` what it counts by itself; its total tells where one did not. */
function usageOf(details: unknown): Usage {
  const from = attributesOf(fieldsOf(decoded(details)));
  const input = from.number('input', 'prompt_tokens', 'input_tokens');
  const output = from.number('output', 'completion_tokens', 'output_tokens');
  const total = from.number('total', 'total_tokens');
  const cacheRead = from.number(
    ...['input_cache_read', 'input_cached_tokens', 'cache_read_input_tokens'],
    ...['input_cache_read_tokens', 'prompt_details.cache_read'],
  );
  const cacheWrite = from.number(
    ...['input_cache_creation', 'cache_creation_input_tokens', 'input_cache_creation_tokens'],
    ...['prompt_details.cache_write'],
  );
  const reasoning = from.number(
    ...['output_reasoning', 'output_reasoning_tokens', 'completion_details.reasoning'],
  );
  const cached = (cacheRead ?? 0) + (cacheWrite ?? 0);
  const isInclusive = total !== undefined && total === (input ?? 0) + (output ?? 0);
  return {
    input: input !== undefined && isInclusive ? Math.max(0, input - cached) : input,
    output: output !== undefined && !isInclusive ? output + (reasoning ?? 0) : output,
    cacheRead,
    cacheWrite5m: cacheWrite,
    reasoning,
  };
}

function costOf(one: Fields): number | undefined {
  const all = [fieldsOf(decoded(one.costDetails)).total, one.calculatedTotalCost, one.totalCost];
  return all.find(cost => typeof cost === 'number' && cost > 0) as number | undefined;
}

/** Exports hold values, texts of JSON, and texts of such texts. */
function decoded(value: unknown): unknown {
  if (value === null) return undefined;
  if (typeof value === 'string' && /^\s*"/.test(value)) {
    try {
      return parsedIfJson(JSON.parse(value));
    } catch {
      // A text that begins with a quotation mark.
      return value;
    }
  }
  return parsedIfJson(value);
}
