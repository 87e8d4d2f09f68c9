import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { fillIn } from '../../src/core/errors.ts';
import type { RunId, UnixMs } from '../../src/core/model.ts';
import type { ListRow } from '../../src/core/runGroups.ts';
import { usePage } from '../app/page.tsx';
import { columnHeads, sortedBy } from './columns.ts';
import { GridHead, headId } from './GridHead.tsx';
import { type GridPlace, movedBy } from './gridKeys.ts';
import { RunCells, SessionCells } from './RunRow.tsx';
import { type KnownRows, type RowPages, rowAt } from './rowPages.ts';
import type { OverviewSettings } from './saved.ts';
import './grid.css';

const rowHeight = 24;
const headHeight = 25;

export interface RunGridProps {
  readonly fileName: string;
  readonly known: KnownRows;
  readonly pages: RowPages;
  readonly anchors: RefObject<readonly RunId[]>;
  readonly settings: OverviewSettings;
  readonly change: (changes: Partial<OverviewSettings>) => void;
  readonly show: (runId: RunId) => void;
  readonly grid: RefObject<HTMLTableElement | null>;
}

/**
 * The runs as a grid with one tab stop; only the rows in view are in the page. The keys move, Space selects
 * the run whose waterfall is shown, Enter shows its root, and with Ctrl a second run is marked.
 */
export function RunGrid(props: RunGridProps) {
  const { fileName, known, pages, anchors, settings, change, show, grid } = props;
  const { words, now } = usePage();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<GridPlace>({ row: 0 });
  // By id as well: a live file puts new runs on top.
  const activeRun = useRef<RunId | undefined>(settings.selected);
  const virtual = useVirtualizer({
    count: known.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    initialOffset: settings.scroll,
    overscan: 8,
  });
  const rows = virtual.getVirtualItems();
  const [first, last] = [rows[0]?.index ?? 0, rows.at(-1)?.index ?? 0];
  useEffect(() => pages.want(first, last), [pages, first, last]);
  useScroll(props, scroller, activeRun, setActive);

  const rowOf = (place: GridPlace): ListRow | undefined =>
    place.row === undefined ? undefined : rowAt(known, place.row);
  const move = (to: GridPlace): void => {
    setActive(to);
    const row = rowOf(to);
    activeRun.current = row?.kind === 'run' ? row.run.runId : undefined;
    anchors.current = [activeRun.current ?? '', anchors.current[1] ?? ''];
    if (to.row !== undefined) virtual.scrollToIndex(to.row, { align: 'auto' });
  };
  const fold = (row: ListRow | undefined, to: boolean): void => {
    if (row?.kind !== 'session' || row.folded === to) return;
    const id = row.sessionId ?? '';
    const others = settings.folded.filter(one => one !== id);
    // A page cannot keep more of them than the host takes.
    change({ folded: to ? [...others, id].slice(-1000) : others });
  };
  const choose = (row: ListRow | undefined, second: boolean): void => {
    if (row?.kind === 'session') fold(row, !row.folded);
    else if (row) change(chosen(settings, row.run.runId, second));
  };
  const onKey = (event: KeyboardEvent): void => {
    const row = rowOf(active);
    const page = Math.floor(((scroller.current?.clientHeight ?? 0) - headHeight) / rowHeight);
    const heads = columnHeads.length;
    const to = movedBy(event.key, active, { rows: known.total, heads, page: Math.max(1, page) });
    const head = columnHeads[active.head ?? -1];
    if (to) move(to);
    else if (event.key === ' ' && !head) choose(row, event.ctrlKey || event.metaKey);
    else if ((event.key === 'Enter' || event.key === ' ') && head) {
      change({ sort: sortedBy(head.by, settings.sort) });
    } else if (event.key === 'Enter' && row?.kind === 'run') {
      change(chosen(settings, row.run.runId, false));
      show(row.run.runId);
    } else if (event.key === 'Enter') choose(row, false);
    else if (event.key === 'ArrowLeft') fold(row, true);
    else if (event.key === 'ArrowRight') fold(row, false);
    else return;
    event.preventDefault();
  };

  const time = useTicking(now);
  return (
    <div className="run-scroller" ref={scroller}>
      <table
        className="run-grid"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table with keys
        role="grid"
        ref={grid}
        tabIndex={0}
        aria-label={fillIn(words.runsOf, [fileName])}
        aria-rowcount={known.total + 1}
        aria-multiselectable
        aria-activedescendant={active.row === undefined ? headId(active.head) : rowId(active.row)}
        onKeyDown={onKey}
      >
        <GridHead
          sort={settings.sort}
          active={active.head}
          choose={by => change({ sort: sortedBy(by, settings.sort) })}
        />
        <tbody style={{ height: known.total * rowHeight }}>
          {rows.map(({ index, start }) => {
            const row = rowAt(known, index);
            return (
              <tr
                key={index}
                id={rowId(index)}
                className={`run-row ${row?.kind === 'session' ? 'session-row' : ''} ${index === active.row ? 'is-active' : ''}`}
                style={{ transform: `translateY(${start - headHeight}px)` }}
                aria-rowindex={index + 2}
                aria-selected={row?.kind === 'run' && isMarked(settings, row.run.runId)}
                aria-expanded={row?.kind === 'session' ? !row.folded : undefined}
                aria-busy={row === undefined}
                onMouseDown={event => {
                  // A double click selects no words.
                  if (event.detail > 1) event.preventDefault();
                }}
                onClick={event => {
                  grid.current?.focus();
                  move({ row: index });
                  choose(row, event.ctrlKey || event.metaKey);
                }}
                onDoubleClick={() => row?.kind === 'run' && show(row.run.runId)}
              >
                <Cells row={row} now={time} grouped={known.grouped} />
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const rowId = (index: number): string => `run-row-${index}`;

function Cells({
  row,
  now,
  grouped,
}: {
  readonly row: ListRow | undefined;
  readonly now: UnixMs;
  readonly grouped: boolean;
}) {
  if (!row) return <td className="row-to-come" colSpan={columnHeads.length} />;
  return row.kind === 'session' ? (
    <SessionCells row={row} />
  ) : (
    <RunCells run={row.run} now={now} inGroup={grouped} />
  );
}

const isMarked = ({ selected, second }: OverviewSettings, runId: RunId): boolean =>
  runId === selected || runId === second;

/** A choice with Ctrl adds a second run or takes it away; without, it is the only one. */
function chosen(
  { selected, second }: OverviewSettings,
  runId: RunId,
  add: boolean,
): Partial<OverviewSettings> {
  if (!add || selected === undefined) return { selected: runId, second: undefined };
  if (runId === selected) return { selected: second, second: undefined };
  return { second: runId === second ? undefined : runId };
}

/** Where the list stands: remembered, at the top for another question, and steady when rows come on top. */
function useScroll(
  { known, anchors, settings, change }: RunGridProps,
  scroller: RefObject<HTMLDivElement | null>,
  activeRun: RefObject<RunId | undefined>,
  setActive: (place: GridPlace | ((before: GridPlace) => GridPlace)) => void,
): void {
  const before = useRef({ known, settings });
  const anchor = useRef<{ runId: RunId; index: number } | undefined>(undefined);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const note = (): void => {
      const index = Math.floor(element.scrollTop / rowHeight);
      const row = rowAt(before.current.known, index);
      anchor.current =
        index > 0 && row?.kind === 'run' ? { runId: row.run.runId, index } : undefined;
      anchors.current = [activeRun.current ?? '', anchor.current?.runId ?? ''];
      clearTimeout(timer);
      timer = setTimeout(() => change({ scroll: element.scrollTop }), 200);
    };
    note();
    element.addEventListener('scroll', note, { passive: true });
    return () => {
      clearTimeout(timer);
      element.removeEventListener('scroll', note);
    };
  }, [scroller, change, anchors, activeRun]);

  useLayoutEffect(() => {
    const { known: former, settings: were } = before.current;
    before.current = { known, settings };
    const element = scroller.current;
    if (!element || former.list === known.list) return;
    const place = known.places.get(activeRun.current ?? '') ?? -1;
    setActive(at =>
      at.row === undefined
        ? at
        : { row: place >= 0 ? place : Math.min(at.row, Math.max(0, known.total - 1)) },
    );
    const isSameQuestion = JSON.stringify(former.query) === JSON.stringify(known.query);
    if (!isSameQuestion && were.folded === settings.folded) element.scrollTop = 0;
    const held = anchor.current;
    const to = held && known.places.get(held.runId);
    if (isSameQuestion && held && to !== undefined && to >= 0) {
      element.scrollTop += (to - held.index) * rowHeight;
    }
  }, [known, settings, scroller, activeRun, setActive]);
}

/** The time, anew every ten seconds: ages grow while one looks. */
function useTicking(now: () => UnixMs): UnixMs {
  const [time, setTime] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), 10_000);
    return () => clearInterval(timer);
  }, [now]);
  return time;
}
