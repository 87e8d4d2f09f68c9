import type { Cause } from '../core/causality.ts';
import type { CauseView } from '../core/causeView.ts';
import type { Block, Conversation, Cut } from '../core/content.ts';
import type { Source } from '../core/metadata.ts';
import type {
  RunId,
  RunSummary,
  Span,
  SpanEvent,
  SpanId,
  UnixMs,
  Usage,
  Usd,
} from '../core/model.ts';
import type { Clock } from '../core/status.ts';
import type { Flaw } from '../core/tree.ts';

/** Names an open trace file; the caller chooses it, usually the file's uri. */
export type FileId = string;

/** Where the bytes come from. A path is read by the reader's own process. */
export type TraceSource =
  | { readonly kind: 'path'; readonly path: string; readonly name: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly name: string };

/** What a writer has put beside the file, and why it is not shown. */
export interface Staleness {
  /** The end of its name: `-wal` or `-journal`. */
  readonly beside: 'wal' | 'journal';
  readonly why: string;
}

export interface TraceFile {
  readonly file: FileId;
  readonly name: string;
  /** Which schema the file has, for example `native`. */
  readonly dialect: string;
  readonly bytes: number;
  /** Data beside the file is shown like its own; this is where that could not be done. */
  readonly staleness: Staleness | undefined;
}

export type RunFilter = 'all' | 'failed' | 'running';

export interface RunQuery {
  readonly filter: RunFilter;
  readonly offset: number;
  /** At most 1,000. */
  readonly limit: number;
  readonly clock: Clock;
}

export interface RunPage {
  /** Newest first. */
  readonly runs: readonly RunSummary[];
  /** Runs that match the filter. */
  readonly matching: number;
}

export interface FileTotals {
  readonly runs: number;
  readonly failed: number;
  readonly running: number;
  readonly spans: number;
  readonly cost: Usd | undefined;
  readonly pricedCost: Usd;
  readonly unpricedCalls: number;
  readonly usage: Usage;
  readonly firstStart: UnixMs | undefined;
  readonly lastStart: UnixMs | undefined;
}

/** A span as a row of the tree. */
export interface SpanRow extends Span {
  readonly children: number;
  readonly depth: number;
  readonly flaw: Flaw | undefined;
  /** Failed, but the run got over it. */
  readonly recovered: boolean;
  /** It is the cause of the run's failing span. */
  readonly isCause: boolean;
}

export interface SpanPage {
  readonly spans: readonly SpanRow[];
  readonly total: number;
}

export interface SpanPath {
  readonly runId: RunId;
  /** From the root's child down to the span itself; empty for the root, which its run's row stands for. */
  readonly path: readonly { readonly spanId: SpanId; readonly index: number }[];
}

export interface FailurePlace {
  readonly runId: RunId;
  readonly spanId: SpanId;
}

/** Parts of a span that can be read as whole texts. */
export const textParts = [
  'prompt',
  'response',
  'toolInput',
  'toolResult',
  'metadata',
  'error',
  'request',
  'json',
  'markdown',
] as const;
export type TextPart = (typeof textParts)[number];

export interface TextSlice {
  readonly text: string;
  /** Length of the whole in UTF-16 units. */
  readonly chars: number;
}

/** Which of a run's LLM calls a span is: by start, counted from 1. */
export interface CallPlace {
  readonly index: number;
  readonly count: number;
}

/** Everything the panel shows of one span; long texts are cut. */
export interface SpanDetail {
  readonly span: SpanRow;
  readonly run: RunSummary;
  readonly prompt: Conversation | undefined;
  readonly response: Conversation | undefined;
  readonly stopReason: string | undefined;
  readonly tool: {
    readonly useId: string | undefined;
    readonly input: Cut | undefined;
    readonly result: readonly Block[] | undefined;
    readonly resultLength: number | undefined;
  };
  /** All metadata as indented JSON, or the text as recorded where it is not JSON. */
  readonly metadata: Cut | undefined;
  readonly metadataProblem: 'not-json' | 'not-object' | undefined;
  readonly events: readonly SpanEvent[];
  readonly eventsTotal: number;
  /** The row as recorded, column by column; `metadata` is left to its own tab. */
  readonly raw: readonly (readonly [column: string, value: string])[];
  readonly source: Source | undefined;
  readonly error: Cut | undefined;
  /** What was cut before recording, as text. */
  readonly redacted: string | undefined;
  /** Place among the run's failures, counted from 1; undefined for a span that is none. */
  readonly failure: { readonly index: number; readonly count: number } | undefined;
  readonly cause:
    | {
        readonly span: SpanRow;
        readonly call: CallPlace | undefined;
        readonly rule: Cause['rule'];
        readonly view: CauseView;
      }
    | undefined;
  /** Failing spans that this span is the cause of. */
  readonly causes: readonly {
    readonly spanId: SpanId;
    readonly name: string;
    readonly toolName: string | undefined;
    readonly toolUseId: string | undefined;
  }[];
  /** Undefined for other kinds than LLM calls. */
  readonly call: CallPlace | undefined;
}

/**
 * The reader: the one way to a trace file's content. Every method rejects with a TraceError, and every
 * answer is bounded, however large the file.
 */
export interface ReaderApi {
  /** Opens the file; one that is open is looked at again, and is another if it was changed since. */
  open(file: FileId, source: TraceSource): Promise<TraceFile>;
  close(file: FileId): Promise<void>;
  runs(file: FileId, query: RunQuery): Promise<RunPage>;
  totals(file: FileId, clock: Clock): Promise<FileTotals>;
  run(file: FileId, runId: RunId, clock: Clock): Promise<RunSummary>;
  /** Where a run stands among the newest-first runs that match a filter; -1 where it does not match. */
  runIndex(file: FileId, runId: RunId, filter: RunFilter, clock: Clock): Promise<number>;
  /** Children of a span, or of the run's root where `parent` is undefined. At most 1,000 per call. */
  children(
    file: FileId,
    runId: RunId,
    parent: SpanId | undefined,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<SpanPage>;
  /** A run's spans in tree order, root first. At most 10,000 per call. */
  spans(
    file: FileId,
    runId: RunId,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<SpanPage>;
  locate(file: FileId, spanId: SpanId): Promise<SpanPath>;
  span(file: FileId, spanId: SpanId, clock: Clock): Promise<SpanDetail>;
  /** A slice of one part's whole text; undefined where it was not recorded. At most 4 Mi units per call. */
  text(
    file: FileId,
    spanId: SpanId,
    part: TextPart,
    from: number,
    length: number,
  ): Promise<TextSlice | undefined>;
  cause(file: FileId, spanId: SpanId): Promise<Cause | undefined>;
  /**
   * The next place where a failure began, in tree order (newest run first), wrapping. From a run, its own
   * first. Undefined where the file has none.
   */
  nextFailure(
    file: FileId,
    from: { readonly runId: RunId; readonly spanId: SpanId | undefined } | undefined,
    direction: 'next' | 'previous',
    clock: Clock,
  ): Promise<FailurePlace | undefined>;
}

export const readerMethods = [
  'open',
  'close',
  'runs',
  'totals',
  'run',
  'runIndex',
  'children',
  'spans',
  'locate',
  'span',
  'text',
  'cause',
  'nextFailure',
] as const satisfies readonly (keyof ReaderApi)[];
