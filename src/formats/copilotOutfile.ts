import { type Fields, fieldsOf, textOf } from '../core/fields.ts';
import type { ImportFormat, ImportSink } from './importFormat.ts';
import { otelRows } from './otelSpan.ts';

/**
 * Spans as the SDK of OpenTelemetry holds them, a line each: what Copilot Chat writes with the setting
 * `github.copilot.chat.otel.outfile`. Logs and metrics stand in the same file.
 */
export const copilotOutfile: ImportFormat = {
  id: 'copilot-outfile',
  label: 'Copilot Chat outfile',
  takes: 'records',
  detect: ({ values }) => values.some(value => isSpan(fieldsOf(value))),
  open: sink => ({
    file: () => ({
      record: (text, line) => take(text, sink, line),
      end: () => undefined,
    }),
    settle: () => undefined,
    end: () => undefined,
  }),
};

const isSpan = (fields: Fields): boolean =>
  idsOf(fields) !== undefined && time(fields.startTime) !== undefined;

function take(text: string, sink: ImportSink, line: number): void {
  let fields: Fields;
  try {
    fields = fieldsOf(JSON.parse(text));
  } catch {
    // Cut off or damaged: it is counted.
    sink.skipped('notJson', line);
    return;
  }
  const ids = idsOf(fields);
  const start = time(fields.startTime);
  if (!ids || start === undefined) {
    sink.skipped('notRecord', line);
    return;
  }
  const status = fieldsOf(fields.status);
  const parent = textOf(fieldsOf(fields.parentSpanContext).spanId) ?? textOf(fields.parentSpanId);
  const { span, events } = otelRows({
    ...ids,
    parentSpanId: parent,
    name: textOf(fields.name) ?? '',
    start,
    end: time(fields.endTime),
    statusCode: Number(status.code) || 0,
    statusMessage: textOf(status.message),
    attributes: fieldsOf(fields.attributes),
    events: (Array.isArray(fields.events) ? fields.events : []).map(one => {
      const event = fieldsOf(one);
      return {
        name: textOf(event.name) ?? '',
        time: time(event.time) ?? start,
        attributes: fieldsOf(event.attributes),
      };
    }),
    resource: fieldsOf(fieldsOf(fields.resource).attributes),
    scope: textOf(fieldsOf(fields.instrumentationScope).name) ?? '',
  });
  if (sink.span(span)) for (const event of events) sink.event(event);
}

function idsOf(fields: Fields): { readonly traceId: string; readonly spanId: string } | undefined {
  const context = { ...fieldsOf(fields.spanContext), ...fields };
  const traceId = textOf(context.traceId);
  const spanId = textOf(context.spanId);
  return traceId !== undefined && spanId !== undefined ? { traceId, spanId } : undefined;
}

/** Seconds and nanoseconds, as milliseconds. */
function time(value: unknown): number | undefined {
  if (!Array.isArray(value)) return undefined;
  const [seconds, nanos] = value as readonly unknown[];
  const sum = Number(seconds) * 1000 + Number(nanos) / 1e6;
  return Number.isFinite(sum) && sum > 0 ? sum : undefined;
}
