import {
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import { fillIn } from '../../src/core/errors.ts';
import type { RunId, RunSummary, UnixMs } from '../../src/core/model.ts';
import type { ListRow } from '../../src/core/runGroups.ts';
import { usePage } from '../app/page.tsx';
import { useTicking } from '../app/useTicking.ts';
import { useMark } from '../insights/marks.ts';
import { atOfSlot, useWindow } from '../ui/useWindow.ts';
import { columnHeads, sortedBy } from './columns.ts';
import { GridHead, headId } from './GridHead.tsx';
import { type GridPlace, movedBy } from './gridKeys.ts';
import { RunCells, SessionCells } from './RunRow.tsx';
import { type KnownRows, type RowPages, rowAt } from './rowPages.ts';
import { chosen, markedRuns, type OverviewSettings } from './saved.ts';
import { rowHeight, useListScroll } from './useListScroll.ts';
import './grid.css';

const headHeight = 25;

export interface RunGridProps {
  readonly fileName: string;
  readonly known: KnownRows;
  readonly pages: RowPages;
  readonly anchors: RefObject<readonly RunId[]>;
  readonly settings: OverviewSettings;
  readonly change: (changes: Partial<OverviewSettings>) => void;
  readonly rememberScroll: (scroll: number) => void;
  readonly show: (runId: RunId) => void;
  readonly grid: RefObject<HTMLTableElement | null>;
}

/**
 * The runs as a grid with one tab stop; only the rows in view are in the page. The keys move, Space selects
 * the run whose waterfall is shown, Enter shows its root, and with Shift or Ctrl a second run is marked.
 */
export function RunGrid(props: RunGridProps) {
  const { fileName, known, pages, anchors, settings, change, rememberScroll, show, grid } = props;
  const { words, now } = usePage();
  const [active, setActive] = useState<GridPlace>(() => ({
    row: Math.max(0, known.places.get(settings.selected ?? '') ?? 0),
  }));
  const { total } = known;
  const placed = useCallback(
    (place: number): void =>
      setActive(at =>
        at.row === undefined ? at : { row: place >= 0 ? place : Math.min(at.row, total - 1) },
      ),
    [total],
  );
  const { scroller, hold } = useListScroll(known, anchors, settings, rememberScroll, placed);
  const { first, length } = useWindow(scroller, rowHeight);
  const last = Math.min(total, first + length) - 1;
  useEffect(() => pages.want(first, last), [pages, first, last]);

  const rowOf = (place: GridPlace): ListRow | undefined =>
    place.row === undefined ? undefined : rowAt(known, place.row);
  const move = (to: GridPlace): void => {
    setActive(to);
    const row = rowOf(to);
    hold(row?.kind === 'run' ? row.run.runId : undefined);
    if (to.row !== undefined) bringIntoView(scroller.current, to.row);
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
    else if (event.key === ' ' && !head)
      choose(row, event.shiftKey || event.ctrlKey || event.metaKey);
    else if ((event.key === 'Enter' || event.key === ' ') && head) {
      change({ sort: sortedBy(head.by, settings.sort) });
    } else if (event.key === 'Enter' && row?.kind === 'run') {
      change(chosen(settings, row.run.runId, false));
      show(row.run.runId);
    } else if (event.key === 'Enter') choose(row, false);
    else if (event.key === 'ArrowLeft') fold(row, true);
    else if (event.key === 'ArrowRight') fold(row, false);
    // It would mark all texts of the page.
    else if (event.key.toLowerCase() !== 'a' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
  };

  const time = useTicking(now);
  const marked = markedRuns(settings);
  const drawn = active.row !== undefined && active.row >= first && active.row <= last;
  const current =
    active.row === undefined ? headId(active.head) : drawn ? rowId(active.row) : undefined;
  return (
    <div className="run-scroller" ref={scroller}>
      <table
        className={known.grouped ? 'run-grid is-grouped' : 'run-grid'}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table with keys
        role="grid"
        ref={grid}
        tabIndex={0}
        aria-label={fillIn(words.runsOf, [fileName])}
        aria-rowcount={known.total + 1}
        aria-multiselectable
        aria-activedescendant={current}
        onKeyDown={onKey}
        // Whoever comes back comes for the rows.
        onBlur={() => setActive(at => (at.row === undefined ? { row: 0 } : at))}
      >
        <GridHead
          sort={settings.sort}
          active={active.head}
          choose={(by, at) => {
            setActive({ head: at });
            grid.current?.focus({ preventScroll: true });
            change({ sort: sortedBy(by, settings.sort) });
          }}
        />
        <tbody
          // In the page they do not stand in their order.
          aria-owns={rowIds(first, last)}
          style={{ height: known.total * rowHeight }}
        >
          {Array.from({ length }, (_, slot) => {
            const index = atOfSlot(first, length, slot);
            if (index > last) return null;
            const row = rowAt(known, index);
            return (
              <tr
                // biome-ignore lint/suspicious/noArrayIndexKey: elements keep their slot, whatever row they show
                key={slot}
                id={rowId(index)}
                className={`run-row ${rowLook(row)} ${index === active.row ? 'is-active' : ''}`}
                style={{ transform: `translateY(${index * rowHeight}px)` }}
                aria-rowindex={index + 2}
                aria-selected={row?.kind === 'run' && marked.includes(row.run.runId)}
                aria-expanded={row?.kind === 'session' ? !row.folded : undefined}
                aria-busy={row === undefined}
                onMouseDown={event => {
                  // A double click selects no words.
                  if (event.detail > 1) event.preventDefault();
                }}
                onClick={event => {
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

/** Scrolls no further than it must. The head covers what is above the rows in view. */
function bringIntoView(scroller: HTMLElement | null, row: number): void {
  if (!scroller) return;
  const top = row * rowHeight;
  const lowest = top + rowHeight - (scroller.clientHeight - headHeight);
  scroller.scrollTop = Math.min(top, Math.max(scroller.scrollTop, lowest));
}

const rowLook = (row: ListRow | undefined): string =>
  row === undefined ? 'row-to-come' : row.kind === 'session' ? 'session-row' : '';

const rowId = (index: number): string => `run-row-${index}`;

const rowIds = (first: number, last: number): string =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => rowId(first + i)).join(' ');

function Cells({
  row,
  now,
  grouped,
}: {
  readonly row: ListRow | undefined;
  readonly now: UnixMs;
  readonly grouped: boolean;
}) {
  // Covered until the row is there: cells that are taken out and made anew would cost a drag its frames.
  const before = useRef<RunSummary>(undefined);
  const run = (row?.kind === 'run' ? row.run : undefined) ?? before.current;
  const found = useMark(run?.runId);
  if (row?.kind === 'session') return <SessionCells row={row} />;
  before.current = run;
  return run ? <RunCells run={run} now={now} inGroup={grouped} found={found} /> : <td />;
}
