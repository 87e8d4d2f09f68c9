import { memo } from 'react';
import { formatDuration } from '../../src/core/format.ts';
import type { TimeRange } from '../../src/core/spanColumns.ts';
import { type Tick, timeTicks } from '../../src/core/timeAxis.ts';
import { percent, placed } from './geometry.ts';

/** One mark for about so many pixels. */
const tickSpace = 64;

const ticksOf = (view: TimeRange, width: number): readonly Tick[] =>
  timeTicks(view, Math.floor(width / tickSpace));

const placeOf = (at: number, view: TimeRange): number => placed({ from: at, to: at }, view).from;

/** Times along the top; the last one is where the view ends. */
export const Axis = memo(function Axis({
  view,
  width,
}: {
  readonly view: TimeRange;
  readonly width: number;
}) {
  if (!(view.to > view.from)) return null;
  // The end is said exactly; a mark right beside it would run into it.
  const room = 1 - 64 / Math.max(1, width);
  return (
    <>
      {ticksOf(view, width).map(({ at, label }) => {
        const place = placeOf(at, view);
        if (place > room) return null;
        return (
          <span
            key={at}
            className={place * width < 28 ? 'wf-tick wf-tick-first' : 'wf-tick'}
            style={{ left: percent(place) }}
          >
            {label}
          </span>
        );
      })}
      <span className="wf-tick wf-tick-last">{formatDuration(view.to)}</span>
    </>
  );
});

/** Lines behind the rows at the times of the axis. */
export const GridLines = memo(function GridLines({
  view,
  width,
}: {
  readonly view: TimeRange;
  readonly width: number;
}) {
  return (
    <div className="wf-grid-place" aria-hidden="true">
      <div className="wf-plot">
        {ticksOf(view, width).map(({ at }) => (
          <div key={at} className="wf-line" style={{ left: percent(placeOf(at, view)) }} />
        ))}
      </div>
    </div>
  );
});
