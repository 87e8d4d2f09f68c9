import { useEffect, useRef } from 'react';
import type { SpanRef } from '../../src/protocol/panel.ts';
import type { FileId } from '../../src/protocol/reader.ts';
import { type Model, rowsOfSpans } from './model.ts';
import type { Plot } from './usePlot.ts';

/** Marks the span that the panel shows, whoever showed it, and brings its row into view. */
export function useFollowing(file: FileId, shownSpan: SpanRef | undefined, plot: Plot): void {
  const latest = useRef(plot);
  latest.current = plot;
  useEffect(() => {
    const { model, shown, reveal, setShown, setNoneShown } = latest.current;
    const row = rowOf(model, file, shownSpan);
    // What was chosen here is marked already, and must not move under the pointer.
    if (row === shown) return;
    if (row === undefined) setNoneShown();
    else {
      reveal(row);
      setShown(row);
    }
  }, [file, shownSpan]);
}

/** Undefined for a span of another run. */
export function rowOf(model: Model, file: FileId, span: SpanRef | undefined): number | undefined {
  if (span?.file !== file) return undefined;
  return rowsOfSpans(model.data, new Set([span.spanId]))[0];
}
