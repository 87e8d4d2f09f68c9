import { textOf } from '../core/fields.ts';
import type { RunSummary } from '../core/model.ts';
import type { RecordedPage } from '../core/recordedSpan.ts';
import { createRedactor, type Redactor } from '../core/redaction.ts';
import type { RedactionOptions } from '../core/redactionOptions.ts';
import { type ExportedSpan, exportedSpan, type TraceFacts } from './exportedSpan.ts';
import { nanosOfSeconds } from './nanos.ts';
import { otlpOfSpan, type ScopedSpan, type ToOtlpOptions } from './otlpOfSpan.ts';
import { traceFactsOf } from './traceFacts.ts';

/** What may leave the trace file. */
export interface Leaving {
  /** Prompts, answers, inputs and results of tools. */
  readonly content: boolean;
  /** Whether secrets and personal data are taken out; undefined: they are. */
  readonly redaction?: RedactionOptions | false | undefined;
}

/** Undefined: all of it may leave, as it is. */
export function redactorOf({ content, redaction }: Leaving): Redactor | undefined {
  if (!content) return createRedactor({ ...(redaction || {}), mode: 'metadata' });
  return redaction === false ? undefined : createRedactor(redaction);
}

/** What was noticed on the way. */
export interface Noticed {
  /** Spans that have not ended, in a run that goes on. */
  open: number;
  /** Spans with no time, or one that OTLP cannot hold. */
  timeless?: number;
  /** Runs of which nothing is left. */
  emptyRuns?: number;
  /** Spans whose content was too much to be read. */
  leftOut: number;
  /** Events that were too many, or too large, to be read. */
  events?: number;
}

/** Spans of one run as they may leave, in tree order; one page of them is in memory. */
export async function* exportedSpans(
  page: (offset: number) => Promise<RecordedPage>,
  redactor: Redactor | undefined,
  noticed?: Noticed,
): AsyncGenerator<ExportedSpan> {
  for (let offset = 0, total = 1; offset < total; ) {
    const { spans, total: of } = await page(offset);
    if (spans.length === 0) return;
    total = of;
    offset += spans.length;
    for (const one of spans) {
      if (one.leftOut !== undefined && noticed) noticed.leftOut++;
      const span = exportedSpan(one, redactor);
      if (span.eventsLeftOut > 0 && noticed) {
        noticed.events = (noticed.events ?? 0) + span.eventsLeftOut;
      }
      yield span;
    }
  }
}

/** The same as OTLP, without those that OTLP has no word for. */
export async function* otlpSpans(
  run: Pick<RunSummary, 'status' | 'end' | 'lastActivity'>,
  spans: AsyncIterable<ExportedSpan>,
  options: Omit<ToOtlpOptions, 'openEnd'>,
  noticed: Noticed,
): AsyncGenerator<ScopedSpan> {
  const over = run.status === 'running' ? undefined : (run.end ?? run.lastActivity);
  const openEnd = over === undefined ? undefined : over / 1000;
  let service: string | undefined;
  let trace: TraceFacts | undefined;
  let isEmpty = true;
  for await (const span of spans) {
    // The root comes first, and says it for all.
    service ??= textOf(span.fields['service.name']);
    trace ??= traceFactsOf(span);
    const otlp = otlpOfSpan({ ...span, trace }, { ...options, openEnd });
    if (otlp) {
      isEmpty = false;
      yield { ...otlp, service };
    } else if (hasTime(span)) noticed.open++;
    else noticed.timeless = (noticed.timeless ?? 0) + 1;
  }
  if (isEmpty) noticed.emptyRuns = (noticed.emptyRuns ?? 0) + 1;
}

/** Of a span without one, time to come makes none. */
const hasTime = ({ start, end }: ExportedSpan): boolean =>
  nanosOfSeconds(start) !== undefined && (end === undefined || nanosOfSeconds(end) !== undefined);
