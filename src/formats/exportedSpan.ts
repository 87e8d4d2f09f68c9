import { type Fields, fieldsOf } from '../core/fields.ts';
import type { SpanKind, SpanStatus, Usage } from '../core/model.ts';
import type { RecordedSpan } from '../core/recordedSpan.ts';
import type { Redactor } from '../core/redaction.ts';
import { parseExact, plainOf } from './exactJson.ts';
import { nanosOfSeconds } from './nanos.ts';
import { leavingId } from './otlpIds.ts';

/** A span on its way out of the trace file, after redaction: nothing else of it may leave. */
export interface ExportedSpan {
  readonly runId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  readonly toolName: string | undefined;
  readonly sessionId: string | undefined;
  /** In seconds, as a trace file has them. */
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly status: SpanStatus;
  readonly model: string | undefined;
  readonly usage: Usage;
  readonly cost: number | undefined;
  readonly error: string | undefined;
  /** The metadata; undefined where they were no JSON object, and `text` has them. */
  readonly fields: Fields;
  /** The metadata as recorded, where nothing was taken out of them. */
  readonly text: string | undefined;
  /** The columns of a trace file, for who makes the same row of them. */
  readonly row: ExportedRow;
  readonly events: readonly ExportedEvent[];
  readonly eventsLeftOut: number;
  /** Of its run; undefined where that is not known. */
  readonly trace?: TraceFacts | undefined;
}

/** What a run says for all of its spans: some engines look for it on each of them. */
export interface TraceFacts {
  readonly name: string;
  readonly sessionId: string | undefined;
  readonly userId: string | undefined;
  readonly tags: readonly string[];
}

export interface ExportedRow {
  readonly status: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number | undefined;
  readonly model: string;
}

export interface ExportedEvent {
  /** In seconds. */
  readonly time: number | undefined;
  readonly name: string;
  readonly fields: Fields;
  /** The attributes as recorded, where nothing was taken out of them. */
  readonly text: string | undefined;
}

/** @param redactor undefined: all of it goes */
export function exportedSpan(recorded: RecordedSpan, redactor?: Redactor): ExportedSpan {
  const { span, columns, events, eventsTotal } = recorded;
  const own = new Map(columns.map(([name, json]) => [name.toLowerCase(), parsedColumn(json)]));
  const text = (value: string): string => redactor?.text(value) ?? value;
  const maybe = (value: string | undefined): string | undefined =>
    value === undefined || value === '' ? undefined : text(value);
  const number = (name: string): number | undefined => {
    const value = own.get(name);
    return typeof value === 'number' ? value : undefined;
  };
  const word = (name: string): string | undefined => {
    const value = own.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const seconds = (name: string, ms: number | undefined): number | undefined =>
    number(name) ?? (ms === undefined ? undefined : ms / 1000);
  const model = maybe(word('model') ?? span.model);
  return {
    runId: leavingId(span.runId, redactor),
    spanId: leavingId(span.spanId, redactor),
    parentSpanId: span.parentSpanId ? leavingId(span.parentSpanId, redactor) : undefined,
    name: text(word('name') ?? span.name),
    kind: span.kind,
    toolName: maybe(span.toolName),
    sessionId: maybe(recorded.sessionId),
    start: seconds('start_time', span.start),
    end: seconds('end_time', span.end),
    status: span.status,
    model,
    usage: span.usage,
    cost: span.costSource === 'none' ? undefined : span.cost,
    error: maybe(recorded.error),
    ...contentOf(recorded.metadata, redactor),
    row: {
      status: text(word('status') ?? span.recordedStatus ?? span.status),
      inputTokens: number('input_tokens') ?? span.usage.input ?? 0,
      outputTokens: number('output_tokens') ?? span.usage.output ?? 0,
      costUsd: own.has('cost_usd') ? number('cost_usd') : span.cost,
      model: model ?? '',
    },
    events: events.map(({ time, seconds: exact, name, attributes }) => ({
      time: exact ?? (time === undefined ? undefined : time / 1000),
      name: text(name),
      ...contentOf(attributes, redactor),
    })),
    eventsLeftOut: Math.max(0, eventsTotal - events.length),
  };
}

/** JSON of a column; whole numbers that JavaScript would round are none that are looked at here. */
function parsedColumn(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // A blob that is shown in words, perhaps: there is nothing to read in it.
    return undefined;
  }
}

const roundedByParser = /\d{16}/;

function contentOf(
  text: string | undefined,
  redactor: Redactor | undefined,
): Pick<ExportedSpan, 'fields' | 'text'> {
  if (text === undefined || text.trim() === '') return { fields: {}, text: undefined };
  const parsed = parsedContent(text);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    // No object: as a text it is content like any other.
    const fields = redactor ? redactor.fields({ recorded: text }) : { recorded: text };
    return { fields, text: redactor ? undefined : text };
  }
  const fields = fieldsOf(parsed);
  return redactor ? { fields: redactor.fields(fields), text: undefined } : { fields, text };
}

function parsedContent(text: string): unknown {
  if (roundedByParser.test(text)) {
    const exact = parseExact(text);
    if (exact) return plainOf(exact.value);
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** When it ended, in nanoseconds; undefined for one that has not, unless it is said when it must have. */
export const endNanosOf = (
  span: Pick<ExportedSpan, 'end'>,
  openEnd: number | undefined,
): bigint | undefined => nanosOfSeconds(span.end ?? openEnd);
