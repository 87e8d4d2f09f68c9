import type { Ms, RunStatus, RunSummary, UnixMs } from './model.ts';
import { totalTokens } from './usage.ts';

export type RunFilter = 'all' | 'failed' | 'running';

/** Which runs of a file: what is undefined or empty lets all pass. */
export interface RunSelection {
  /** By status. */
  readonly filter: RunFilter;
  /** In the query language, where words are words to find; README.md describes it. */
  readonly text?: string | undefined;
  /** The whole name. */
  readonly name?: string | undefined;
  /** Started then or later; a run without a start does not pass. */
  readonly from?: UnixMs | undefined;
  /** Started before then. */
  readonly to?: UnixMs | undefined;
  readonly session?: string | undefined;
}

export const runSortKeys = [
  'start',
  'duration',
  'spans',
  'tokens',
  'cost',
  'name',
  'status',
] as const;
export type RunSortKey = (typeof runSortKeys)[number];

export interface RunSort {
  readonly by: RunSortKey;
  readonly descending: boolean;
}

export const newestFirst: RunSort = { by: 'start', descending: true };

/** How long a run took, or has been running so far; of one that never ended, up to what it did last. */
export function runDuration(run: RunSummary, now: UnixMs): Ms | undefined {
  if (run.start === undefined) return undefined;
  const end = run.status === 'running' ? now : (run.end ?? run.lastActivity);
  return end === undefined ? undefined : end - run.start;
}

/** The parts of a selection, one test each, so that a menu can count what the other parts leave. */
export interface RunTests {
  readonly status: (run: RunSummary) => boolean;
  readonly name: (run: RunSummary) => boolean;
  readonly session: (run: RunSummary) => boolean;
  /** Text and time. */
  readonly rest: (run: RunSummary) => boolean;
}

/** Whether a run has what a selection's text asks for. */
export type RunTest = (run: RunSummary) => boolean;

/** @param asked what became of the selection's text; see `runTest` */
export function runTests(selection: RunSelection, asked: RunTest): RunTests {
  const { filter, name, session, from, to } = selection;
  const status: RunStatus | undefined =
    filter === 'all' ? undefined : filter === 'failed' ? 'error' : 'running';
  const timed = from !== undefined || to !== undefined;
  const inTime = ({ start }: RunSummary): boolean =>
    start !== undefined && start >= (from ?? start) && (to === undefined || start < to);
  return {
    status: run => status === undefined || run.status === status,
    name: run => name === undefined || run.name === name,
    session: run => session === undefined || run.sessionId === session,
    rest: run => (!timed || inTime(run)) && asked(run),
  };
}

export function selectRuns(
  runs: readonly RunSummary[],
  selection: RunSelection,
  asked: RunTest,
): readonly RunSummary[] {
  const { status, name, session, rest } = runTests(selection, asked);
  return runs.filter(run => status(run) && name(run) && session(run) && rest(run));
}

/**
 * Runs in another order. What has no value comes last in both directions; what is equal keeps its place.
 *
 * @param runs newest first, those without a start last
 */
export function sortRuns(
  runs: readonly RunSummary[],
  sort: RunSort,
  now: UnixMs,
): readonly RunSummary[] {
  if (sort.by === 'start' && sort.descending) return runs;
  const keys = keysOf(runs, sort.by, now);
  const sorted = keys.filter(key => !Number.isNaN(key)).sort();
  const { length } = sorted;
  // The numbers are sorted by themselves, and each run then looks for its place among them: a comparison
  // of runs by a function of ours would take several times as long.
  const taken = new Uint32Array(length);
  const ordered = new Array<RunSummary>(runs.length);
  let unknown = length;
  runs.forEach((run, at) => {
    const key = keys[at] ?? Number.NaN;
    if (Number.isNaN(key)) {
      ordered[unknown++] = run;
      return;
    }
    const first = sort.descending ? length - countUpTo(sorted, key) : countBelow(sorted, key);
    ordered[first + (taken[first] ?? 0)] = run;
    taken[first] = (taken[first] ?? 0) + 1;
  });
  return ordered;
}

const countBelow = (sorted: Float64Array, key: number): number =>
  firstWhere(sorted, value => value >= key);
const countUpTo = (sorted: Float64Array, key: number): number =>
  firstWhere(sorted, value => value > key);

function firstWhere(sorted: Float64Array, is: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (is(sorted[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

const statusRank: Readonly<Record<RunStatus, number>> = { error: 0, running: 1, stale: 2, ok: 3 };

/** A number for each run; NaN where it has no value. */
function keysOf(runs: readonly RunSummary[], by: RunSortKey, now: UnixMs): Float64Array {
  if (by === 'name') return nameRanks(runs);
  const key: Readonly<Record<Exclude<RunSortKey, 'name'>, (run: RunSummary) => Ms | undefined>> = {
    start: run => run.start,
    duration: run => runDuration(run, now),
    spans: run => run.spans,
    tokens: run => totalTokens(run.usage),
    cost: run => run.cost,
    status: run => statusRank[run.status],
  };
  const of = key[by];
  return numbersOf(runs, run => of(run) ?? Number.NaN);
}

function nameRanks(runs: readonly RunSummary[]): Float64Array {
  // Of many runs, few differ in name.
  const lower = new Map<string, string>();
  for (const { name } of runs) if (!lower.has(name)) lower.set(name, name.trim().toLowerCase());
  const ranks = new Map([...new Set(lower.values())].sort().map((name, rank) => [name, rank]));
  ranks.delete('');
  return numbersOf(runs, ({ name }) => ranks.get(lower.get(name) ?? '') ?? Number.NaN);
}

/** `Float64Array.from` steps through an iterator, which takes several times as long. */
function numbersOf(runs: readonly RunSummary[], of: (run: RunSummary) => number): Float64Array {
  const numbers = new Float64Array(runs.length);
  for (let i = 0; i < runs.length; i++) numbers[i] = of(runs[i] as RunSummary);
  return numbers;
}
