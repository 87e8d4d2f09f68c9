import type { Ms } from './model.ts';
import type { TimeRange } from './spanColumns.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const powers = (unit: number, from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => unit * 10 ** (from + i)).flatMap(one => [
    one,
    2 * one,
    5 * one,
  ]);

/** Steps that people count in. */
const steps: readonly Ms[] = [
  ...powers(1, -4, 2),
  ...[1, 2, 5, 10, 15, 30].map(n => n * second),
  ...[1, 2, 5, 10, 15, 30].map(n => n * minute),
  ...[1, 2, 3, 6, 12].map(n => n * hour),
  ...powers(day, 0, 6),
];

export interface Tick {
  readonly at: Ms;
  readonly label: string;
}

/** Marks at round times within a range, no more than `most`. */
export function timeTicks({ from, to }: TimeRange, most: number): readonly Tick[] {
  const width = to - from;
  if (!(width > 0) || !Number.isFinite(width) || most < 1) return [];
  // 0.3 / 0.1 is a little more than 3.
  const step = steps.find(one => width / one <= most + 1e-9) ?? width;
  const ticks: Tick[] = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
    ticks.push({ at: i * step, label: tickLabel(i * step, step) });
  }
  return ticks;
}

/** A time on the axis in the units of `formatDuration`, with as many digits as tell it from the next mark. */
export function tickLabel(at: Ms, step: Ms): string {
  if (at < 0) return `−${tickLabel(-at, step)}`;
  if (at < step / 2) return '0';
  if (at < second && step < second) return `${at.toFixed(digits(step))} ms`;
  const places = digits(step / second);
  // Rounded before it is split, so that no 1m 60s comes out.
  const seconds = Number((at / second).toFixed(places));
  if (seconds < 60) return `${seconds.toFixed(places)} s`;
  if (seconds * second < hour) {
    const whole = Math.floor(seconds / 60);
    return step >= minute ? `${whole}m` : `${whole}m ${padded(seconds % 60, places)}s`;
  }
  const minutes = Math.floor(seconds / 60);
  const rest = step < minute ? ` ${padded(seconds % 60, places)}s` : '';
  if (minutes < 1440) return `${Math.floor(minutes / 60)}h ${padded(minutes % 60, 0)}m${rest}`;
  const hours = Math.floor(minutes / 60);
  const fine = step < hour ? ` ${padded(minutes % 60, 0)}m${rest}` : '';
  return `${Math.floor(hours / 24)}d ${hours % 24}h${fine}`;
}

const digits = (step: number): number =>
  Math.min(7, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));

const padded = (value: number, places: number): string =>
  value.toFixed(places).padStart(places === 0 ? 2 : places + 3, '0');
