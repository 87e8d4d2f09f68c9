import type { RunSummary } from '../core/model.ts';
import type { Clock } from '../core/status.ts';
import { textFilter } from '../core/textFilter.ts';
import { addUsage } from '../core/usage.ts';
import type { FileTotals, RunFilter, RunPage, RunQuery } from '../protocol/reader.ts';
import { type RunIndex, summaryAt } from './runIndex.ts';

export interface Page {
  readonly offset: number;
  readonly limit: number;
}

/** A part of a list; what was asked for is brought into bounds rather than refused. */
export function pageOf<T>(list: readonly T[], page: Page, most: number): readonly T[] {
  const from = Math.max(0, Math.floor(page.offset) || 0);
  return list.slice(from, from + Math.min(most, Math.max(0, Math.floor(page.limit) || 0)));
}

const matches = (run: RunSummary, filter: RunFilter): boolean =>
  filter === 'all' || run.status === (filter === 'failed' ? 'error' : 'running');

export function runPage(index: RunIndex, query: RunQuery): RunPage {
  const holds = textFilter(query.text);
  const runs = runsAt(index, query.clock).filter(run => matches(run, query.filter) && holds(run));
  return { runs: pageOf(runs, query, 1000), matching: runs.length };
}

export function runPlace(
  index: RunIndex,
  runId: string,
  filter: RunFilter,
  clock: Clock,
  text?: string,
): number {
  const holds = textFilter(text);
  return runsAt(index, clock)
    .filter(run => matches(run, filter) && holds(run))
    .findIndex(run => run.runId === runId);
}

export function fileTotals(index: RunIndex, clock: Clock): FileTotals {
  const runs = runsAt(index, clock);
  const starts = runs.flatMap(run => (run.start === undefined ? [] : [run.start]));
  const unpricedCalls = sum(runs, run => run.unpricedCalls);
  const pricedCost = sum(runs, run => run.pricedCost);
  return {
    runs: runs.length,
    failed: runs.filter(run => run.status === 'error').length,
    running: runs.filter(run => run.status === 'running').length,
    spans: sum(runs, run => run.spans),
    cost: unpricedCalls > 0 ? undefined : pricedCost,
    pricedCost,
    unpricedCalls,
    usage: addUsage(runs.map(run => run.usage)),
    firstStart: starts.reduce<number | undefined>((a, b) => Math.min(a ?? b, b), undefined),
    lastStart: starts.reduce<number | undefined>((a, b) => Math.max(a ?? b, b), undefined),
  };
}

const runsAt = (index: RunIndex, clock: Clock): readonly RunSummary[] =>
  index.entries.map(entry => summaryAt(entry, clock));
const sum = (runs: readonly RunSummary[], of: (run: RunSummary) => number): number =>
  runs.reduce((total, run) => total + of(run), 0);
