import { addRunCosts } from '../core/cost.ts';
import type { RunSummary } from '../core/model.ts';
import { type RunFigures, runFigures } from '../core/runFigures.ts';
import { newestFirst } from '../core/runQuery.ts';
import type { Clock } from '../core/status.ts';
import { addUsage } from '../core/usage.ts';
import type {
  FiguresQuery,
  FileTotals,
  RunFilter,
  RunPage,
  RunQuery,
  RunRows,
  RunRowsQuery,
} from '../protocol/reader.ts';
import type { RunIndex } from './runIndex.ts';
import { activeRuns, orderedRows, orderedRuns, runsAt } from './runOrders.ts';
import { askedOf } from './searchRuns.ts';

export interface Page {
  readonly offset: number;
  readonly limit: number;
}

/** A part of a list; what was asked for is brought into bounds rather than refused. */
export function pageOf<T>(list: readonly T[], page: Page, most: number): readonly T[] {
  const from = Math.max(0, Math.floor(page.offset) || 0);
  return list.slice(from, from + Math.min(most, Math.max(0, Math.floor(page.limit) || 0)));
}

export function runPage(index: RunIndex, query: RunQuery): RunPage {
  const { activeFrom } = query;
  const runs =
    activeFrom === undefined
      ? orderedRuns(index, query, query.sort, query.clock)
      : activeRuns(index, query, activeFrom, query.clock);
  return { runs: pageOf(runs, query, 1000), matching: runs.length };
}

export function runPlace(
  index: RunIndex,
  runId: string,
  filter: RunFilter,
  clock: Clock,
  text?: string,
): number {
  const runs = orderedRuns(index, { filter, text }, newestFirst, clock);
  return runs.findIndex(run => run.runId === runId);
}

export function runRows(index: RunIndex, query: RunRowsQuery): RunRows {
  const { rows, grouped, matching } = orderedRows(index, query);
  return {
    grouped,
    rows: pageOf(rows, query, 1000),
    total: rows.length,
    matching,
    all: index.entries.length,
    places: query.placesOf
      .slice(0, 10)
      .map(runId => rows.findIndex(row => row.kind === 'run' && row.run.runId === runId)),
  };
}

export function figures(index: RunIndex, query: FiguresQuery): RunFigures {
  const { test } = askedOf(index, query.text, query.clock);
  return runFigures(runsAt(index, query.clock), query, test, query.clock.now, query.zone);
}

export function fileTotals(index: RunIndex, clock: Clock): FileTotals {
  const runs = runsAt(index, clock);
  const starts = runs.flatMap(run => (run.start === undefined ? [] : [run.start]));
  return {
    runs: runs.length,
    failed: runs.filter(run => run.status === 'error').length,
    running: runs.filter(run => run.status === 'running').length,
    spans: sum(runs, run => run.spans),
    ...addRunCosts(runs),
    usage: addUsage(runs.map(run => run.usage)),
    firstStart: starts.reduce<number | undefined>((a, b) => Math.min(a ?? b, b), undefined),
    lastStart: starts.reduce<number | undefined>((a, b) => Math.max(a ?? b, b), undefined),
    share: index.share,
    version: index.version,
  };
}

const sum = (runs: readonly RunSummary[], of: (run: RunSummary) => number): number =>
  runs.reduce((total, run) => total + of(run), 0);
