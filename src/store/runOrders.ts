import type { RunSummary, UnixMs } from '../core/model.ts';
import { groupedRows, type ListRow, plainRows } from '../core/runGroups.ts';
import {
  newestFirst,
  type RunSelection,
  type RunSort,
  selectRuns,
  sortRuns,
} from '../core/runQuery.ts';
import type { Clock } from '../core/status.ts';
import type { RunRowsQuery } from '../protocol/reader.ts';
import { changesAt, type RunIndex, summaryAt } from './runIndex.ts';
import { askedOf } from './searchRuns.ts';

/** The runs of a file as a clock sees them, and the latest lists that were made of them. */
interface Judged {
  readonly at: UnixMs;
  /** Up to then, a clock that goes on sees the same. */
  readonly until: UnixMs;
  readonly staleAfter: number;
  readonly runs: readonly RunSummary[];
  /** Worked out when it is first asked for. */
  mostInSession: boolean | undefined;
  /** The list of those that were active last asked for: it comes in pages. */
  active: { readonly key: string; readonly runs: readonly RunSummary[] } | undefined;
  readonly lists: Map<string, readonly RunSummary[]>;
  readonly rows: Map<string, readonly ListRow[]>;
}

// The list that is shown, the tree beside it, and the ones before them.
const keptLists = 4;

const kept = new WeakMap<RunIndex, Judged>();

function judged(index: RunIndex, clock: Clock): Judged {
  const known = kept.get(index);
  if (known && known.at <= clock.now && clock.now <= known.until) {
    if (known.staleAfter === clock.staleAfter) return known;
  }
  let until = Number.POSITIVE_INFINITY;
  const runs = index.entries.map(entry => {
    const run = summaryAt(entry, clock);
    if (entry.recent) until = Math.min(until, changesAt(entry.recent, clock));
    return run;
  });
  const made = {
    at: clock.now,
    until,
    staleAfter: clock.staleAfter,
    runs,
    mostInSession: undefined,
    active: undefined,
    lists: new Map(),
    rows: new Map(),
  };
  kept.set(index, made);
  return made;
}

export const runsAt = (index: RunIndex, clock: Clock): readonly RunSummary[] =>
  judged(index, clock).runs;

/** Runs that match and were active since, in no order. Beside the lists that are kept to be shown. */
export function activeRuns(
  index: RunIndex,
  selection: RunSelection,
  from: UnixMs,
  clock: Clock,
): readonly RunSummary[] {
  const known = judged(index, clock);
  const asked = askedOf(index, selection.text, clock);
  const key = `${keyOf(selection, newestFirst)} ${asked.minute} ${from}`;
  if (known.active?.key !== key) {
    const active = known.runs.filter(run => (run.lastActivity ?? run.start ?? 0) >= from);
    known.active = { key, runs: selectRuns(active, selection, asked.test) };
  }
  return known.active.runs;
}

/** Runs that match, in order; the pages of one list are cut from the same one. */
export function orderedRuns(
  index: RunIndex,
  selection: RunSelection,
  sort: RunSort = newestFirst,
  clock: Clock,
): readonly RunSummary[] {
  const { runs, lists } = judged(index, clock);
  const asked = askedOf(index, selection.text, clock);
  return remembered(lists, `${keyOf(selection, sort)} ${asked.minute}`, () =>
    sortRuns(selectRuns(runs, selection, asked.test), sort, clock.now),
  );
}

export function orderedRows(
  index: RunIndex,
  query: Omit<RunRowsQuery, 'offset' | 'limit' | 'placesOf'>,
): { readonly rows: readonly ListRow[]; readonly grouped: boolean; readonly matching: number } {
  const runs = orderedRuns(index, query, query.sort, query.clock);
  const known = judged(index, query.clock);
  known.mostInSession ??=
    known.runs.filter(run => run.sessionId !== undefined).length * 2 > known.runs.length;
  const grouped = query.grouped ?? known.mostInSession;
  const folded = grouped ? JSON.stringify(query.folded) : '';
  const { minute } = askedOf(index, query.text, query.clock);
  const rows = remembered(known.rows, `${keyOf(query, query.sort)} ${minute} ${folded}`, () =>
    grouped ? groupedRows(runs, new Set(query.folded)) : plainRows(runs),
  );
  return { rows, grouped, matching: runs.length };
}

const keyOf = (selection: RunSelection, sort: RunSort): string => {
  const { filter, text, name, from, to, session } = selection;
  return JSON.stringify([filter, text, name, from, to, session, sort.by, sort.descending]);
};

function remembered<T>(lists: Map<string, T>, key: string, make: () => T): T {
  const list = lists.get(key) ?? make();
  lists.delete(key);
  lists.set(key, list);
  for (const oldest of lists.keys()) {
    if (lists.size <= keptLists) break;
    lists.delete(oldest);
  }
  return list;
}
