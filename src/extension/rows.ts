import type { RunSummary } from '../core/model.ts';
import type { SpanRef } from '../protocol/panel.ts';
import type { FileId, SpanRow as Span } from '../protocol/reader.ts';
import type { ReplaySummary } from '../protocol/replay.ts';

/**
 * A row of the tree. There is one object for each id: VS Code takes a second one for another row, and
 * then says that the id is taken. Only notes are made anew each time: no row but its parent is asked for
 * again, and that takes the old ones away.
 */
export type Row = FileRow | RunRow | SpanRow | MoreRow | NoteRow | ReplaysRow | ReplayRow;
export type ParentRow = FileRow | RunRow | SpanRow;

export interface FileRow {
  readonly type: 'file';
  readonly id: string;
  readonly file: FileId;
  loaded: Loaded | undefined;
}

/** Stands for its root span as well. */
export interface RunRow {
  readonly type: 'run';
  readonly id: string;
  readonly file: FileId;
  readonly parent: FileRow;
  run: RunSummary;
  /** What was said of its insights when it was last drawn for them. */
  mark: string;
  loaded: Loaded | undefined;
}

export interface SpanRow {
  readonly type: 'span';
  readonly id: string;
  readonly file: FileId;
  readonly run: RunRow;
  readonly parent: RunRow | SpanRow;
  span: Span;
  loaded: Loaded | undefined;
}

export interface MoreRow {
  readonly type: 'more';
  readonly id: string;
  readonly parent: ParentRow;
  loading: boolean;
}

/** A state said in words, such as why a file cannot be read. */
export interface NoteRow {
  readonly type: 'note';
  readonly id: string;
  readonly parent: ParentRow;
  readonly icon: 'warning' | 'error' | 'info';
  readonly label: string;
  readonly description: string;
}

/** Stands over the replays of a run's calls. */
export interface ReplaysRow {
  readonly type: 'replays';
  readonly id: string;
  /** Of the run. */
  readonly file: FileId;
  readonly parent: RunRow;
  count: number;
}

/** Stands for the call that was sent. */
export interface ReplayRow {
  readonly type: 'replay';
  readonly id: string;
  /** In which the replay is. */
  readonly file: FileId;
  readonly parent: ReplaysRow;
  replay: ReplaySummary;
}

export interface Loaded {
  readonly rows: readonly (RunRow | SpanRow)[];
  /** Of the whole, not only of those that are loaded. */
  readonly total: number;
}

/** Parts of an id are joined by a bar, which the parts themselves may contain. */
export function rowId(...parts: readonly string[]): string {
  return parts.map(part => part.replaceAll('%', '%25').replaceAll('|', '%7C')).join('|');
}

/** The span a row stands for. */
export function refOf(row: Row): SpanRef | undefined {
  if (row.type === 'run') return { file: row.file, spanId: row.run.rootSpanId };
  if (row.type === 'replay') return { file: row.file, spanId: row.replay.callId };
  return row.type === 'span' ? { file: row.file, spanId: row.span.spanId } : undefined;
}

export function isRow(value: unknown): value is Row {
  const types: readonly unknown[] = ['file', 'run', 'span', 'more', 'note', 'replays', 'replay'];
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    'id' in value &&
    types.includes(value.type)
  );
}

export const sameRef = (a: SpanRef | undefined, b: SpanRef | undefined): boolean =>
  a !== undefined && b !== undefined && a.file === b.file && a.spanId === b.spanId;
