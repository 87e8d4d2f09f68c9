import { useEffect, useRef } from 'react';
import { spanIdAt } from '../../src/core/spanColumns.ts';
import type { FileId } from '../../src/protocol/reader.ts';
import { usePage } from '../app/page.tsx';
import { rowsOfSpans } from './model.ts';
import type { Plot } from './usePlot.ts';

/** Marks the span that the panel shows, whoever showed it, and brings its row into view. */
export function useFollowing(file: FileId, plot: Plot): void {
  const { connection } = usePage();
  const latest = useRef(plot);
  latest.current = plot;
  useEffect(
    () =>
      connection.on(event => {
        if (event.name !== 'spanShown' || event.target.file !== file) return;
        const { model, shown, reveal, setShown } = latest.current;
        const { spanId } = event.target;
        // What was chosen here is marked already, and must not move under the pointer.
        if (shown !== undefined && spanIdAt(model.data, shown) === spanId) return;
        const [row] = rowsOfSpans(model.data, new Set([spanId]));
        if (row === undefined) return;
        reveal(row);
        setShown(row);
      }),
    [connection, file],
  );
}
