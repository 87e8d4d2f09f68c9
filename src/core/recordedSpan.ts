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
}
