import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { TraceError } from '../../src/core/errors.ts';
import type { RunId } from '../../src/core/model.ts';
import { parseQuery } from '../../src/core/query/parse.ts';
import type { RunFigures } from '../../src/core/runFigures.ts';
import type { RunSelection } from '../../src/core/runQuery.ts';
import type { FileView, SpanRef } from '../../src/protocol/panel.ts';
import type { FileId } from '../../src/protocol/reader.ts';
import { usePage } from '../app/page.tsx';
import { rowPages } from './rowPages.ts';
import { asksAnew, beginOf, firstSettings, type OverviewSettings } from './saved.ts';

/** What a person has set, remembered with every change. */
export function useSettings() {
  const { connection } = usePage();
  const [settings, setSettings] = useState<OverviewSettings>(() => ({
    ...firstSettings,
    ...connection.saved().overview,
  }));
  const latest = useRef(settings);
  const change = useCallback(
    (changes: Partial<OverviewSettings>): void => {
      const scroll = asksAnew(changes) ? 0 : latest.current.scroll;
      latest.current = { ...latest.current, scroll, ...changes };
      setSettings(latest.current);
      connection.save({ overview: latest.current });
    },
    [connection],
  );
  /** Nothing is drawn anew for it. */
  const rememberScroll = useCallback(
    (scroll: number): void => {
      latest.current = { ...latest.current, scroll };
      connection.save({ overview: latest.current });
    },
    [connection],
  );
  return { settings, change, rememberScroll };
}

/** Counts the states of a file: with each, everything is asked for again. */
export function useVersion(file: FileId) {
  const { connection, ask } = usePage();
  const [version, setVersion] = useState(0);
  /** Counts those that differ in what is recorded. */
  const [written, setWritten] = useState(0);
  useEffect(
    () =>
      connection.on(event => {
        if (event.name !== 'fileChanged' || event.file !== file) return;
        setVersion(one => one + 1);
        if (event.why === 'read') setWritten(one => one + 1);
      }),
    [connection, file],
  );
  const again = (): void => {
    const asked = connection.api.readAgain(file).finally(() => {
      setVersion(one => one + 1);
      setWritten(one => one + 1);
    });
    ask(asked);
  };
  return { version, written, again };
}

/** The span that the panel shows, or showed last. */
export function useShownSpan(first: SpanRef | undefined): SpanRef | undefined {
  const { connection } = usePage();
  const [shown, setShown] = useState(first);
  useEffect(
    () => connection.on(event => event.name === 'spanShown' && setShown(event.target)),
    [connection],
  );
  return shown;
}

/** What was typed, or while that is no query, what was one last. */
function useAskedText(text: string): string {
  const asked = useRef('');
  if (!parseQuery(text).problem) asked.current = text;
  return asked.current;
}

export function useSelection(settings: OverviewSettings, version: number): RunSelection {
  const { now } = usePage();
  const { filter, name, period } = settings;
  const text = useAskedText(settings.text);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a period ends with each state of the file
  return useMemo(
    () => ({ filter, text, name, from: beginOf(period, now()) }),
    [filter, text, name, period, version],
  );
}

/** The state of the file and the figures of what is selected; the former ones stay until the next are there. */
export function useFigures(file: FileId, selection: RunSelection, version: number) {
  const { connection } = usePage();
  const [failure, setFailure] = useState<TraceError>();
  const [view, setView] = useState<FileView>();
  const [figures, setFigures] = useState<RunFigures>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again for each state of the file
  useEffect(() => {
    let isLatest = true;
    setFailure(undefined);
    const answer = connection.caller.call('file', file);
    answer.then(
      next => isLatest && setView(next),
      thrown => isLatest && setFailure(TraceError.from(thrown)),
    );
    return () => {
      isLatest = false;
      answer.cancel();
    };
  }, [connection, file, version]);

  useEffect(
    () =>
      connection.on(event => {
        if (event.name !== 'fileFollowed' || event.file !== file) return;
        const { following, behind } = event;
        setView(shown => shown && { ...shown, following, behind });
      }),
    [connection, file],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => {
    let isLatest = true;
    const zone = -new Date().getTimezoneOffset() * 60_000;
    const answer = connection.caller.call('figures', file, { ...selection, zone });
    answer.then(
      next => {
        if (!isLatest) return;
        setFailure(undefined);
        setFigures(next);
      },
      thrown => isLatest && setFailure(TraceError.from(thrown)),
    );
    return () => {
      isLatest = false;
      answer.cancel();
    };
  }, [connection, file, selection, version]);
  return { view, figures, failure };
}

/** The rows, page by page as they come into view. */
export function useRows(
  file: FileId,
  selection: RunSelection,
  { sort, grouped, folded, selected }: OverviewSettings,
  version: number,
) {
  const { connection } = usePage();
  /** Runs that must not be lost from sight when rows move. */
  const anchors = useRef<readonly RunId[]>(selected === undefined ? [] : [selected]);
  const latest = useRef(selected);
  latest.current = selected;
  const pages = useMemo(
    () =>
      rowPages(
        query => connection.caller.call('runRows', file, query),
        () => [...anchors.current, ...(latest.current === undefined ? [] : [latest.current])],
      ),
    [connection, file],
  );
  const asked = useRef<number>(version);
  const repeat = useCallback(
    (again: boolean) => pages.ask({ ...selection, sort, grouped, folded }, again),
    [pages, selection, sort, grouped, folded],
  );
  useEffect(() => {
    repeat(asked.current !== version);
    asked.current = version;
  }, [repeat, version]);
  return {
    ...useSyncExternalStore(pages.subscribe, pages.state),
    pages,
    anchors,
  };
}
