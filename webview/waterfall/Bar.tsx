import { fillIn } from '../../src/core/errors.ts';
import type { TimeRange } from '../../src/core/spanColumns.ts';
import { hasFlag } from '../../src/core/spanColumns.ts';
import type { Words } from '../../src/core/words.ts';
import { type Bar, barOf, gapSide, isOutside, labelSide, percent, placed } from './geometry.ts';
import type { Model } from './model.ts';
import { durationAt, kindAt, markAt, waitAt } from './rowWords.ts';

const leastLabelled = 60;

/** What a row shows on the time axis: gap, bar, critical path, how long it took. */
export function RowPlot({
  model,
  row,
  view,
  width,
  words,
}: {
  readonly model: Model;
  readonly row: number;
  readonly view: TimeRange;
  readonly width: number;
  readonly words: Words;
}) {
  const bar = barOf(model, row, view);
  if (!bar) return null;
  if (isOutside(bar)) {
    return (
      <span className={bar.cutLeft ? 'wf-label' : 'wf-label wf-label-left wf-at-end'}>
        {bar.cutLeft ? '‹' : '›'}
      </span>
    );
  }
  const gap = gapOf(model, row, view);
  const gapWidth = gap ? (gap.to - gap.from) * width : 0;
  const waited = gapWidth >= 12 ? fillIn(words.waited, [waitAt(model, row)]) : '';
  const took = durationAt(model, row, words);
  // The arrow from the cause comes in from the left.
  const room = row === model.data.failing && model.data.cause ? 20 : 0;
  const left = Math.min(
    row > 0 && gap && gapWidth >= 2 ? gap.from : bar.from,
    bar.from - room / Math.max(1, width),
  );
  // The header says how long the run took; and beside a plot of a few pixels there is room for nothing.
  const label = (row === 0 && model.data.count > 1) || width < leastLabelled ? '' : took;
  const side = labelSide(bar, left, label, width);
  const both = `${waited} · ${label}`;
  const joined = side === 'left' && gap && waited && gapSide(gap, both, width) === 'left';
  const place = gap && waited ? gapSide(gap, joined ? both : waited, width) : undefined;
  // The bar's own label stands left of the gap.
  const waitSide = place === 'left' && side === 'left' && !joined ? undefined : place;
  return (
    <>
      {gap && gapWidth >= 2 && <Gap bar={gap} />}
      {gap && waitSide && row > 0 && (
        <Label
          side={waitSide}
          at={waitSide === 'left' ? gap.from : gap.to}
          text={joined ? both : waited}
        />
      )}
      <div className={barClass(model, row, bar)} style={span(bar)} />
      {row > 0 && <PathLine model={model} row={row} view={view} />}
      {label && !joined && (
        <Label
          side={side}
          at={side === 'right' || side === 'inside' ? bar.to : left}
          text={label}
        />
      )}
    </>
  );
}

function Gap({ bar }: { readonly bar: Bar }) {
  return <div className="wf-gap" style={span(bar)} />;
}

function PathLine({
  model,
  row,
  view,
}: {
  readonly model: Model;
  readonly row: number;
  readonly view: TimeRange;
}) {
  const at = model.onPath[row] ?? -1;
  if (at < 0) return null;
  const { from, to } = model.data.path;
  const line = placed({ from: from[at] ?? 0, to: to[at] ?? 0 }, view);
  return isOutside(line) ? null : <div className="wf-path" style={span(line)} />;
}

function Label({
  side,
  at,
  text,
}: {
  readonly side: 'right' | 'left' | 'inside';
  readonly at: number;
  readonly text: string;
}) {
  if (side === 'right') {
    return (
      <span className="wf-label" style={{ left: percent(at) }}>
        {text}
      </span>
    );
  }
  return (
    <span
      className={`wf-label wf-label-left ${side === 'inside' ? 'wf-label-inside' : ''}`}
      style={{ right: percent(1 - at) }}
    >
      {text}
    </span>
  );
}

const span = ({ from, to }: Bar) => ({ left: percent(from), width: percent(to - from) });

function gapOf({ data, gap }: Model, row: number, view: TimeRange): Bar | undefined {
  const at = gap[row] ?? -1;
  if (at < 0) return undefined;
  const bar = placed({ from: data.gaps.from[at] ?? 0, to: data.gaps.to[at] ?? 0 }, view);
  return isOutside(bar) ? undefined : bar;
}

function barClass(model: Model, row: number, bar: Bar): string {
  const kind = kindAt(model, row);
  const mark = markAt(model, row);
  const open = hasFlag(model.data, row, 'running');
  const shape = kind === 'chain' || (kind === 'other' && model.children[row]) ? 'agent' : kind;
  return [
    'wf-bar',
    `wf-${shape}`,
    mark === 'failed' || mark === 'recovered' ? `wf-${mark}` : '',
    open ? 'wf-open' : '',
    bar.cutLeft ? 'wf-cut-left' : '',
    bar.cutRight ? 'wf-cut-right' : '',
  ]
    .filter(Boolean)
    .join(' ');
}
