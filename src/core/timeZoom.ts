import type { Ms } from './model.ts';
import type { TimeRange } from './spanColumns.ts';

// Tracers record microseconds; a narrower view would show nothing more.
const narrowest: Ms = 0.005;

/** A view brought into bounds: moved rather than cut, and never narrower than what times can tell. */
export function clampRange(view: TimeRange, bounds: TimeRange): TimeRange {
  const whole = bounds.to - bounds.from;
  const width = Math.min(whole, Math.max(view.to - view.from, Math.min(whole, narrowest)));
  const middle = (view.from + view.to) / 2;
  const from = Math.min(bounds.to - width, Math.max(bounds.from, middle - width / 2));
  // All of it is exactly all of it: differences of floats would leave a sliver.
  return width === whole ? bounds : { from, to: from + width };
}

/** A view `factor` times as wide; the time `at` keeps its place in it. */
export function zoomAbout(view: TimeRange, at: Ms, factor: number, bounds: TimeRange): TimeRange {
  const width = view.to - view.from;
  const wide = Math.min(bounds.to - bounds.from, Math.max(narrowest, width * factor));
  const place = width > 0 ? Math.min(1, Math.max(0, (at - view.from) / width)) : 0.5;
  const from = view.from + place * (width - wide);
  return clampRange({ from, to: from + wide }, bounds);
}

/** A view moved by a share of its own width. */
export function pan(view: TimeRange, share: number, bounds: TimeRange): TimeRange {
  const by = (view.to - view.from) * share;
  return clampRange({ from: view.from + by, to: view.to + by }, bounds);
}

/** The view between two times, in either order. */
export const between = (a: Ms, b: Ms, bounds: TimeRange): TimeRange =>
  clampRange(
    {
      from: Math.max(bounds.from, Math.min(a, b)),
      to: Math.min(bounds.to, Math.max(a, b)),
    },
    bounds,
  );

/** A view that shows a span: as it is where the span is in it already, else moved to it, widened for it. */
export function viewOf(view: TimeRange, span: TimeRange, bounds: TimeRange): TimeRange {
  if (span.from >= view.from && span.to <= view.to) return view;
  const width = Math.max(view.to - view.from, (span.to - span.from) * 1.25);
  const middle = (span.from + span.to) / 2;
  return clampRange({ from: middle - width / 2, to: middle + width / 2 }, bounds);
}
