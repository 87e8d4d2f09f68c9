import { fieldsOf } from '../core/fields.ts';
import { otlpOf, parseExact } from './exactJson.ts';
import { type ExportedEvent, type ExportedSpan, endNanosOf } from './exportedSpan.ts';
import { genAiAttributes } from './genAiAttributes.ts';
import { nanosOfSeconds } from './nanos.ts';
import { readExtras } from './otelExtras.ts';
import type { OtlpAttribute, OtlpEvent, OtlpScope, OtlpSpan, OtlpValue } from './otlp.ts';
import { spanIdOf, traceIdOf } from './otlpIds.ts';

export interface ToOtlpOptions {
  /** What an engine reads beside the conventions, or in place of them. */
  readonly attributes?: ((span: ExportedSpan) => readonly OtlpAttribute[]) | undefined;
  /** Also the row as it is, so that a receiver of ours makes the same one of it. */
  readonly exact?: boolean | undefined;
  /** In seconds: when a span ended whose end was not recorded, in a run that is over. */
  readonly openEnd?: number | undefined;
}

/** A span, and the library that recorded it where it came from OpenTelemetry. */
export interface ScopedSpan {
  readonly span: OtlpSpan;
  readonly scope: OtlpScope | undefined;
  /** `service.name` of its run, where that recorded one. */
  readonly service?: string | undefined;
}

/** Undefined for a span that has no start, or has not ended: OTLP has no word for these. */
export function otlpOfSpan(exported: ExportedSpan, options: ToOtlpOptions): ScopedSpan | undefined {
  const startNanos = nanosOfSeconds(exported.start);
  const endNanos = endNanosOf(exported, options.openEnd);
  if (startNanos === undefined || (endNanos === undefined && !options.exact)) return undefined;
  const { runId, spanId, parentSpanId, status, error } = exported;
  const extras = readExtras(exported.fields.otel);
  const attributes = onceEach([
    ...genAiAttributes(exported),
    ...(options.attributes?.(exported) ?? []),
    ...(options.exact ? exactAttributes(exported) : []),
  ]);
  const span: OtlpSpan = {
    traceId: traceIdOf(runId),
    spanId: spanIdOf(runId, spanId),
    traceState: extras.traceState,
    parentSpanId: parentSpanId === undefined ? '' : spanIdOf(runId, parentSpanId),
    flags: extras.flags,
    name: exported.name,
    kind: extras.kind ?? (exported.kind === 'llm' ? 3 : 1),
    startNanos,
    endNanos: endNanos === undefined ? 0n : endNanos < startNanos ? startNanos : endNanos,
    attributes,
    droppedAttributesCount: 0,
    events: exported.events.map(event => otlpEvent(event, startNanos, options)),
    droppedEventsCount: exported.eventsLeftOut,
    links: extras.links,
    droppedLinksCount: 0,
    status: {
      code: status === 'error' ? 2 : (extras.statusCode ?? 0),
      message: status === 'error' ? (error ?? '') : '',
    },
  };
  return { span, scope: extras.scope };
}

/** OTLP forbids a second attribute of the same name; what was recorded under it comes first. */
function onceEach(all: readonly OtlpAttribute[]): readonly OtlpAttribute[] {
  const seen = new Set<string>();
  return all.filter(({ key }) => !seen.has(key) && seen.add(key));
}

function otlpEvent(event: ExportedEvent, start: bigint, { exact }: ToOtlpOptions): OtlpEvent {
  const own: OtlpAttribute[] = Object.entries(event.fields).map(([key, value]) => ({
    key,
    value: otlpOf(value),
  }));
  if (exact) {
    own.push({ key: exactKeys.time, value: event.time });
    own.push({ key: exactKeys.attributes, value: exactContent(event) });
  }
  return {
    timeNanos: nanosOfSeconds(event.time) ?? start,
    name: event.name,
    attributes: own,
    droppedAttributesCount: 0,
  };
}

/** Names under which a row goes along as it is. */
export const exactKeys = {
  row: 'agent_trace.row',
  metadata: 'agent_trace.metadata',
  time: 'agent_trace.time',
  attributes: 'agent_trace.attributes',
} as const;

function exactAttributes(span: ExportedSpan): readonly OtlpAttribute[] {
  const { row } = span;
  const columns: readonly (readonly [name: string, value: OtlpValue])[] = [
    ['run_id', span.runId],
    ['span_id', span.spanId],
    ['parent_span_id', span.parentSpanId],
    ['start_time', span.start],
    ['end_time', span.end],
    ['status', row.status],
    ['input_tokens', otlpOf(row.inputTokens)],
    ['output_tokens', otlpOf(row.outputTokens)],
    ['cost_usd', row.costUsd],
    ['model', row.model],
    ['error', span.error],
  ];
  const entries = columns.map(([key, value]) => ({ key, value }));
  return [
    { key: exactKeys.row, value: { entries } },
    { key: exactKeys.metadata, value: exactContent(span) },
  ];
}

/** A map of all values as recorded; a text where that is no JSON; nothing where nothing was recorded. */
function exactContent({ text, fields }: Pick<ExportedSpan, 'text' | 'fields'>): OtlpValue {
  if (text !== undefined) {
    const parsed = parseExact(text);
    return parsed && typeof parsed.value === 'object' ? parsed.value : text;
  }
  return Object.keys(fieldsOf(fields)).length === 0 ? undefined : otlpOf(fields);
}
