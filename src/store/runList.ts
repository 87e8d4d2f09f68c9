import type { RowId, RowRange } from './dialect.ts';
import type { RunEntry, RunIndex } from './runIndex.ts';

/**
 * The runs in order, from those of an earlier index and the ones that changed since.
 *
 * @param byId the runs that there are now
 * @param changed runs that `before` has not, or has otherwise
 */
export function listRuns(
  byId: RunIndex['byId'],
  before: readonly RunEntry[],
  changed: readonly RunEntry[],
): readonly RunEntry[] {
  const kept = before.filter(entry => byId.get(entry.runId) === entry);
  const added = [...changed].sort(newestFirst);
  // Most are in order already: they are not sorted again.
  const entries: RunEntry[] = [];
  let next = 0;
  for (const entry of kept) {
    for (let one = added[next]; one && newestFirst(one, entry) < 0; one = added[++next]) {
      entries.push(one);
    }
    entries.push(entry);
  }
  for (; next < added.length; next++) entries.push(added[next] as RunEntry);
  return entries;
}

function newestFirst(a: RunEntry, b: RunEntry): number {
  const [x, y] = [startOf(a), startOf(b)];
  return x === y ? lastRow(b) - lastRow(a) : x < y ? 1 : -1;
}

const startOf = ({ settled }: RunEntry): number => settled.start ?? Number.NEGATIVE_INFINITY;
const lastRow = ({ ranges }: RunEntry): number => ranges.at(-1)?.last ?? 0;

/** Says which run a row belongs to. Prepared when it is first asked. */
export function rowFinder(entries: readonly RunEntry[]): RunIndex['runOfRow'] {
  let all: readonly { readonly range: RowRange; readonly entry: RunEntry }[] | undefined;
  return row => {
    all ??= entries
      .flatMap(entry => entry.ranges.map(range => ({ range, entry })))
      .sort((a, b) => a.range.first - b.range.first);
    let [low, high] = [0, all.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((all[middle]?.range.first ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    const found = all[low];
    return found && found.range.first <= row && row <= found.range.last ? found.entry : undefined;
  };
}

/** Where rows that were read lie now: ranges whose ends, or all of whose rows, are gone are cut. */
export function cutRanges(
  ranges: readonly RowRange[],
  spans: readonly { readonly row: RowId }[],
): readonly RowRange[] {
  const cut: RowRange[] = [];
  let at = 0;
  for (const { last } of ranges) {
    const first = spans[at]?.row;
    let end: RowId | undefined;
    for (let row = first; row !== undefined && row <= last; row = spans[++at]?.row) end = row;
    if (first !== undefined && end !== undefined) cut.push({ first, last: end });
  }
  return cut;
}
