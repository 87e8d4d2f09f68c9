import type { Fields } from '../core/fields.ts';
import { PackedJson } from '../core/packedJson.ts';
import type { Price } from '../core/price.ts';
import type { UnpackedEvent, UnpackedSpan } from '../core/rowPacker.ts';
import { setField } from './attributes.ts';
import { exactJson, plainOf } from './exactJson.ts';
import { secondsOfNanos } from './nanos.ts';
import { extrasOf } from './otelExtras.ts';
import { type OtelRows, otelRows } from './otelSpan.ts';
import {
  isMap,
  type OtlpAttribute,
  type OtlpMap,
  type OtlpResource,
  type OtlpScope,
  type OtlpSpan,
  type OtlpValue,
} from './otlp.ts';
import { exactKeys } from './otlpOfSpan.ts';

/** What a span of OTLP was recorded within. */
export interface OtlpAround {
  readonly resource: OtlpResource;
  readonly scope: OtlpScope;
  /** The table's where absent. */
  readonly prices?: readonly Price[] | undefined;
}

const zeros = /^0*$/;

/** Why a span is none that can be kept; undefined where it can be. */
export function spanProblem({ traceId, spanId, startNanos }: OtlpSpan): string | undefined {
  if (traceId.length !== 32 || zeros.test(traceId)) return 'a trace id is no 16 bytes';
  if (spanId.length !== 16 || zeros.test(spanId)) return 'a span id is no 8 bytes';
  return startNanos === 0n ? 'a span has no start time' : undefined;
}

/**
 * A span of OTLP as rows of a trace file: by the names of all conventions, or, where this program sent it with
 * its row, as the row that it was. Values that JSON would change are kept as `exactJson` writes them.
 */
export function rowsOfOtlp(span: OtlpSpan, around: OtlpAround): OtelRows {
  const row = span.attributes.find(({ key }) => key === exactKeys.row)?.value;
  const own = mapOf(row);
  if (own) return exactRows(span, plainFields(own.entries));
  const start = secondsOfNanos(span.startNanos);
  const end = span.endNanos === 0n ? undefined : secondsOfNanos(span.endNanos);
  const attributes = plainFields(span.attributes);
  const rows = otelRows(
    {
      traceId: span.traceId,
      spanId: span.spanId,
      parentSpanId: zeros.test(span.parentSpanId) ? undefined : span.parentSpanId,
      name: span.name,
      start: start * 1000,
      end: end === undefined ? undefined : end * 1000,
      statusCode: span.status.code,
      statusMessage: span.status.message,
      attributes,
      events: span.events.map(event => ({
        name: event.name,
        time: secondsOfNanos(event.timeNanos) * 1000,
        attributes: exactly(plainFields(event.attributes), undefined, event.attributes),
      })),
      resource: plainFields(around.resource.attributes),
      scope: around.scope.name,
    },
    around.prices,
  );
  const otel = extrasOf(span, around.scope);
  const kept = exactly(rows.span.metadata, attributes, span.attributes);
  const metadata = otel ? { ...kept, otel } : kept;
  const times = span.events.map(event => secondsOfNanos(event.timeNanos));
  return {
    ...rows,
    // Milliseconds on the way would have rounded them.
    span: { ...rows.span, startTime: start, endTime: end, metadata },
    events: rows.events.map(event => ({
      ...event,
      time: times.find(time => (time * 1000) / 1000 === event.time) ?? event.time,
    })),
  };
}

const mapOf = (value: OtlpValue): OtlpMap | undefined =>
  typeof value === 'object' && !(value instanceof Uint8Array) && isMap(value) ? value : undefined;

const plainFields = (attributes: readonly OtlpAttribute[]): Fields =>
  plainOf({ entries: attributes }) as Fields;

/** Puts what JSON would change into the fields that hold a whole attribute. */
function exactly(
  fields: Fields,
  plain: Fields | undefined,
  attributes: readonly OtlpAttribute[],
): Fields {
  let exact: Record<string, unknown> | undefined;
  for (const { key, value } of attributes) {
    if (!needsCare(value) || !(key in fields)) continue;
    if (plain !== undefined && fields[key] !== plain[key]) continue;
    exact ??= { ...fields };
    setField(exact, key, new PackedJson(exactJson(value)));
  }
  return exact ?? fields;
}

function needsCare(value: OtlpValue): boolean {
  if (typeof value === 'bigint') return !Number.isSafeInteger(Number(value));
  if (typeof value === 'number') return !Number.isFinite(value) || Number.isInteger(value);
  if (typeof value !== 'object') return false;
  if (value instanceof Uint8Array) return true;
  return isMap(value) ? value.entries.some(one => needsCare(one.value)) : value.some(needsCare);
}

/** The row as it was. What is missing in it was undefined. */
function exactRows(span: OtlpSpan, row: Fields): OtelRows {
  const text = (name: string): string | undefined => {
    const value = row[name];
    return typeof value === 'string' ? value : undefined;
  };
  const number = (name: string): number | undefined => {
    const value = row[name];
    return typeof value === 'number' ? value : undefined;
  };
  const runId = text('run_id') ?? span.traceId;
  const spanId = text('span_id') ?? span.spanId;
  const content = span.attributes.find(({ key }) => key === exactKeys.metadata)?.value;
  return {
    span: {
      type: 'span',
      spanId,
      runId,
      parentSpanId: text('parent_span_id'),
      name: span.name,
      startTime: number('start_time') ?? secondsOfNanos(span.startNanos),
      endTime: number('end_time'),
      status: (text('status') ?? 'ok') as UnpackedSpan['status'],
      inputTokens: number('input_tokens') ?? 0,
      outputTokens: number('output_tokens') ?? 0,
      costUsd: number('cost_usd'),
      model: text('model') ?? '',
      metadata: contentFields(content),
      error: text('error'),
    },
    events: span.events.map((event): UnpackedEvent => {
      const own = (name: string) => event.attributes.find(({ key }) => key === name)?.value;
      const time = own(exactKeys.time);
      return {
        type: 'event',
        spanId,
        runId,
        time: typeof time === 'number' ? time : secondsOfNanos(event.timeNanos),
        name: event.name,
        attributes: contentFields(own(exactKeys.attributes)),
      };
    }),
    unpriced: undefined,
  };
}

/** Each field as JSON that is written as it is; what was no object stands under one name. */
function contentFields(value: OtlpValue): Fields {
  const map = mapOf(value);
  if (!map) return value === undefined ? {} : { recorded: plainOf(value) };
  return Object.fromEntries(
    map.entries.map(({ key, value: one }) => [
      key,
      typeof one === 'string' ? one : new PackedJson(exactJson(one)),
    ]),
  );
}
