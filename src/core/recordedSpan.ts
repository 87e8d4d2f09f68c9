import type { CauseRule } from './causality.ts';
import type { Span, SpanEvent } from './model.ts';

/** All that is recorded of a span, for whoever takes it elsewhere. */
export interface RecordedSpan {
  readonly span: Span;
  readonly sessionId: string | undefined;
  /** As recorded. */
  readonly metadata: string | undefined;
  /** Whole, where lists carry its beginning. */
  readonly error: string | undefined;
  /** Every column but the metadata, each value as JSON. */
  readonly columns: readonly (readonly [column: string, json: string])[];
  readonly events: readonly SpanEvent[];
  /** More than `events` where a span has more than are read. */
  readonly eventsTotal: number;
  /** Characters of metadata that were left out because they are more than one answer may hold. */
  readonly leftOut?: number | undefined;
}

export interface RecordedPage {
  readonly spans: readonly RecordedSpan[];
  /** Spans of the run. */
  readonly total: number;
  /** Of a run that failed, on its first page. */
  readonly failure?: RecordedFailure | undefined;
}

/** Where a run failed, and the call that asked for what failed there. */
export interface RecordedFailure {
  readonly span: PlacedSpan;
  /** The id of the call by a tool's span. */
  readonly toolUseId: string | undefined;
  readonly cause: RecordedCause | undefined;
}

export interface RecordedCause {
  readonly span: PlacedSpan;
  readonly rule: CauseRule;
  /** Which of the run's calls it is, counted from 1; undefined where that is not known. */
  readonly call: number | undefined;
}

/** A span that is told of before it comes by. */
export interface PlacedSpan
  extends Pick<Span, 'spanId' | 'runId' | 'name' | 'toolName' | 'start' | 'end'> {
  /** Its place in tree order; 0 is the root's. */
  readonly place: number;
}
