import type { TimeRange } from '../../src/core/spanColumns.ts';
import type { Model } from './model.ts';
import { timeOf } from './model.ts';

export const rowHeight = 22;
/** Free space to the right of the plot, into which labels may reach. */
export const plotMargin = 12;
// Of 11 px text in a wide font; figures are all as wide as one another.
const charWidth = 6.8;

/** Where a span's bar lies, as shares of the plot's width, cut to it. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  /** It goes on beyond the plot. */
  readonly cutLeft: boolean;
  readonly cutRight: boolean;
}

/** Undefined for what has no start. A bar that is wholly outside of the view has no width, at its edge. */
export function barOf(model: Model, row: number, view: TimeRange): Bar | undefined {
  const time = timeOf(model, row);
  return time && placed(time, view);
}

export function placed(time: TimeRange, view: TimeRange): Bar {
  const width = view.to - view.from || 1;
  const from = (time.from - view.from) / width;
  const to = (time.to - view.from) / width;
  return { from: share(from), to: share(to), cutLeft: from < 0, cutRight: to > 1 };
}

const share = (value: number): number => Math.min(1, Math.max(0, value));

export const isOutside = (bar: Bar): boolean =>
  bar.from === bar.to && (bar.cutLeft || bar.cutRight);

export const percent = (value: number): string => `${(value * 100).toFixed(3)}%`;

/** At least as wide as a text is drawn, in pixels. */
const labelWidth = (text: string): number => text.length * charWidth + 8;

export type LabelSide = 'right' | 'left' | 'inside';

/**
 * Where the label of a bar has room: right of it, else left of it, else over its end.
 *
 * @param left where what stands left of the bar begins, a gap for example; a share
 */
export function labelSide(bar: Bar, left: number, text: string, plotWidth: number): LabelSide {
  const width = labelWidth(text);
  if (bar.to * plotWidth + width <= plotWidth + plotMargin) return 'right';
  return left * plotWidth - width >= 0 ? 'left' : 'inside';
}

/** Where the words about a gap have room: left of it, else over it; undefined where nowhere. */
export function gapSide(gap: Bar, text: string, plotWidth: number): 'left' | 'inside' | undefined {
  const width = labelWidth(text);
  if (gap.from * plotWidth >= width) return 'left';
  return (gap.to - gap.from) * plotWidth >= width ? 'inside' : undefined;
}

/** How far a row is indented: less and less, so that the names of deep ones can still be read. */
export function indentOf(depth: number): number {
  return 14 * Math.min(depth, 6) + 4 * Math.min(Math.max(0, depth - 6), 12);
}
