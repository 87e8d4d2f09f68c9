import { foldedBelow } from '../../src/core/foldedRows.ts';
import type { RunId } from '../../src/core/model.ts';
import { type SpanColumns, spanIdAt, type TimeRange } from '../../src/core/spanColumns.ts';
import { clampRange } from '../../src/core/timeZoom.ts';
import type { FileId } from '../../src/protocol/reader.ts';
import { type Model, rowsOfSpans } from './model.ts';

/** What a person did to a waterfall; kept while its tab is hidden, and across restarts. */
export interface KeptPlot {
  readonly file: FileId;
  readonly runId: RunId;
  /** Ids of folded spans, or so many levels shown. */
  readonly folded: readonly string[] | number;
  readonly zoom: TimeRange | undefined;
  readonly current: string;
}

export interface PlotState {
  /** 1 for each folded span. */
  readonly folded: Uint8Array;
  /** Undefined: all of it, however long it grows. */
  readonly zoom: TimeRange | undefined;
  /** The row that the keys act on. */
  readonly current: number;
}

/** More ids than this make the state of a page slow to keep; nobody folds so many one by one. */
const mostFolded = 500;
const levelsOfKeys = 9;

export function keptOf(file: FileId, { data }: Model, state: PlotState): KeptPlot {
  const { zoom, current } = state;
  const { runId } = data.run;
  const folded = foldedOf(data, state.folded);
  return { file, runId, folded, zoom, current: spanIdAt(data, current) };
}

function foldedOf(data: SpanColumns, folded: Uint8Array): readonly string[] | number {
  const ids: string[] = [];
  for (let row = 0; row < data.count && ids.length <= mostFolded; row++) {
    if (folded[row]) ids.push(spanIdAt(data, row));
  }
  if (ids.length <= mostFolded) return ids;
  for (let levels = 1; levels <= levelsOfKeys; levels++) {
    const other = foldedBelow(data, levels);
    if (folded.every((one, row) => one === other[row])) return levels;
  }
  // The uppermost hide the most.
  return ids.slice(0, mostFolded);
}

/** The state that was kept of this run; as at first where none was. */
export function stateOf(kept: KeptPlot | undefined, file: FileId, model: Model): PlotState {
  const { data, bounds } = model;
  const folded = new Uint8Array(data.count);
  if (kept?.file !== file || kept.runId !== data.run.runId) {
    return { folded, zoom: undefined, current: 0 };
  }
  if (typeof kept.folded !== 'number') {
    for (const row of rowsOfSpans(data, new Set(kept.folded))) folded[row] = 1;
  }
  return {
    folded: typeof kept.folded === 'number' ? foldedBelow(data, kept.folded) : folded,
    zoom: kept.zoom && clampRange(kept.zoom, bounds),
    current: rowsOfSpans(data, new Set([kept.current]))[0] ?? 0,
  };
}
