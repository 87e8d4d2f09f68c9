import { type CSSProperties, type MouseEvent, type PointerEvent, useId, useRef } from 'react';
import { fillIn } from '../../src/core/errors.ts';
import { placeOf } from '../../src/core/foldedRows.ts';
import { spanIdAt } from '../../src/core/spanColumns.ts';
import type { FileId } from '../../src/protocol/reader.ts';
import { usePage } from '../app/page.tsx';
import { Axis, GridLines } from './Axis.tsx';
import { CauseLink } from './CauseLink.tsx';
import { Edges } from './Edges.tsx';
import { rowHeight } from './geometry.ts';
import { Head } from './Head.tsx';
import { pressKey } from './keys.ts';
import { Minimap } from './Minimap.tsx';
import { hasChildren, type Model } from './model.ts';
import { inOrder, Rows, rowElementId } from './Rows.tsx';
import { countInWords, nameAt, rowInWords } from './rowWords.ts';
import { useInView } from './useInView.ts';
import { usePlot } from './usePlot.ts';
import { useSizes } from './useSizes.ts';
import { useWheel } from './useWheel.ts';
import { useWindow } from './useWindow.ts';

/** A loaded run: header, overview strip, axis, and the rows as a treegrid with one tab stop. */
export function RunPlot({ file, model }: { readonly file: FileId; readonly model: Model }) {
  const { connection, words, ask } = usePage();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const axis = useRef<HTMLDivElement>(null);
  const plot = usePlot(model);
  const { rows, folded, view, current, shown } = plot;
  const rowWindow = useWindow(scroller);
  const { width, bar } = useSizes(axis, scroller);
  useWheel(scroller, axis, plot);
  const { data } = model;

  const show = (row: number): void => {
    plot.setShown(row);
    ask(connection.api.show({ file, spanId: spanIdAt(data, row) }));
  };
  const jump = (row: number): void => {
    plot.reveal(row);
    show(row);
    scroller.current?.focus({ preventScroll: true });
  };
  const goToCause = (): void => {
    if (!data.cause) return;
    jump(current === data.cause.row ? (data.failing ?? 0) : data.cause.row);
  };
  const at = placeOf(rows, current);
  useInView(scroller, at, plot.jumps);

  const clicked = (event: MouseEvent): void => {
    const row = rowOf(event.target);
    if (row === undefined) return;
    const twistie = event.target instanceof Element && event.target.closest('.wf-twistie');
    if (twistie && hasChildren(model, row)) {
      plot.setCurrent(row);
      plot.fold(row, !folded[row]);
    } else show(row);
  };
  // Made when it is needed: a tooltip for every row that scrolls by would cost more than the row.
  const hovered = (event: PointerEvent): void => {
    const row = rowOf(event.target);
    const element = event.target instanceof Element && event.target.closest('.wf-row');
    if (element && row !== undefined) {
      element.setAttribute('title', rowInWords(model, row, folded[row] === 1, words));
    }
  };
  const seen = at >= rowWindow.first && at < rowWindow.first + rowWindow.length;

  return (
    <section className="wf" style={{ '--wf-bar': `${bar}px` } as CSSProperties}>
      <Head plot={plot} goToCause={goToCause} />
      <div className="wf-head-row" aria-hidden="true">
        <div className="wf-name-head ellipsis">{countInWords(model, rows.length, words)}</div>
        <Minimap plot={plot} />
      </div>
      <div className="wf-head-row wf-columns" aria-hidden="true">
        <div className="wf-name-head">{words.columnName}</div>
        <div className="wf-figure wf-tokens">{words.columnTokens}</div>
        <div className="wf-figure">{words.columnCost}</div>
        <div className="wf-plot" ref={axis}>
          <Axis view={view} width={width} />
        </div>
      </div>
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
            <Rows
              model={model}
              words={words}
              id={id}
              rows={rows}
              window={rowWindow}
              view={view}
              width={width}
              folded={folded}
              current={current}
              shown={shown}
            />
            <CauseLink plot={plot} window={rowWindow} width={width} />
          </div>
        </div>
        <Edges plot={plot} window={rowWindow} jump={jump} />
      </div>
    </section>
  );
}

function rowOf(target: EventTarget): number | undefined {
  const element = target instanceof Element && target.closest<HTMLElement>('.wf-row');
  return element ? Number(element.dataset.row) : undefined;
}
