import { type CSSProperties, useCallback, useRef, useState } from 'react';
import { spanIdAt } from '../../src/core/spanColumns.ts';
import type { SpanRef, SpanTab } from '../../src/protocol/panel.ts';
import type { FileId } from '../../src/protocol/reader.ts';
import { usePage } from '../app/page.tsx';
import { Axis } from './Axis.tsx';
import { CallCharts } from './CallCharts.tsx';
import { FailureLine } from './FailureLine.tsx';
import { Head } from './Head.tsx';
import { keptOf, stateOf } from './keptPlot.ts';
import { Minimap } from './Minimap.tsx';
import type { Model } from './model.ts';
import { Rows } from './Rows.tsx';
import { countInWords } from './rowWords.ts';
import { rowOf, useFollowing } from './useFollowing.ts';
import { useInView } from './useInView.ts';
import { usePlot } from './usePlot.ts';
import { useSizes } from './useSizes.ts';
import { useWheel } from './useWheel.ts';

/** A loaded run: header, overview strip, axis, and the rows. */
export function RunPlot({
  file,
  model,
  shownSpan,
}: {
  readonly file: FileId;
  readonly model: Model;
  /** Shown by the panel last. */
  readonly shownSpan: SpanRef | undefined;
}) {
  const { connection, words, ask } = usePage();
  const scroller = useRef<HTMLDivElement>(null);
  const axis = useRef<HTMLDivElement>(null);
  const plot = usePlot(
    model,
    () => ({
      ...stateOf(connection.saved().waterfall, file, model),
      shown: rowOf(model, file, shownSpan),
    }),
    useCallback(
      (of, state) => connection.save({ waterfall: keptOf(file, of, state) }),
      [connection, file],
    ),
  );
  const { rows, view, current } = plot;
  const { width, bar } = useSizes(axis, scroller);
  useWheel(scroller, axis, plot);
  const { data } = model;

  const show = (row: number, tab?: SpanTab): void => {
    plot.setShown(row);
    ask(connection.api.show({ file, spanId: spanIdAt(data, row) }, tab));
  };
  const jump = (row: number): void => {
    plot.reveal(row);
    // What the cause asked for stands in its answer.
    show(row, row === data.cause?.row ? 'response' : undefined);
    scroller.current?.focus({ preventScroll: true });
  };
  const goToCause = (): void => {
    if (!data.cause) return;
    jump(current === data.cause.row ? (data.failing ?? 0) : data.cause.row);
  };
  const [charts, setCharts] = useState(connection.saved().callCharts ?? true);
  const showCharts = (to: boolean): void => {
    setCharts(to);
    connection.save({ callCharts: to });
  };
  useInView(scroller, plot);
  useFollowing(file, shownSpan, plot);

  return (
    <section className="wf" style={{ '--wf-bar': `${bar}px` } as CSSProperties}>
      <Head plot={plot} goToCause={goToCause} charts={charts} showCharts={showCharts} />
      <FailureLine plot={plot} scroller={scroller} jump={jump} />
      {charts && <CallCharts plot={plot} jump={jump} />}
      <div className="wf-head-row wf-overview-row" aria-hidden="true">
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
      <Rows plot={plot} scroller={scroller} width={width} show={show} goToCause={goToCause} />
    </section>
  );
}
