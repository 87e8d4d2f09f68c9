import type { OtelSpan } from './otelSpan.ts';
import type { OtlpResource, OtlpScope, OtlpSpan } from './otlp.ts';
import { plainAttributes } from './otlpPlain.ts';

const millis = (nanos: bigint): number => Number(nanos) / 1e6;
const zeros = /^0*$/;

/** Why a span is none that can be kept; undefined where it can be. */
export function spanProblem({ traceId, spanId, startNanos }: OtlpSpan): string | undefined {
  if (traceId.length !== 32 || zeros.test(traceId)) return 'a trace id is no 16 bytes';
  if (spanId.length !== 16 || zeros.test(spanId)) return 'a span id is no 8 bytes';
  if (startNanos === 0n) return 'a span has no start time';
  return undefined;
}

/** A span of OTLP as any other span of OpenTelemetry. */
export function otelSpanOf(span: OtlpSpan, scope: OtlpScope, resource: OtlpResource): OtelSpan {
  const { traceId, spanId, parentSpanId, name, startNanos, endNanos, status } = span;
  return {
    traceId,
    spanId,
    parentSpanId: zeros.test(parentSpanId) ? undefined : parentSpanId,
    name,
    start: millis(startNanos),
    // Sent before it ended, as some do for spans that take long.
    end: endNanos === 0n ? undefined : millis(endNanos),
    statusCode: status.code,
    statusMessage: status.message,
    attributes: plainAttributes(span.attributes),
    events: span.events.map(event => ({
      name: event.name,
      time: millis(event.timeNanos),
      attributes: plainAttributes(event.attributes),
    })),
    resource: plainAttributes(resource.attributes),
    scope: scope.name,
  };
}
