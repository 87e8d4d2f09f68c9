import type { CostRow } from '../../src/core/costBy.ts';

/** A day of the chart; one without runs has no row. */
export interface Day {
  /** At its beginning, in local time. */
  readonly start: number;
  readonly row: CostRow | undefined;
}

/** More columns than fit side by side; the latest are shown. */
export const mostDays = 60;

/** The days of which there are rows, in order, with the empty ones between them. */
export function daysOf(rows: readonly CostRow[]): readonly Day[] {
  const known = new Map<number, CostRow>();
  for (const row of rows) {
    const start = dayStart(row.key);
    if (start !== undefined) known.set(start, row);
  }
  const starts = [...known.keys()].sort((a, b) => a - b);
  const [first, last] = [starts[0], starts.at(-1)];
  if (first === undefined || last === undefined) return [];
  const days: Day[] = [];
  for (let at = last; at >= first && days.length < mostDays; at = dayBefore(at)) {
    days.unshift({ start: at, row: known.get(at) });
  }
  return days;
}

/** `2026-11-28` as a local time; undefined for the row of runs without a start. */
function dayStart(key: string): number | undefined {
  const [, year, month, day] = /^(\d{4,6})-(\d\d)-(\d\d)$/.exec(key) ?? [];
  if (day === undefined) return undefined;
  return new Date(Number(year), Number(month) - 1, Number(day)).getTime();
}

/** Days are 23 or 25 hours long where clocks change. */
function dayBefore(start: number): number {
  const date = new Date(start);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - 1).getTime();
}
