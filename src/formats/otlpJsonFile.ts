import { fieldsOf } from '../core/fields.ts';
import type { ImportFormat, ImportSink } from './importFormat.ts';
import { decodes, importOtlp } from './otlpImport.ts';
import { decodeOtlpJson, type OtlpData } from './otlpJson.ts';

const lists = ['resourceSpans', 'resource_spans', 'batches', 'resourceLogs', 'resource_logs'];

/** OTLP as JSON: one request, a request a line as the collector writes them, or what Tempo gives of a trace. */
export const otlpJson: ImportFormat = {
  id: 'otlp-json',
  label: 'OTLP as JSON',
  takes: 'records',
  lists,
  detect: ({ keys, values }) =>
    lists.some(key => keys.has(key) || keys.has(`trace.${key}`)) ||
    values.some(value => lists.some(key => key in fieldsOf(value))),
  open: sink => ({
    file: () => ({
      record: (text, line) =>
        decodes(sink, line, () => take(decodeOtlpJson(text), text, sink, line)),
      end: () => undefined,
    }),
    settle: () => undefined,
    end: () => undefined,
  }),
};

function take(data: OtlpData, text: string, sink: ImportSink, line: number): void {
  for (const _ of data.skipped) sink.skipped('damaged', line);
  if (data.resourceSpans.length + data.resourceLogs.length > 0) {
    importOtlp(data, sink, line);
    return;
  }
  const { trace, ...rest } = fieldsOf(JSON.parse(text));
  if (lists.some(key => key in fieldsOf(trace))) {
    take(decodeOtlpJson(JSON.stringify(trace)), '{}', sink, line);
    return;
  }
  // Metrics have lines of their own. An empty list is no failure of anybody's.
  if (data.skipped.length === 0 && !lists.some(key => key in rest)) sink.skipped('notRecord', line);
}
