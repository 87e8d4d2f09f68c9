import type { ImportSink } from './importFormat.ts';
import { MalformedOtlp, type OtlpLogs, type OtlpTraces } from './otlp.ts';
import { spanLog } from './otlpLog.ts';
import { rowsOfOtlp, spanProblem } from './otlpRows.ts';

/** Hands over the spans and records of one piece of OTLP, whose encoding no longer matters. */
export function importOtlp(
  { resourceSpans = [], resourceLogs = [] }: Partial<OtlpTraces & OtlpLogs>,
  sink: ImportSink,
  line: number,
): void {
  for (const { resource, scopeSpans } of resourceSpans) {
    for (const { scope, spans } of scopeSpans) {
      for (const span of spans) {
        if (spanProblem(span) !== undefined) {
          sink.skipped(span.startNanos === 0n ? 'noTime' : 'noId', line);
          continue;
        }
        const { span: row, events } = rowsOfOtlp(span, { resource, scope });
        if (sink.span(row)) for (const event of events) sink.event(event);
      }
    }
  }
  for (const { scopeLogs } of resourceLogs) {
    for (const { logRecords } of scopeLogs) {
      for (const record of logRecords) sink.log(spanLog(record), line);
    }
  }
}

/** Runs what decodes; what it cannot decode is counted. */
export function decodes(sink: ImportSink, line: number, decode: () => void): void {
  try {
    decode();
  } catch (error) {
    if (!(error instanceof MalformedOtlp)) throw error;
    sink.skipped(/^no JSON/.test(error.message) ? 'notJson' : 'damaged', line);
  }
}
