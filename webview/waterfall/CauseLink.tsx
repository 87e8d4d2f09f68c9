import { placeOf } from '../../src/core/foldedRows.ts';
import type { RowWindow } from '../ui/useWindow.ts';
import { barOf, rowHeight } from './geometry.ts';
import type { Plot } from './usePlot.ts';

/**
 * The line from the call that caused the failure to the span that failed. Whole, dashed or dotted as the
 * rule is exact, inferred from nesting, or from time.
 */
export function CauseLink({
  plot,
  window: { first, length },
  width,
}: {
  readonly plot: Plot;
  readonly window: RowWindow;
  readonly width: number;
}) {
  const { model, rows, view } = plot;
  const { failing, cause } = model.data;
  if (failing === undefined || !cause || width === 0) return null;
  const [from, to] = [placeOf(rows, cause.row), placeOf(rows, failing)];
  if (from === to) return null;
  const [top, bottom] = [Math.min(from, to), Math.max(from, to)];
  if (bottom < first || top >= first + length) return null;
  const [causeBar, bar] = [barOf(model, cause.row, view), barOf(model, failing, view)];
  if (!causeBar || !bar) return null;
  const target = bar.from * width;
  // It leaves the cause near its end, and has room for the arrow before the failing bar. Where that began
  // earlier, as a run does that ended on its last call, it goes straight into the bar.
  const straight = target < 14 || bar.from < causeBar.from;
  const near = Math.max(2, causeBar.to * width - 2);
  const source = straight ? near : Math.min(near, target - 14);
  const middle = (at: number): number => {
    // Beyond the window there is nothing to see, and a line of a million pixels is slow.
    const inWindow = Math.min(first + length, Math.max(first - 1, at));
    return inWindow * rowHeight + rowHeight / 2;
  };
  const down = to > from;
  const begin = middle(from) + (down ? 6 : -6);
  const end = middle(to);
  const tip = end + (down ? -7 : 7);
  const line = `M${source} ${begin}V${straight ? tip : `${end}H${target - 5}`}`;
  const head = straight
    ? `M${source} ${tip}l-3.5 ${down ? -6 : 6}h7z`
    : `M${target - 1} ${end}l-6 -3.5v7z`;
  return (
    <div className="wf-link-place" aria-hidden="true">
      <div className="wf-plot">
        <svg className={`wf-link wf-link-${cause.rule}`} width="1" height="1" aria-hidden="true">
          <path className="wf-link-line" d={line} />
          <path className="wf-link-head" d={head} />
        </svg>
      </div>
    </div>
  );
}
