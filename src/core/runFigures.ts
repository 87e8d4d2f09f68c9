import { addRunCosts } from './cost.ts';
import {
  ascending,
  type Distribution,
  distribution,
  type LogHistogram,
  logHistogram,
} from './distribution.ts';
import type { Ms, RunSummary, UnixMs, Usage, Usd } from './model.ts';
import { type RunFilter, type RunSelection, type RunTest, runTests } from './runQuery.ts';
import { type TimeRange, type TimeSeries, timeSeries } from './timeSeries.ts';
import { addUsage } from './usage.ts';

/** A value of a menu, and how many runs have it. */
export interface Counted {
  readonly value: string;
  readonly runs: number;
}

/** What can be said about many runs together. */
export interface RunFigures {
  /** Runs in the file. */
  readonly all: number;
  /** By status, of the runs that match everything else: what choosing one would show. */
  readonly counts: Readonly<Record<RunFilter, number>>;
  readonly matching: number;
  readonly spans: number;
  readonly cost: Usd | undefined;
  readonly pricedCost: Usd;
  readonly unpricedCalls: number;
  readonly usage: Usage;
  readonly durations: Distribution;
  readonly costs: Distribution;
  readonly histogram: LogHistogram | undefined;
  /** Undefined where no run has a start. */
  readonly series: TimeSeries | undefined;
  /** Most frequent first, at most 100, of the runs that match everything but the name. */
  readonly names: readonly Counted[];
  readonly distinctNames: number;
  /** The same for sessions. */
  readonly sessions: readonly Counted[];
  readonly distinctSessions: number;
  /** Runs in the file that belong to a session. */
  readonly inSession: number;
}

const mostListed = 100;
const mostBins = 24;

/**
 * @param asked what became of the selection's text
 * @param zone what is added to UTC to get the local time
 */
export function runFigures(
  runs: readonly RunSummary[],
  selection: RunSelection,
  asked: RunTest,
  now: UnixMs,
  zone: Ms,
): RunFigures {
  const is = runTests(selection, asked);
  const counts = { all: 0, failed: 0, running: 0 };
  const names = new Map<string, number>();
  const sessions = new Map<string, number>();
  const matching: RunSummary[] = [];
  let inSession = 0;
  for (const run of runs) {
    if (run.sessionId !== undefined) inSession++;
    if (!is.rest(run)) continue;
    const [status, name, session] = [is.status(run), is.name(run), is.session(run)];
    if (name && session) {
      counts.all++;
      if (run.status === 'error') counts.failed++;
      if (run.status === 'running') counts.running++;
    }
    if (status && session) names.set(run.name, (names.get(run.name) ?? 0) + 1);
    if (status && name && run.sessionId !== undefined) {
      sessions.set(run.sessionId, (sessions.get(run.sessionId) ?? 0) + 1);
    }
    if (status && name && session) matching.push(run);
  }
  // What has not ended yet would make the usual look shorter than it is.
  const durations = ascending(
    matching.map(({ start, end }) =>
      start === undefined || end === undefined ? undefined : end - start,
    ),
  );
  const costs = ascending(matching.map(run => run.cost));
  const range = rangeOf(matching, selection, now);
  return {
    all: runs.length,
    counts,
    matching: matching.length,
    spans: matching.reduce((sum, run) => sum + run.spans, 0),
    ...addRunCosts(matching),
    usage: addUsage(matching.map(run => run.usage)),
    durations: distribution(durations, matching.length),
    costs: distribution(costs, matching.length),
    histogram: logHistogram(durations, mostBins),
    series: range && timeSeries(matching, range, zone),
    names: mostFrequent(names),
    distinctNames: names.size,
    sessions: mostFrequent(sessions),
    distinctSessions: sessions.size,
    inSession,
  };
}

/** From a time that was chosen up to now, else from the first run to the last. */
function rangeOf(
  runs: readonly RunSummary[],
  { from, to }: RunSelection,
  now: UnixMs,
): TimeRange | undefined {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { start } of runs) {
    // A time that no calendar has is shown with its run; here it would flatten all others.
    if (start === undefined || Math.abs(start) > 8.64e15) continue;
    first = Math.min(first, start);
    last = Math.max(last, start);
  }
  if (first > last) return undefined;
  return { from: from ?? first, to: from === undefined ? last : Math.max(last, to ?? now) };
}

function mostFrequent(counts: ReadonlyMap<string, number>): readonly Counted[] {
  return [...counts]
    .map(([value, runs]) => ({ value, runs }))
    .sort((a, b) => b.runs - a.runs || (a.value < b.value ? -1 : 1))
    .slice(0, mostListed);
}
