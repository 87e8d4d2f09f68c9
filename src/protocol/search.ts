import type { RunId, RunSummary, SpanId, SpanKind, SpanStatus, UnixMs } from '../core/model.ts';
import type { Clock } from '../core/status.ts';

/** Where in a span a text was found. */
export type SearchPlace =
  | 'name'
  | 'error'
  | 'prompt'
  | 'response'
  | 'toolInput'
  | 'toolResult'
  | 'metadata'
  /** In what is known of the run as a whole. */
  | 'run';

/** Where a search goes on: behind a run, or before a row of it. */
export interface SearchCursor {
  /** Undefined: from the newest run on. */
  readonly runId: RunId | undefined;
  readonly start: UnixMs | undefined;
  readonly row: number;
}

export interface SearchRequest {
  /** In the query language. */
  readonly text: string;
  readonly clock: Clock;
  /** Undefined: from the newest run on. */
  readonly from?: SearchCursor | undefined;
  /** At most so many hits, and never more than 200. */
  readonly most: number;
}

/** A span that was found; a run that was found as a whole is its root. */
export interface SearchHit {
  readonly run: RunSummary;
  readonly spanId: SpanId;
  readonly name: string;
  readonly kind: SpanKind;
  readonly toolName: string | undefined;
  readonly status: SpanStatus;
  readonly recovered: boolean;
  readonly start: UnixMs | undefined;
  readonly end: UnixMs | undefined;
  /** Undefined where no text was asked for. */
  readonly where: SearchPlace | undefined;
  /** What stands around the place, on one line. */
  readonly snippet: string;
  /** Places of what was found within the snippet. */
  readonly matches: readonly (readonly [at: number, length: number])[];
}

/** A part of what a search finds: runs newest first, in each the row that was written last first. */
export interface SearchPage {
  readonly hits: readonly SearchHit[];
  /** Undefined where all was searched. */
  readonly next: SearchCursor | undefined;
  /** Spans that were searched so far, of so many. */
  readonly done: number;
  readonly of: number;
}
