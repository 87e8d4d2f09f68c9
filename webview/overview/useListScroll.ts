import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { RunId } from '../../src/core/model.ts';
import { type KnownRows, rowAt } from './rowPages.ts';
import { type OverviewSettings, questionOf } from './saved.ts';

export const rowHeight = 24;

export interface ListScroll {
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Tells which run the keys are at. */
  hold(runId: RunId | undefined): void;
}

/**
 * Where the list stands: remembered, at the top for another question, and steady under the eye when a live
 * file puts new runs on top. Runs are held by id, because their places change.
 *
 * @param placed is told the place of the held run in a list that came anew; -1 where it is not in it
 */
export function useListScroll(
  known: KnownRows,
  anchors: RefObject<readonly RunId[]>,
  settings: OverviewSettings,
  remember: (scroll: number) => void,
  placed: (place: number) => void,
): ListScroll {
  const scroller = useRef<HTMLDivElement>(null);
  const shown = useRef({ known, question: questionOf(settings) });
  const held = useRef<RunId | undefined>(settings.selected);
  const top = useRef<{ readonly runId: RunId; readonly index: number } | undefined>(undefined);
  const note = useRef(() => {
    const runs = [held.current, top.current?.runId];
    anchors.current = runs.filter(runId => runId !== undefined);
  });

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onScroll = (): void => {
      const index = Math.floor(element.scrollTop / rowHeight);
      const row = rowAt(shown.current.known, index);
      // At the very top one watches what comes: new runs push the others down.
      top.current = index > 0 && row?.kind === 'run' ? { runId: row.run.runId, index } : undefined;
      note.current();
      clearTimeout(timer);
      timer = setTimeout(() => remember(element.scrollTop), 200);
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      clearTimeout(timer);
      element.removeEventListener('scroll', onScroll);
    };
  }, [remember]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: where it stands at first
  useLayoutEffect(() => {
    if (scroller.current) scroller.current.scrollTop = settings.scroll;
  }, []);

  useLayoutEffect(() => {
    const former = shown.current;
    const isAnother = former.known.list !== known.list;
    // The former rows are shown until the answer to another question is there.
    shown.current = { known, question: isAnother ? questionOf(settings) : former.question };
    const element = scroller.current;
    if (!element || !isAnother) return;
    if (held.current !== undefined) placed(known.places.get(held.current) ?? -1);
    if (former.question !== shown.current.question) {
      element.scrollTop = 0;
      return;
    }
    const place = top.current && known.places.get(top.current.runId);
    if (top.current && place !== undefined && place >= 0) {
      element.scrollTop += (place - top.current.index) * rowHeight;
    }
  }, [known, settings, placed]);

  return {
    scroller,
    hold(runId) {
      held.current = runId;
      note.current();
    },
  };
}
