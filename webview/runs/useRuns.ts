import { useCallback, useEffect, useRef, useState } from 'react';
import { TraceError } from '../../src/core/errors.ts';
import type { RunSummary } from '../../src/core/model.ts';
import type { FileView } from '../../src/protocol/panel.ts';
import type { FileId, RunFilter } from '../../src/protocol/reader.ts';
import { usePage } from '../app/page.tsx';

export const pageSize = 200;

export interface RunsState {
  readonly view: FileView | undefined;
  readonly runs: readonly RunSummary[] | undefined;
  /** Runs that match the filter, loaded or not. */
  readonly matching: number;
  readonly failure: TraceError | undefined;
  readonly loadingMore: boolean;
}

const nothing: RunsState = {
  view: undefined,
  runs: undefined,
  matching: 0,
  failure: undefined,
  loadingMore: false,
};

/** A file's totals and its runs, page by page. What is loaded is asked for again when the file changes. */
export function useRuns(file: FileId, filter: RunFilter) {
  const { connection } = usePage();
  const [state, setState] = useState(nothing);
  // Answers to an earlier question are dropped.
  const question = useRef(0);
  const loaded = useRef(0);

  const load = useCallback(
    (rows: number): void => {
      const mine = ++question.current;
      const { api } = connection;
      Promise.all([api.file(file), api.runs(file, filter, 0, rows)]).then(
        ([view, page]) => {
          if (mine !== question.current) return;
          loaded.current = page.runs.length;
          setState({ ...nothing, view, runs: page.runs, matching: page.matching });
        },
        thrown => {
          if (mine !== question.current) return;
          setState(before => ({ ...before, failure: TraceError.from(thrown) }));
        },
      );
    },
    [connection, file, filter],
  );

  useEffect(() => {
    load(pageSize);
    return connection.on(event => {
      // At most 1,000 rows are answered at once; the rest is a click away again.
      if (event.name === 'fileChanged' && event.file === file) {
        load(Math.min(1000, Math.max(pageSize, loaded.current)));
      }
    });
  }, [connection, file, load]);

  const more = (): void => {
    const mine = question.current;
    setState(before => ({ ...before, loadingMore: true }));
    connection.api.runs(file, filter, loaded.current, pageSize).then(
      page => {
        if (mine !== question.current) return;
        setState(before => {
          const known = new Set(before.runs?.map(run => run.runId));
          const runs = [
            ...(before.runs ?? []),
            // A run that was written meanwhile moves the others down: the first of a page may be known.
            ...page.runs.filter(run => !known.has(run.runId)),
          ];
          loaded.current = runs.length;
          return { ...before, runs, matching: page.matching, loadingMore: false };
        });
      },
      thrown => {
        if (mine !== question.current) return;
        setState(before => ({ ...before, failure: TraceError.from(thrown), loadingMore: false }));
      },
    );
  };

  return { ...state, more, retry: () => load(pageSize) };
}
