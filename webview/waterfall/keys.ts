import { placeOf } from '../../src/core/foldedRows.ts';
import type { TimeRange } from '../../src/core/spanColumns.ts';
import { pan, zoomAbout } from '../../src/core/timeZoom.ts';
import { hasChildren, timeOf } from './model.ts';
import type { Plot } from './usePlot.ts';

export const zoomStep = 1.6;

export interface KeyActions {
  /** Rows that fit into the view. */
  readonly page: number;
  show(row: number): void;
  goToCause(): void;
}

interface Key {
  readonly key: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

/** Does what a key stands for. True where it stands for something. */
export function pressKey(plot: Plot, key: Key, actions: KeyActions): boolean {
  if (key.ctrlKey || key.metaKey) return false;
  if (key.altKey) {
    if (key.key.toLowerCase() !== 'c') return false;
    actions.goToCause();
    return true;
  }
  return (
    move(plot, key, actions.page) || fold(plot, key) || zoom(plot, key) || show(plot, key, actions)
  );
}

function move(plot: Plot, { key }: Key, page: number): boolean {
  const { rows, current } = plot;
  const at = placeOf(rows, current);
  const to = new Map([
    ['ArrowDown', at + 1],
    ['ArrowUp', at - 1],
    ['Home', 0],
    ['End', rows.length - 1],
    ['PageDown', at + page],
    ['PageUp', at - page],
  ]).get(key);
  if (to === undefined) return false;
  plot.setCurrent(rows[Math.min(rows.length - 1, Math.max(0, to))] ?? 0);
  return true;
}

function fold(plot: Plot, { key, shiftKey }: Key): boolean {
  const { model, folded, current } = plot;
  const open = hasChildren(model, current) && !folded[current];
  if (key === 'ArrowLeft' && !shiftKey) {
    if (open) plot.fold(current, true);
    else plot.setCurrent(Math.max(0, model.data.parent[current] ?? 0));
  } else if (key === 'ArrowRight' && !shiftKey) {
    if (open) plot.setCurrent(current + 1);
    else if (hasChildren(model, current)) plot.fold(current, false);
  } else if (/^[1-9]$/.test(key)) plot.showLevels(Number(key));
  else if (key === '0' || key === '*') plot.unfoldAll();
  else return false;
  return true;
}

function zoom(plot: Plot, { key, shiftKey }: Key): boolean {
  if (key === '+' || key === '=') zoomCurrent(plot, 1 / zoomStep);
  else if (key === '-' || key === '_') zoomCurrent(plot, zoomStep);
  else if (key === 'f' || key === 'F') plot.setView((_, bounds) => bounds);
  else if (shiftKey && (key === 'ArrowLeft' || key === 'ArrowRight')) {
    plot.setView((view, bounds) => pan(view, key === 'ArrowLeft' ? -0.2 : 0.2, bounds));
  } else return false;
  return true;
}

/** Zooms about the current row's bar where it is in view, else about the middle. */
export function zoomCurrent(plot: Plot, factor: number): void {
  const time = timeOf(plot.model, plot.current);
  plot.setView((view, bounds) => zoomAbout(view, middle(time, view), factor, bounds));
}

function middle(time: TimeRange | undefined, view: TimeRange): number {
  const from = Math.max(view.from, time?.from ?? view.from);
  const to = Math.min(view.to, time?.to ?? view.to);
  return from <= to ? (from + to) / 2 : (view.from + view.to) / 2;
}

function show(plot: Plot, { key }: Key, actions: KeyActions): boolean {
  if (key !== 'Enter' && key !== ' ') return false;
  actions.show(plot.current);
  return true;
}

/** Where an arrow key leads among things that stand beside one another; undefined for another key. */
export function placeAfter(key: string, at: number, count: number): number | undefined {
  const to = new Map([
    ['ArrowRight', at + 1],
    ['ArrowUp', at + 1],
    ['ArrowLeft', at - 1],
    ['ArrowDown', at - 1],
    ['PageUp', at + 10],
    ['PageDown', at - 10],
    ['Home', 0],
    ['End', count - 1],
  ]).get(key);
  return to === undefined ? undefined : Math.min(count - 1, Math.max(0, to));
}
