import { callCost } from '../core/cost.ts';
import { type Fields, fieldsOf, textOf } from '../core/fields.ts';
import { decideKind, type KindHints, kindKeys } from '../core/kind.ts';
import type { SpanKind, Usage } from '../core/model.ts';
import type { Price } from '../core/price.ts';
import type { UnpackedEvent, UnpackedSpan } from '../core/rowPacker.ts';
import { isSecretHeader } from '../core/secretPatterns.ts';
import { nativeUsage, totalTokens } from '../core/usage.ts';
import { type Attributes, attributesOf, present } from './attributes.ts';
import { type OtelEvent, otelRequest, otelResponse } from './otelMessages.ts';
import { messagesUsage, otelUsage } from './otelUsage.ts';

/** A span of OpenTelemetry, whoever sends it. */
export interface OtelSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  /** Milliseconds since 1970, fractions kept. */
  readonly start: number;
  /** Undefined while the span is open. */
  readonly end: number | undefined;
  /** 0 unset, 1 ok, 2 error. */
  readonly statusCode: number;
  readonly statusMessage?: string | undefined;
  readonly attributes: Fields;
  readonly events: readonly OtelEvent[];
  readonly resource: Fields;
  /** The library that recorded it. */
  readonly scope: string;
}

/** What a trace file keeps of a span: a run is a trace. */
export interface OtelRows {
  readonly span: UnpackedSpan;
  readonly events: readonly UnpackedEvent[];
  /** Set where the call has no known price. */
  readonly unpriced: string | undefined;
}

/** Events whose content stands in the request or the answer. */
const messageEvents = /^gen_ai\.(?:(?:system|user|assistant|tool)\.message|choice|content\.\w+)$/;

/**
 * A span of OpenTelemetry as rows of a trace file, by the names of the GenAI conventions old and new, of
 * OpenInference, OpenLLMetry (Traceloop), the AI SDK and Claude Code. Attributes that have no place of their
 * own are kept under their names; headers that carry keys are not kept.
 */
export function otelRows(otel: OtelSpan, prices?: readonly Price[]): OtelRows {
  const kept = withoutKeys(otel.attributes);
  const call = attributesOf(kept);
  const model = call.text(...modelKeys) ?? claudeModel(otel, call);
  const counts = otelUsage(call, otel.scope);
  const kind = kindOf(otel, model, counts);
  // The agent around a call repeats its model and its counts: there they stay attributes.
  const from = kind === 'llm' ? call : attributesOf(kept);
  const told = kind === 'llm' ? counts : {};
  const fields = own(kind, from, otel);
  // An answer that was recorded whole says which cache was written.
  const exact = fieldsOf(fieldsOf(fields.response).usage);
  const usage = kind === 'llm' && 'input_tokens' in exact ? nativeUsage(0, 0, exact) : told;
  const failed = otel.statusCode === 2 || saysFailure(otel);
  const { cost, costSource } =
    kind === 'llm'
      ? callCost(recordedCost(from), usage, model, otel.start, prices, failed)
      : { cost: 0, costSource: 'none' };
  const error = failed ? errorOf(otel, from) : undefined;
  const metadata = {
    ...(kind && { kind }),
    ...fields,
    ...(kind === 'llm' && totalTokens(usage) !== undefined && { usage: messagesUsage(usage) }),
    ...ids(from),
    ...(otel.parentSpanId === undefined && resourceFields(otel.resource)),
    ...from.rest(),
  };
  const { traceId: runId, spanId } = otel;
  return {
    span: {
      type: 'span',
      spanId,
      runId,
      parentSpanId: otel.parentSpanId,
      name: otel.name,
      startTime: otel.start / 1000,
      endTime: otel.end === undefined ? undefined : otel.end / 1000,
      status: otel.end === undefined ? 'running' : error === undefined ? 'ok' : 'error',
      inputTokens: usage.input ?? 0,
      outputTokens: usage.output ?? 0,
      costUsd: costSource === 'none' ? 0 : cost,
      model: kind === 'llm' ? (model ?? '') : '',
      metadata,
      error,
    },
    events: otel.events
      .filter(event => !messageEvents.test(event.name))
      .map(({ name, time, attributes }) => ({
        type: 'event' as const,
        spanId,
        runId,
        time: time / 1000,
        name,
        attributes: withoutKeys(attributes),
      })),
    unpriced: costSource === 'unpriced' ? (model ?? 'a model without a name') : undefined,
  };
}

const modelKeys = [
  'gen_ai.response.model',
  'llm.response.model_name',
  'ai.response.model',
  'gen_ai.request.model',
  'llm.model_name',
  'llm.request.model_name',
  'ai.model.id',
] as const;

/** Claude Code leaves the status unset whatever came of it. */
const saysFailure = ({ name, attributes: { success } }: OtelSpan): boolean =>
  name.startsWith('claude_code.') && (success === false || success === 'false');

const claudeModel = (otel: OtelSpan, from: Attributes): string | undefined =>
  otel.name.startsWith('claude_code.') ? from.text('model') : undefined;

const recordedCost = (from: Attributes): number | undefined =>
  from.number('llm.cost.total', 'operation.cost', 'gen_ai.usage.cost', 'cost_usd');

/** Undefined where only its place in the run could tell, which whoever reads the file knows better. */
function kindOf(otel: OtelSpan, model: string | undefined, usage: Usage): SpanKind | undefined {
  const kind = decideKind({
    // Of all that is there, it looks at the keys that say what a span is.
    hints: otel.attributes as KindHints,
    name: otel.name,
    model,
    hasTokens: (totalTokens(usage) ?? 0) > 0,
    isRoot: false,
    hasChildren: false,
  });
  // The run of an agent of pydantic-ai repeats the sum of its calls, and has no word for what it is.
  const isNamed = otel.attributes['gen_ai.agent.name'] !== undefined || otel.name === 'agent run';
  const isAgent = model === undefined && isNamed;
  if (kind === 'llm' && isAgent && !saysKind(otel.attributes)) return 'agent';
  return kind === 'other' ? undefined : kind;
}

const saysKind = (attributes: Fields): boolean =>
  kindKeys.some(key => attributes[key] !== undefined);

/** What spans of a kind hold, under the names of a trace file. */
function own(kind: SpanKind | undefined, from: Attributes, otel: OtelSpan): Fields {
  if (kind === 'llm') {
    return present({
      request: otelRequest(from, otel.events),
      response: otelResponse(from, otel.events),
      request_id: from.text('anthropic.request.id', 'request_id'),
      time_to_first_token_ms: firstToken(from, otel),
    });
  }
  if (kind === 'tool') {
    return present({
      tool_name:
        from.text('gen_ai.tool.name', 'tool.name', 'ai.toolCall.name', 'tool_name') ??
        from.text('traceloop.entity.name') ??
        otel.name,
      tool_use_id: from.text(
        'gen_ai.tool.call.id',
        'tool.id',
        'tool_call.id',
        'ai.toolCall.id',
        'tool_use_id',
      ),
      tool_input: from.read(
        'gen_ai.tool.call.arguments',
        'ai.toolCall.args',
        'tool.parameters',
        'traceloop.entity.input',
        'tool_arguments',
        'input.value',
      ),
      tool_result: from.read(
        'gen_ai.tool.call.result',
        'anthropic.tool_result.content',
        'ai.toolCall.result',
        'traceloop.entity.output',
        'tool_response',
        'output.value',
      ),
    });
  }
  return present({
    input: from.read('input.value', 'traceloop.entity.input', 'gen_ai.input.messages', 'ai.prompt'),
    output: from.read(
      'output.value',
      'traceloop.entity.output',
      'gen_ai.output.messages',
      'ai.response.text',
    ),
  });
}

function firstToken(from: Attributes, otel: OtelSpan): number | undefined {
  const seconds = from.number('gen_ai.response.time_to_first_chunk');
  if (seconds !== undefined) return seconds * 1000;
  const first = otel.events.find(event => event.name === 'ai.stream.firstChunk');
  return from.number('ai.response.msToFirstChunk', 'ttft_ms') ?? (first && first.time - otel.start);
}

const ids = (from: Attributes): Fields =>
  present({
    session_id: from.text(
      'session.id',
      'gen_ai.conversation.id',
      'traceloop.association.properties.session_id',
      'ai.telemetry.metadata.sessionId',
      'langfuse.session.id',
      'copilot_chat.chat_session_id',
    ),
    user_id: from.text(
      'user.id',
      'enduser.id',
      'traceloop.association.properties.user_id',
      'ai.telemetry.metadata.userId',
      'langfuse.user.id',
    ),
  });

/** Of the program that a run belongs to; the machine is not among it unless the tracer says so. */
function resourceFields(resource: Fields): Fields {
  const name = textOf(resource['service.name']);
  const version = textOf(resource['service.version']);
  if (name === undefined || name.startsWith('unknown_service')) return {};
  return { 'service.name': name, ...(version !== undefined && { versions: { [name]: version } }) };
}

function errorOf(otel: OtelSpan, from: Attributes): string {
  const exception = otel.events.filter(event => event.name === 'exception').at(-1);
  return (
    textOf(otel.statusMessage) ??
    textOf(fieldsOf(exception?.attributes)['exception.message']) ??
    (saysFailure(otel) ? from.text('error') : undefined) ??
    from.text('error.type') ??
    'error'
  );
}

/** Instrumentations of HTTP can be told to record headers: `http.request.header.x-api-key`. */
function withoutKeys(attributes: Fields): Fields {
  for (const key in attributes) {
    if (!isKey(key)) continue;
    const kept = Object.entries(attributes).filter(([name]) => !isKey(name));
    return Object.fromEntries(kept);
  }
  return attributes;
}

/** The same names come with every span. */
const knownNames = new Map<string, boolean>();
const mostNames = 2000;

function isKey(name: string): boolean {
  const known = knownNames.get(name);
  if (known !== undefined) return known;
  const last = name.slice(name.lastIndexOf('.') + 1);
  const is = isSecretHeader(last) || isSecretHeader(last.replaceAll('_', '-'));
  if (knownNames.size < mostNames) knownNames.set(name, is);
  return is;
}
