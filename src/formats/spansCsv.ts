import { inputTokens } from '../core/usage.ts';
import type { ExportedRun } from './exportedRun.ts';
import type { ExportedSpan } from './exportedSpan.ts';
import { contentOf } from './langfuseAttributes.ts';

type Cell = string | number | undefined;

const columns: readonly (readonly [name: string, of: (span: ExportedSpan) => Cell])[] = [
  ['run_id', span => span.runId],
  ['span_id', span => span.spanId],
  ['parent_span_id', span => span.parentSpanId],
  ['session_id', span => span.sessionId],
  ['name', span => span.name],
  ['kind', span => span.kind],
  ['tool', span => span.toolName],
  ['model', span => span.model],
  ['status', span => span.status],
  ['start', span => time(span.start)],
  ['end', span => time(span.end)],
  ['duration_ms', span => duration(span)],
  ['input_tokens', span => inputTokens(span.usage)],
  ['cache_read_tokens', span => span.usage.cacheRead],
  ['output_tokens', span => span.usage.output],
  ['cost_usd', span => span.cost],
  ['error', span => span.error],
  ['input', span => contentOf(span).input],
  ['output', span => contentOf(span).output],
];

/** Spans as rows, by RFC 4180. Unknown figures are empty, which is not 0. */
export async function* spansCsv(runs: AsyncIterable<ExportedRun>): AsyncGenerator<string> {
  yield `${columns.map(([name]) => name).join(',')}\r\n`;
  for await (const { spans } of runs) {
    for await (const span of spans) {
      yield `${columns.map(([, of]) => cell(of(span))).join(',')}\r\n`;
    }
  }
}

/** Programs for tables take texts that begin so for formulas, also behind spaces and in full width. */
const formula = /^\s*[=+\-@\t\r|%\uff1d\uff0b\uff0d\uff20]/;

function cell(value: Cell): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const safe = formula.test(value) ? `'${value}` : value;
  return /[",\r\n;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Universal time; undefined for what is no time. */
export function time(seconds: number | undefined): string | undefined {
  return seconds === undefined || !(Math.abs(seconds) <= 8.64e12)
    ? undefined
    : new Date(seconds * 1000).toISOString();
}

/** In milliseconds, to the microsecond. */
export const duration = ({ start, end }: ExportedSpan): number | undefined =>
  start === undefined || end === undefined ? undefined : Math.round((end - start) * 1e6) / 1000;
