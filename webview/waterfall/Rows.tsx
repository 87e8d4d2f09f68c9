import { type MouseEvent, type PointerEvent, type RefObject, useId } from 'react';
import { fillIn } from '../../src/core/errors.ts';
import { placeOf } from '../../src/core/foldedRows.ts';
import { useWords } from '../app/page.tsx';
import { GridLines } from './Axis.tsx';
import { CauseLink } from './CauseLink.tsx';
import { Edges } from './Edges.tsx';
import { rowHeight } from './geometry.ts';
import { pressKey } from './keys.ts';
import { hasChildren } from './model.ts';
import { inOrder, RowSlots, rowElementId } from './RowSlots.tsx';
import { nameAt, rowInWords } from './rowWords.ts';
import type { Plot } from './usePlot.ts';
import { useWindow } from './useWindow.ts';

/** The rows as a treegrid with one tab stop; the only part that is drawn anew while one scrolls. */
export function Rows({
  plot,
  scroller,
  width,
  show,
  jump,
  goToCause,
}: {
  readonly plot: Plot;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly width: number;
  readonly show: (row: number) => void;
  readonly jump: (row: number) => void;
  readonly goToCause: () => void;
}) {
  const words = useWords();
  const id = useId();
  const rowWindow = useWindow(scroller);
  const { model, rows, folded, view, current } = plot;
  const at = placeOf(rows, current);
  const seen = at >= rowWindow.first && at < rowWindow.first + rowWindow.length;

  const clicked = (event: MouseEvent): void => {
    const { row } = rowUnder(event.target);
    if (row === undefined) return;
    const twistie = event.target instanceof Element && event.target.closest('.wf-twistie');
    if (twistie && hasChildren(model, row)) {
      plot.setCurrent(row);
      plot.fold(row, !folded[row]);
    } else show(row);
  };
  // Made when it is needed: a tooltip for every row that scrolls by would cost more than the row.
  const hovered = (event: PointerEvent): void => {
    const { row, element } = rowUnder(event.target);
    if (row === undefined) return;
    element?.setAttribute('title', rowInWords(model, row, folded[row] === 1, words));
  };
  return (
    <div className="wf-body">
      <GridLines view={view} width={width} />
      <div
        className="wf-scroller"
        ref={scroller}
        role="treegrid"
        tabIndex={0}
        aria-label={fillIn(words.waterfallOf, [nameAt(model, 0, words)])}
        aria-rowcount={rows.length}
        aria-activedescendant={seen ? rowElementId(id, current) : undefined}
        onClick={clicked}
        onPointerOver={hovered}
        onKeyDown={event => {
          const page = Math.max(1, Math.floor(rowWindow.height / rowHeight) - 1);
          if (pressKey(plot, event, { page, show, goToCause })) event.preventDefault();
        }}
      >
        <div
          className="wf-canvas"
          {...{ role: 'rowgroup', 'aria-owns': inOrder(id, rows, rowWindow) }}
          style={{ height: rows.length * rowHeight }}
        >
          <RowSlots
            model={model}
            words={words}
            id={id}
            rows={rows}
            window={rowWindow}
            view={view}
            width={width}
            folded={folded}
            current={current}
            shown={plot.shown}
          />
          <CauseLink plot={plot} window={rowWindow} width={width} />
        </div>
      </div>
      <Edges plot={plot} window={rowWindow} jump={jump} />
    </div>
  );
}

function rowUnder(target: EventTarget): { row?: number; element?: HTMLElement } {
  const element = target instanceof Element && target.closest<HTMLElement>('.wf-row');
  return element ? { row: Number(element.dataset.row), element } : {};
}
