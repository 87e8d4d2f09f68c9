/** Minimum, median and maximum of some milliseconds, as a row of a table. */
export function row(what: string, values: readonly number[], aim = ''): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  const cells = [at(0), at(0.5), at(1)].map(value => value.toFixed(1).padStart(9));
  return `  ${what.padEnd(54)}${cells.join('')}  ${aim}`.trimEnd();
}

export const heading = `  ${'milliseconds'.padEnd(54)}      min   median      max  aim`;

/** How long each of several runs of something takes. */
export async function times(
  runs: number,
  work: (index: number) => Promise<unknown>,
): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await work(i);
    taken.push(performance.now() - start);
  }
  return taken;
}

/** 50th, 95th percentile and maximum. */
export function percentileRow(what: string, values: readonly number[], aim: string): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  const [p50, p95, most] = [at(0.5), at(0.95), at(1)].map(value => value.toFixed(1));
  return `  ${`${what}: p50, p95, max`.padEnd(54)}${p50?.padStart(9)}${p95?.padStart(9)}${most?.padStart(9)}  ${aim}`;
}

export const frameRow = (what: string, frames: readonly number[]): string =>
  percentileRow(what, frames, '< 18, < 33');
