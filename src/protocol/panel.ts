import type { RunComparison } from '../core/compareRuns.ts';
import type { ErrorTexts } from '../core/errors.ts';
import type { Insight } from '../core/insights/insight.ts';
import type { RunId, SpanId, UnixMs } from '../core/model.ts';
import type { LivePiece } from '../core/replay/liveAnswer.ts';
import type { RunFigures } from '../core/runFigures.ts';
import type { RunSelection } from '../core/runQuery.ts';
import type { Words } from '../core/words.ts';
import type { CostsPage } from './analysis.ts';
import type { CostsQuery, InsightList, SpanName } from './insightList.ts';
import type {
  FiguresQuery,
  FileId,
  FileTotals,
  ImagePart,
  RunRows,
  RunRowsQuery,
  SpanDetail,
  SpanImage,
  Staleness,
  TextPart,
  Waterfall,
} from './reader.ts';

import type { ReplayAction, ReplayView } from './replay.ts';

/** A span in a file: what the panel shows, and what it keeps across restarts. */
export interface SpanRef {
  readonly file: FileId;
  readonly spanId: SpanId;
}

/** A run in a file: what the overview has selected, and keeps across restarts. */
export interface RunRef {
  readonly file: FileId;
  readonly runId: RunId;
}

/** Two runs that are compared: what the compare page shows, and what it keeps across restarts. */
export interface RunPair {
  readonly a: RunRef;
  readonly b: RunRef;
}

export const spanTabs = [
  'cause',
  'prompt',
  'response',
  'tool',
  'documents',
  'metadata',
  'events',
  'raw',
] as const;
export type SpanTab = (typeof spanTabs)[number];

/** Commands that the pages may start; each acts on the span that is shown, or on the file. */
export const panelCommands = [
  'goToCause',
  'goToNextFailure',
  'goToPreviousFailure',
  'goToNextCall',
  'goToPreviousCall',
  'goToSource',
  'revealInRunTree',
  'copySpanId',
  'copySpanAsJson',
  'copySpanAsMarkdown',
  'openPrompt',
  'openResponse',
  'replaySpan',
  'replayUpToHere',
  'replayRun',
  'compareWith',
  'openTraceFile',
  'refresh',
  'showLog',
  'recordCopilot',
] as const;
export type PanelCommand = (typeof panelCommands)[number];

/** The first answer of the host: everything the page needs before it asks for data. */
export interface PanelStart {
  readonly words: Words;
  /** What failures say, by their code. */
  readonly errorTexts: ErrorTexts;
  /** Names of the keys as this platform shows them, for tooltips. */
  readonly keys: Readonly<Partial<Record<PanelCommand, string>>>;
  /** The key that marks a second thing with a click. */
  readonly markKey: string;
  /** Programs can be run here, and so runs replayed. */
  readonly replaysRuns: boolean;
  readonly now: UnixMs;
  readonly view:
    | {
        readonly kind: 'span';
        readonly target: SpanRef | undefined;
        readonly tab: SpanTab | undefined;
      }
    | {
        readonly kind: 'runs';
        readonly file: FileId;
        /** The span that the panel shows, or showed last. */
        readonly shown: SpanRef | undefined;
      }
    | { readonly kind: 'compare'; readonly pair: RunPair | undefined }
    | { readonly kind: 'replay' };
}

export interface FileView {
  readonly name: string;
  readonly totals: FileTotals;
  readonly staleness: Staleness | undefined;
  readonly droppedSpans?: number | undefined;
  readonly bytes: number;
  /** Changes are shown as they are written. */
  readonly following: boolean;
  /** The file has changed since it was last followed. */
  readonly behind: boolean;
}

/** What a page may ask of the extension. */
export interface PanelApi {
  ready(): Promise<PanelStart>;
  span(ref: SpanRef): Promise<SpanDetail>;
  file(file: FileId): Promise<FileView>;
  runRows(file: FileId, query: Omit<RunRowsQuery, 'clock'>): Promise<RunRows>;
  figures(file: FileId, query: Omit<FiguresQuery, 'clock'>): Promise<RunFigures>;
  waterfall(file: FileId, runId: RunId): Promise<Waterfall>;
  /** Selects a span in the tree and shows it, at a tab or at the one that says most of it. */
  show(ref: SpanRef, tab?: SpanTab): Promise<void>;
  /** Selects a run in the tree and shows its root. */
  showRun(file: FileId, runId: RunId): Promise<void>;
  run(command: PanelCommand, ref: SpanRef | undefined): Promise<void>;
  /** Opens one part of a span as a read-only document. */
  openText(ref: SpanRef, part: TextPart): Promise<void>;
  copy(text: string): Promise<void>;
  /** Copies the whole of a part that the page holds only the beginning of. */
  copyPart(ref: SpanRef, part: TextPart): Promise<void>;
  /** A longer beginning of a cut text; at most 1 Mi units. */
  more(ref: SpanRef, part: TextPart): Promise<string>;
  /** Shows two runs side by side in the compare page. */
  compareRuns(a: RunRef, b: RunRef): Promise<void>;
  /** What the compare page shows. */
  comparison(a: RunRef, b: RunRef): Promise<RunComparison>;
  /** Opens one part of two spans in the diff editor. */
  compareTexts(a: SpanRef, b: SpanRef, part: TextPart): Promise<void>;
  /** Reads a file again, as one that could not be read. */
  readAgain(file: FileId): Promise<void>;
  /** Follows a file as it is written, or leaves it as it is shown. */
  follow(file: FileId, following: boolean): Promise<void>;
  /** A picture by the key that its block carries. */
  image(ref: SpanRef, part: ImagePart, key: string): Promise<SpanImage>;
  /** The insights of the newest runs, of those that are selected. */
  insights(file: FileId, selection: RunSelection): Promise<InsightList>;
  /** The insights that are about a span; about a run's root, all of the run. */
  spanInsights(ref: SpanRef, runId: RunId): Promise<readonly Insight[]>;
  /** The names of spans of one run, at most 20; those that are not found are left out. */
  spanNames(ref: RunRef, spanIds: readonly SpanId[]): Promise<readonly SpanName[]>;
  /** Costs so far; the same query asks for more until `done` is `of`. */
  costs(file: FileId, query: CostsQuery): Promise<CostsPage>;
  /** What the page of a replay shows; the span of a kept one says which, where nothing is shown yet. */
  replay(saved: SpanRef | undefined): Promise<ReplayView | undefined>;
  replayAct(action: ReplayAction): Promise<void>;
}

export const panelMethods = [
  'ready',
  'span',
  'file',
  'runRows',
  'figures',
  'waterfall',
  'show',
  'showRun',
  'run',
  'openText',
  'copy',
  'copyPart',
  'more',
  'compareRuns',
  'comparison',
  'compareTexts',
  'image',
  'follow',
  'readAgain',
  'insights',
  'spanInsights',
  'spanNames',
  'costs',
  'replay',
  'replayAct',
] as const satisfies readonly (keyof PanelApi)[];

/** What the extension tells a page unasked. */
export type PanelEvent =
  | {
      readonly kind: 'event';
      readonly name: 'show';
      readonly target: SpanRef;
      readonly tab?: SpanTab;
    }
  /** The panel shows a span, whoever asked for it. */
  | { readonly kind: 'event'; readonly name: 'spanShown'; readonly target: SpanRef }
  | {
      readonly kind: 'event';
      readonly name: 'fileChanged';
      readonly file: FileId;
      /** `judged`: what is recorded is the same; only what runs, and for how long, is not. */
      readonly why: 'read' | 'judged';
    }
  | {
      readonly kind: 'event';
      readonly name: 'fileFollowed';
      readonly file: FileId;
      readonly following: boolean;
      readonly behind: boolean;
    }
  /** Other insights are known of a file's runs. */
  | { readonly kind: 'event'; readonly name: 'insightsChanged'; readonly file: FileId }
  | { readonly kind: 'event'; readonly name: 'compare'; readonly pair: RunPair }
  | { readonly kind: 'event'; readonly name: 'replay'; readonly view: ReplayView }
  /** More of the answer that is coming. */
  | {
      readonly kind: 'event';
      readonly name: 'replayPieces';
      readonly id: number;
      /** How many came before these. */
      readonly after: number;
      readonly pieces: readonly LivePiece[];
    };
