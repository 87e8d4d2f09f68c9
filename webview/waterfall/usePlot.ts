import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { foldedBelow, placeOf, revealed, shownRows, withFold } from '../../src/core/foldedRows.ts';
import { type SpanColumns, spanIdAt, type TimeRange } from '../../src/core/spanColumns.ts';
import { clampRange, viewOf } from '../../src/core/timeZoom.ts';
import type { PlotState } from './keptPlot.ts';
import { type Model, rowsOfSpans, timeOf } from './model.ts';

interface State extends PlotState {
  readonly model: Model;
  /** The row whose span was shown last. */
  readonly shown: number | undefined;
  /** Counts the jumps to a row: each brings it into view, also where it was the current one already. */
  readonly jumps: number;
}

/** What a person does to a waterfall: folding, zooming, moving, showing. It outlives a change of the file. */
export function usePlot(
  model: Model,
  first: () => PlotState & Pick<State, 'shown'>,
  keep: (model: Model, state: PlotState) => void,
) {
  const [kept, setState] = useState<State>(() => ({
    model,
    ...first(),
    jumps: 0,
  }));
  const state = useMemo(() => (kept.model === model ? kept : carried(kept, model)), [kept, model]);
  const latest = useRef(state);
  useEffect(() => {
    latest.current = state;
  });

  const { folded, zoom, current, shown, jumps } = state;
  useEffect(() => {
    // A wheel zooms many times a second.
    const timer = setTimeout(() => keep(model, { folded, zoom, current }), 100);
    return () => clearTimeout(timer);
  }, [keep, model, folded, zoom, current]);
  const rows = useMemo(() => shownRows(model.data, folded), [model, folded]);
  const view = zoom ?? model.bounds;

  const change = useCallback((make: (state: State) => Partial<State>): void => {
    // From the latest drawn state: a handler may run before React has drawn the one before.
    const before = latest.current;
    latest.current = { ...before, ...make(before) };
    setState(latest.current);
  }, []);

  return useMemo(() => {
    const setFolded = (next: (model: Model, folded: Uint8Array) => Uint8Array): void =>
      change(before => {
        const after = next(before.model, before.folded);
        // What is folded away with it cannot stay the row of the keys.
        const seen = shownRows(before.model.data, after);
        return { folded: after, current: seen[placeOf(seen, before.current)] ?? 0 };
      });
    return {
      model,
      rows,
      folded,
      view,
      current,
      shown,
      jumps,
      fold: (row: number, fold: boolean) => setFolded((_, all) => withFold(all, row, fold)),
      showLevels: (levels: number) => setFolded(({ data }) => foldedBelow(data, levels)),
      unfoldAll: () => setFolded(({ data }) => new Uint8Array(data.count)),
      setView: (next: (view: TimeRange, bounds: TimeRange) => TimeRange | undefined) =>
        change(before => {
          const { bounds } = before.model;
          const zoomed = next(before.zoom ?? bounds, bounds);
          return { zoom: zoomed === bounds ? undefined : zoomed };
        }),
      setCurrent: (row: number) => change(() => ({ current: row })),
      setShown: (row: number) => change(() => ({ current: row, shown: row })),
      setNoneShown: () => change(() => ({ shown: undefined })),
      /** Unfolds what hides a row, makes it the current one and brings it into the view. */
      reveal: (row: number) =>
        change(before => {
          const { data, bounds } = before.model;
          const time = timeOf(before.model, row);
          return {
            folded: revealed(data, before.folded, row),
            current: row,
            jumps: before.jumps + 1,
            zoom: before.zoom && time && viewOf(before.zoom, time, bounds),
          };
        }),
    };
  }, [model, rows, folded, view, current, shown, jumps, change]);
}

export type Plot = ReturnType<typeof usePlot>;

/** The same state over the columns of a file that was written to: rows have moved, ids have not. */
function carried(before: State, model: Model): State {
  const old = before.model.data;
  const folded = new Uint8Array(model.data.count);
  for (const row of rowsOfSpans(model.data, idsWhere(old, before.folded))) folded[row] = 1;
  const rowNow = (row: number | undefined): number | undefined =>
    row === undefined ? undefined : rowsOfSpans(model.data, new Set([spanIdAt(old, row)]))[0];
  return {
    model,
    folded,
    zoom: before.zoom && clampRange(before.zoom, model.bounds),
    current: rowNow(before.current) ?? 0,
    shown: rowNow(before.shown),
    jumps: before.jumps,
  };
}

function idsWhere(data: SpanColumns, rows: Uint8Array): ReadonlySet<string> {
  const ids = new Set<string>();
  for (let row = 0; row < data.count; row++) if (rows[row]) ids.add(spanIdAt(data, row));
  return ids;
}
