import { memo, useState } from 'react';
import type { TimeRange } from '../../src/core/spanColumns.ts';
import type { Words } from '../../src/core/words.ts';
import { Icon, KindIcon } from '../ui/Icon.tsx';
import { RowPlot } from './Bar.tsx';
import { indentOf, rowHeight } from './geometry.ts';
import { hasChildren, type Model } from './model.ts';
import { costAt, kindAt, markAt, nameAt, rowInWords, tokensAt } from './rowWords.ts';

// Rows that are put in their place one by one cannot be those of a table element.
const cell = { role: 'gridcell' } as const;

function rowRole(
  model: Model,
  words: Words,
  row: number,
  { at, folded, shown }: { at: number; folded: boolean; shown: boolean },
) {
  const { data, place, children } = model;
  const above = data.parent[row] ?? -1;
  return {
    role: 'row',
    'aria-label': rowInWords(model, row, folded, words),
    'aria-level': (data.depth[row] ?? 0) + 1,
    'aria-expanded': (data.size[row] ?? 1) > 1 ? !folded : undefined,
    'aria-posinset': place[row],
    'aria-setsize': above < 0 ? 1 : children[above],
    'aria-rowindex': at + 1,
    'aria-selected': shown,
  } as const;
}

/** A span. Its element is used again for another one when it leaves the view. */
export const Row = memo(function Row({
  model,
  words,
  id,
  row,
  at,
  view,
  width,
  folded,
  current,
  shown,
}: {
  readonly model: Model;
  readonly words: Words;
  readonly id: string;
  readonly row: number;
  /** Its place among the rows that are not folded away. */
  readonly at: number;
  readonly view: TimeRange;
  readonly width: number;
  readonly folded: boolean;
  readonly current: boolean;
  readonly shown: boolean;
}) {
  const { data } = model;
  // A tooltip for every row that scrolls by would cost more than the row. The element shows other rows later.
  const [pointed, setPointed] = useState<number>();
  const roles = rowRole(model, words, row, { at, folded, shown });
  const depth = data.depth[row] ?? 0;
  return (
    <div
      className={`wf-row ${current ? 'wf-current' : ''} ${shown ? 'wf-shown' : ''}`}
      id={id}
      data-row={row}
      {...roles}
      title={pointed === row ? roles['aria-label'] : undefined}
      onPointerOver={() => setPointed(row)}
      style={{ transform: `translateY(${at * rowHeight}px)` }}
    >
      <div className="wf-name" {...cell} style={{ paddingLeft: 16 + indentOf(depth) }}>
        <span className="wf-twistie">
          {hasChildren(model, row) && <Icon name={folded ? 'right' : 'down'} />}
        </span>
        <KindIcon kind={kindAt(model, row)} mark={markAt(model, row)} />
        <RowName model={model} row={row} words={words} />
      </div>
      <div className="wf-figure wf-tokens" {...cell}>
        {tokensAt(model, row, folded)}
      </div>
      <div className="wf-figure" {...cell}>
        {costAt(model, row, folded, words)}
      </div>
      <div className="wf-plot" {...cell}>
        <RowPlot model={model} row={row} view={view} width={width} words={words} />
      </div>
    </div>
  );
});

function RowName({
  model,
  row,
  words,
}: {
  readonly model: Model;
  readonly row: number;
  readonly words: Words;
}) {
  const mark = markAt(model, row);
  const failing = row === model.data.failing;
  const cause = row === model.data.cause?.row;
  return (
    <>
      <bdi className={mark === 'failed' ? 'ellipsis failed-word' : 'ellipsis'}>
        {nameAt(model, row, words)}
      </bdi>
      {failing && <span className="wf-tag wf-tag-failed">{words.failed}</span>}
      {cause && <span className="wf-tag">{words.cause}</span>}
      {!failing && row > 0 && mark === 'failed' && (
        <span className="second small wf-word">{words.failed}</span>
      )}
      {mark === 'recovered' && <span className="second small wf-word">{words.recoveredShort}</span>}
    </>
  );
}
