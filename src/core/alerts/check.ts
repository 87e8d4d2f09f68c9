import { ascending, nearestRank } from '../distribution.ts';
import { formatCost, formatDuration, formatShare, integer } from '../format.ts';
import type { Ms, RunSummary, Usd } from '../model.ts';

/** What runs may be at most; undefined: anything. */
export interface CheckLimits {
  readonly errorRate?: number | undefined;
  readonly cost?: Usd | undefined;
  readonly runCost?: Usd | undefined;
  readonly p99?: Ms | undefined;
  readonly minimumRuns: number;
}

/** One thing that was looked at. */
export interface CheckRow {
  readonly what: string;
  readonly value: string;
  readonly limit: string;
  readonly ok: boolean;
}

export interface Checked {
  readonly ok: boolean;
  readonly rows: readonly CheckRow[];
  readonly runs: number;
  readonly failed: number;
  /** Runs that have not ended, or were left: nothing is concluded from them. */
  readonly unfinished: number;
  readonly cost: Usd;
  readonly unpricedCalls: number;
  readonly p99: Ms | undefined;
}

/** Whether the runs of a file keep within limits, each as a row. */
export function checkRuns(all: readonly RunSummary[], limits: CheckLimits): Checked {
  const ended = all.filter(run => run.status === 'ok' || run.status === 'error');
  const failed = ended.filter(run => run.status === 'error').length;
  const cost = all.reduce((sum, run) => sum + run.pricedCost, 0);
  const unpricedCalls = all.reduce((sum, run) => sum + run.unpricedCalls, 0);
  const dearest = all.reduce((most, run) => Math.max(most, run.pricedCost), 0);
  const durations = ended.map(({ start, end }) =>
    start === undefined || end === undefined ? undefined : end - start,
  );
  const p99 = nearestRank(ascending(durations), 99);
  const rows: CheckRow[] = [
    {
      what: 'Runs that ended',
      value: integer(ended.length),
      limit: `at least ${integer(limits.minimumRuns)}`,
      ok: ended.length >= limits.minimumRuns,
    },
  ];
  const most = (
    what: string,
    value: number,
    limit: number | undefined,
    say: (v: number) => string,
  ) => {
    if (limit === undefined) return;
    rows.push({ what, value: say(value), limit: `at most ${say(limit)}`, ok: value <= limit });
  };
  const unpriced = unpricedCalls > 0 ? ` and ${integer(unpricedCalls)} unpriced calls` : '';
  most('Failed runs', ended.length > 0 ? failed / ended.length : 0, limits.errorRate, formatShare);
  most(`Cost${unpriced}`, cost, limits.cost, formatCost);
  most('Cost of the dearest run', dearest, limits.runCost, formatCost);
  if (limits.p99 !== undefined) most('Latency (p99)', p99 ?? 0, limits.p99, formatDuration);
  return {
    ok: rows.every(row => row.ok),
    rows,
    runs: all.length,
    failed,
    unfinished: all.length - ended.length,
    cost,
    unpricedCalls,
    p99,
  };
}
