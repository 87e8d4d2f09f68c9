import type { CallTokens } from '../core/callTokens.ts';
import type { Cause } from '../core/causality.ts';
import type { CauseView } from '../core/causeView.ts';
import type { RunComparison } from '../core/compareRuns.ts';
import type { Block, Conversation, Cut } from '../core/content.ts';
import type { ContextParts } from '../core/contextParts.ts';
import type { CriticalPath } from '../core/criticalPath.ts';
import type { Documents } from '../core/documents.ts';
import type { IdleGaps } from '../core/idleGaps.ts';
import type { ImageType } from '../core/imageHeader.ts';
import type { Source } from '../core/metadata.ts';
import type {
  Ms,
  RunId,
  RunSummary,
  Span,
  SpanEvent,
  SpanId,
  UnixMs,
  Usage,
  Usd,
} from '../core/model.ts';
import type { Price } from '../core/price.ts';
import type { RecordedPage } from '../core/recordedSpan.ts';
import type { RunFigures } from '../core/runFigures.ts';
import type { ListRow } from '../core/runGroups.ts';
import type { RunFilter, RunSelection, RunSort } from '../core/runQuery.ts';
import type { Since } from '../core/since.ts';
import type { SpanColumns } from '../core/spanColumns.ts';
import type { Clock } from '../core/status.ts';
import type { Flaw } from '../core/tree.ts';
import type { CostsPage, CostsRequest, InsightsPage, InsightsRequest } from './analysis.ts';
import type { RunRef } from './panel.ts';
import type { ReplaySummary } from './replay.ts';
import type { SearchPage, SearchRequest } from './search.ts';

/** Names an open trace file; the caller chooses it, usually the file's uri. */
export type FileId = string;

/** Where the bytes come from. A path is read by the reader's own process. */
export type TraceSource = (
  | { readonly kind: 'path'; readonly path: string; readonly name: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly name: string }
) & {
  /** The user's own prices, which come before those of the table. */
  readonly prices?: readonly Price[] | undefined;
};

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
  /** Equal as long as what is recorded is, and the user's prices are; undefined where that is not known. */
  readonly stamp: string | undefined;
  /** Data beside the file is shown like its own; this is where that could not be done. */
  readonly staleness: Staleness | undefined;
  /** What its tracer noted that it could not keep. */
  readonly droppedSpans?: number | undefined;
}

/** How far a file's spans were read. Lists and figures are of those that were. */
export interface IndexState {
  /** Another one says that lists and figures are others. */
  readonly version: number;
  /** From 0 to 1; undefined once all were read. */
  readonly share: number | undefined;
  /** Milliseconds after which there is more to read; undefined where all that is known is certain. */
  readonly wait: number | undefined;
}

export type { RunFilter } from '../core/runQuery.ts';

export interface RunQuery extends RunSelection {
  /** Only runs that did something then or later, by what is recorded. Then they come newest first. */
  readonly activeFrom?: UnixMs | undefined;
  /** Newest first where absent. */
  readonly sort?: RunSort | undefined;
  readonly offset: number;
  /** At most 1,000. */
  readonly limit: number;
  readonly clock: Clock;
}

export interface RunPage {
  readonly runs: readonly RunSummary[];
  /** Runs that match the filter. */
  readonly matching: number;
}

/** The runs as a list to look at: perhaps under the heads of their sessions. */
export interface RunRowsQuery extends RunSelection {
  readonly sort: RunSort;
  /** Undefined: if most of the file's runs belong to a session. */
  readonly grouped: boolean | undefined;
  /** Sessions of which only the head is shown; '' stands for the runs without one. */
  readonly folded: readonly string[];
  readonly offset: number;
  /** At most 1,000. */
  readonly limit: number;
  /** Runs whose places are asked for as well. */
  readonly placesOf: readonly RunId[];
  readonly clock: Clock;
}

export interface RunRows {
  readonly grouped: boolean;
  readonly rows: readonly ListRow[];
  /** Rows of the whole list. */
  readonly total: number;
  /** Runs that match. */
  readonly matching: number;
  /** Runs in the file. */
  readonly all: number;
  /** One for each run that was asked for: its row, -1 where it has none. */
  readonly places: readonly number[];
}

export interface FiguresQuery extends RunSelection {
  /** What is added to UTC to get the local time of whoever looks. */
  readonly zone: Ms;
  readonly clock: Clock;
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
  /** How much of the file these are of, from 0 to 1; undefined once all was read. */
  readonly share: number | undefined;
  /** That of the `IndexState` at that time. */
  readonly version: number;
}

/** A span as a row of the tree. */
export interface SpanRow extends Span {
  /** Rows right below its own. */
  readonly children: number;
  /** 0 is the run's root. */
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
  /** The rows from the root's child down to the span itself; empty for the root, which its run's row stands for. */
  readonly path: readonly { readonly spanId: SpanId; readonly index: number }[];
}

export interface FailurePlace {
  readonly runId: RunId;
  readonly spanId: SpanId;
  /** It was reached past the end, or past the beginning, of the file. */
  readonly wrapped: boolean;
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
/** One message of a side, counted from 0 among all that were recorded. */
export type MessagePart = `${'prompt' | 'response'}:${number}`;
export type TextPart = (typeof textParts)[number] | MessagePart;

export const messagePart = (side: 'prompt' | 'response', index: number): MessagePart =>
  `${side}:${index}`;

/** The side and place that a part names; undefined for a part that is no message. */
export function namedMessage(
  part: string,
): { readonly side: 'prompt' | 'response'; readonly index: number } | undefined {
  const [, side, index] = /^(prompt|response):(\d{1,7})$/.exec(part) ?? [];
  if (index === undefined) return undefined;
  return { side: side === 'prompt' ? 'prompt' : 'response', index: Number(index) };
}

export interface TextSlice {
  readonly text: string;
  /** Length of the whole in UTF-16 units. */
  readonly chars: number;
}

/** Parts of a span that pictures are recorded in. */
export const imageParts = ['prompt', 'response', 'toolResult'] as const;
export type ImagePart = (typeof imageParts)[number];

/** A picture, or why it is not shown. */
export type SpanImage =
  | {
      readonly type: ImageType;
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly width: number;
      readonly height: number;
    }
  | { readonly problem: 'missing' | 'too-large' | 'too-many-pixels' | 'no-image' };

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
  /** Its prompt, or those of a run's calls, hold only what was new since the call before: none can be sent. */
  readonly onlyNewMessages: boolean;
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
        readonly onlyNewMessages: boolean;
        readonly view: CauseView;
      }
    | undefined;
  /** Failing spans that this span is the cause of. */
  readonly causes: readonly {
    readonly spanId: SpanId;
    readonly name: string;
    readonly toolName: string | undefined;
    readonly toolUseId: string | undefined;
    readonly rule: Cause['rule'];
  }[];
  /** Undefined for other kinds than LLM calls. */
  readonly call: CallPlace | undefined;
  /** The run's LLM calls before and after this span, by start. */
  readonly calls: { readonly previous: SpanId | undefined; readonly next: SpanId | undefined };
  /** What the prompt adds to the earlier call that it went on from. */
  readonly since: Since | undefined;
  /** What the prompt was made of; undefined where its tokens were not recorded. */
  readonly context: ContextParts | undefined;
  /** What a retrieval found. */
  readonly documents: Documents | undefined;
  /** The setting that makes the recorder keep prompts, answers and tool data, where it has one. */
  readonly contentSetting: string | undefined;
  /** Prices of the user's that hold for this call, or for the cause. */
  readonly ownPrices?: readonly Price[] | undefined;
}

/** A run on a time axis: narrow columns, never objects or texts of its spans. */
export interface Waterfall extends SpanColumns {
  readonly run: RunSummary;
  /** Spans of the run; `count` of them are in the columns, the first ones in tree order. */
  readonly total: number;
  readonly path: CriticalPath;
  readonly gaps: IdleGaps;
  readonly calls: CallTokens;
  /** Tokens that the model of these calls takes; undefined where that is not known, or not the same of all. */
  readonly window: number | undefined;
  /** Rows of the span at which the run failed and of its cause; undefined where they are not in the columns. */
  readonly failing: number | undefined;
  readonly cause: { readonly row: number; readonly rule: Cause['rule'] } | undefined;
}

/**
 * The reader: the one way to a trace file's content. Every method rejects with a TraceError, and every
 * answer is bounded, however large the file.
 */
export interface ReaderApi {
  /** Opens the file; one that is open is looked at again, and is another if it was changed since. */
  open(file: FileId, source: TraceSource): Promise<TraceFile>;
  close(file: FileId): Promise<void>;
  /** Reads a file's spans on, for some 100 ms. */
  advance(file: FileId): Promise<IndexState>;
  runs(file: FileId, query: RunQuery): Promise<RunPage>;
  runRows(file: FileId, query: RunRowsQuery): Promise<RunRows>;
  figures(file: FileId, query: FiguresQuery): Promise<RunFigures>;
  totals(file: FileId, clock: Clock): Promise<FileTotals>;
  run(file: FileId, runId: RunId, clock: Clock): Promise<RunSummary>;
  /** Where a run stands among the newest-first runs that match a filter; -1 where it does not match. */
  runIndex(
    file: FileId,
    runId: RunId,
    filter: RunFilter,
    clock: Clock,
    text?: string,
  ): Promise<number>;
  /**
   * The rows right below a span, or below the run's root where `parent` is undefined: its children, save
   * that rows do not nest as deep as spans may. At most 1,000 per call.
   */
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
  /**
   * A run's spans with all that is recorded of them, in tree order from a place on: as many as make up some
   * megabytes, at least one.
   */
  recordedSpans(file: FileId, runId: RunId, offset: number): Promise<RecordedPage>;
  /** Spans of a run by their ids, without those that it does not have. At most 100 per call. */
  spanRows(file: FileId, runId: RunId, spanIds: readonly SpanId[]): Promise<readonly SpanRow[]>;
  /** All spans of a run as columns; at most 500,000. */
  waterfall(file: FileId, runId: RunId, clock: Clock): Promise<Waterfall>;
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
  /** A picture by the key that its block carries; at most 5 MiB. */
  image(file: FileId, spanId: SpanId, part: ImagePart, key: string): Promise<SpanImage>;
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
  /** Searches on for some 100 ms; every part is asked for anew. */
  search(file: FileId, request: SearchRequest): Promise<SearchPage>;
  /** Works on for some 100 ms at which runs a text asks for. Lists wait for that; whoever asks here can stop. */
  findRuns(
    file: FileId,
    text: string,
    clock: Clock,
  ): Promise<{ readonly done: number; readonly of: number }>;
  /** Sums the costs of runs on for some 100 ms; the answer is of those that were looked at. */
  costs(file: FileId, request: CostsRequest): Promise<CostsPage>;
  /** Looks at runs for some 100 ms; the answer is of those that were looked at. */
  insights(file: FileId, request: InsightsRequest): Promise<InsightsPage>;
  /** Two runs side by side, of one file or of two. */
  compareRuns(a: RunRef, b: RunRef, clock: Clock): Promise<RunComparison>;
  /** The runs of a file that are replays, at most 1,000, newest first. */
  replays(file: FileId, clock: Clock): Promise<readonly ReplaySummary[]>;
}
