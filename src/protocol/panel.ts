import type { RunId, SpanId, UnixMs } from '../core/model.ts';
import type { Words } from '../core/words.ts';
import type {
  FileId,
  FileTotals,
  RunFilter,
  RunPage,
  SpanDetail,
  Staleness,
  TextPart,
  Waterfall,
} from './reader.ts';

/** A span in a file: what the panel shows, and what it keeps across restarts. */
export interface SpanRef {
  readonly file: FileId;
  readonly spanId: SpanId;
}

export const spanTabs = [
  'cause',
  'prompt',
  'response',
  'tool',
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
  'goToSource',
  'revealInRunTree',
  'copySpanId',
  'copySpanAsJson',
  'copySpanAsMarkdown',
  'openPrompt',
  'openResponse',
  'replaySpan',
  'openTraceFile',
  'refresh',
  'showLog',
] as const;
export type PanelCommand = (typeof panelCommands)[number];

/** The first answer of the host: everything the page needs before it asks for data. */
export interface PanelStart {
  readonly words: Words;
  /** Names of the keys as this platform shows them, for tooltips. */
  readonly keys: Readonly<Partial<Record<PanelCommand, string>>>;
  readonly now: UnixMs;
  readonly view:
    | {
        readonly kind: 'span';
        readonly target: SpanRef | undefined;
        readonly tab: SpanTab | undefined;
      }
    | { readonly kind: 'runs'; readonly file: FileId };
}

export interface FileView {
  readonly name: string;
  readonly totals: FileTotals;
  readonly staleness: Staleness | undefined;
  readonly bytes: number;
}

/** What a page may ask of the extension. */
export interface PanelApi {
  ready(): Promise<PanelStart>;
  span(ref: SpanRef): Promise<SpanDetail>;
  file(file: FileId): Promise<FileView>;
  runs(file: FileId, filter: RunFilter, offset: number, limit: number): Promise<RunPage>;
  waterfall(file: FileId, runId: RunId): Promise<Waterfall>;
  /** Selects a span in the tree and shows it. */
  show(ref: SpanRef): Promise<void>;
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
}

export const panelMethods = [
  'ready',
  'span',
  'file',
  'runs',
  'waterfall',
  'show',
  'showRun',
  'run',
  'openText',
  'copy',
  'copyPart',
  'more',
] as const satisfies readonly (keyof PanelApi)[];

/** What the extension tells a page unasked. */
export type PanelEvent =
  | {
      readonly kind: 'event';
      readonly name: 'show';
      readonly target: SpanRef;
      readonly tab?: SpanTab;
    }
  | { readonly kind: 'event'; readonly name: 'fileChanged'; readonly file: FileId };
