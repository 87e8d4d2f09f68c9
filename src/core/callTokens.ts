import type { Span } from './model.ts';
import { inputTokens } from './usage.ts';

/** What each model call of a run was given and gave, by start. */
export interface CallTokens {
  /** Their rows in tree order. */
  readonly row: Int32Array;
  /** Input that was read from the cache. */
  readonly cached: Float64Array;
  /** All other input, also what was written to the cache. */
  readonly uncached: Float64Array;
  readonly output: Float64Array;
}

/** Calls without a recorded token are left out: nothing is not known of them. */
export function callTokens(spans: readonly Span[]): CallTokens {
  // Rows rather than objects: a run may have hundreds of thousands of spans.
  const rows: number[] = [];
  for (const [row, { kind, usage }] of spans.entries()) {
    const isKnown = inputTokens(usage) !== undefined || usage.output !== undefined;
    if (kind === 'llm' && isKnown) rows.push(row);
  }
  const startOf = (row: number): number => spans[row]?.start ?? 0;
  rows.sort((a, b) => startOf(a) - startOf(b) || a - b);
  const columns = {
    row: Int32Array.from(rows),
    cached: new Float64Array(rows.length),
    uncached: new Float64Array(rows.length),
    output: new Float64Array(rows.length),
  };
  for (const [at, row] of rows.entries()) {
    const usage = spans[row]?.usage ?? {};
    const { cacheRead = 0, output = 0 } = usage;
    columns.cached[at] = cacheRead;
    columns.uncached[at] = Math.max(0, (inputTokens(usage) ?? 0) - cacheRead);
    columns.output[at] = output;
  }
  return columns;
}

/** One column of a chart of calls. */
export interface CallColumn {
  /** Its place among the calls, counted from 1. */
  readonly call: number;
  readonly row: number;
  readonly cached: number;
  readonly uncached: number;
  readonly output: number;
}

/**
 * The calls as at most so many columns; where there are more, the largest of each few that stand together.
 *
 * @returns `each`: how many calls a column stands for
 */
export function callColumns(
  { row, cached, uncached, output }: CallTokens,
  most: number,
): { readonly columns: readonly CallColumn[]; readonly each: number } {
  const each = Math.max(1, Math.ceil(row.length / most));
  const at = (call: number): CallColumn => ({
    call: call + 1,
    row: row[call] ?? 0,
    cached: cached[call] ?? 0,
    uncached: uncached[call] ?? 0,
    output: output[call] ?? 0,
  });
  const size = (one: CallColumn): number => one.cached + one.uncached + one.output;
  const columns: CallColumn[] = [];
  for (let first = 0; first < row.length; first += each) {
    let largest = at(first);
    for (let call = first + 1; call < Math.min(first + each, row.length); call++) {
      const one = at(call);
      if (size(one) > size(largest)) largest = one;
    }
    columns.push(largest);
  }
  return { columns, each };
}

/** Drawn beside a context that is far from it, a window would leave the context a flat line. */
const leastShare = 0.25;

/** A window that a context comes near enough to; undefined for one that is far off or not known. */
export const windowInReach = (window: number | undefined, context: number): number | undefined =>
  window !== undefined && context > window * leastShare ? window : undefined;
