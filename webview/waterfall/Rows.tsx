import { type MouseEvent, type RefObject, useId } from 'react';
import { fillIn } from '../../src/core/errors.ts';
import { placeOf } from '../../src/core/foldedRows.ts';
import { useWords } from '../app/page.tsx';
import { useWindow } from '../ui/useWindow.ts';
import { GridLines } from './Axis.tsx';
import { CauseLink } from './CauseLink.tsx';
import { rowHeight } from './geometry.ts';
import { pressKey } from './keys.ts';
import { hasChildren } from './model.ts';
import { inOrder, RowSlots, rowElementId } from './RowSlots.tsx';
import { nameAt } from './rowWords.ts';
import type { Plot } from './usePlot.ts';

/** The rows as a treegrid with one tab stop; the only part that is drawn anew while one scrolls. */
export function Rows({
  plot,
  scroller,
  width,
  show,
  goToCause,
}: {
  readonly plot: Plot;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly width: number;
  readonly show: (row: number) => void;
  readonly goToCause: () => void;
}) {
  const words = useWords();
  const id = useId();
  const rowWindow = useWindow(scroller, rowHeight);
  const { model, rows, folded, view, current } = plot;
  const at = placeOf(rows, current);
  const seen = at >= rowWindow.first && at < rowWindow.first + rowWindow.length;

  const clicked = (event: MouseEvent): void => {
    const row = rowUnder(event.target);
    if (row === undefined) return;
    const twistie = event.target instanceof Element && event.target.closest('.wf-twistie');
    if (twistie && hasChildren(model, row)) {
      plot.setCurrent(row);
      plot.fold(row, !folded[row]);
    } else show(row);
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
    </div>
  );
}

function rowUnder(target: EventTarget): number | undefined {
  const element = target instanceof Element && target.closest<HTMLElement>('.wf-row');
  return element ? Number(element.dataset.row) : undefined;
}
