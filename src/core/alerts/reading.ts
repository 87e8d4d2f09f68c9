import { ascending, nearestRank } from '../distribution.ts';
import type { RunSummary } from '../model.ts';
import { activityOf, endedAt, hasFailed, type Seen, within } from './finished.ts';
import type { Figures } from './notice.ts';
import type { Rule, RuleOf } from './rules.ts';

/** What a rule about a window finds: `unknown` where too little is known to say. */
export interface Reading {
  readonly is: 'firing' | 'ok' | 'unknown';
  readonly figures: Figures;
  /** The worst first. */
  readonly runs: readonly RunSummary[];
}

export type WindowRule = RuleOf<'failure-rate' | 'window-cost' | 'latency'>;

export const isWindowRule = (rule: Rule): rule is WindowRule =>
  rule.type === 'failure-rate' || rule.type === 'window-cost' || rule.type === 'latency';

/** @param runs those that the rule, and the alert of it, is about */
export function readWindow(rule: WindowRule, runs: readonly RunSummary[], seen: Seen): Reading {
  switch (rule.type) {
    case 'failure-rate':
      return failureRate(rule, runs, seen);
    case 'window-cost':
      return windowCost(rule, runs, seen);
    case 'latency':
      return latency(rule, runs, seen);
  }
}

function failureRate(
  rule: RuleOf<'failure-rate'>,
  runs: readonly RunSummary[],
  seen: Seen,
): Reading {
  const { now } = seen;
  const ended = runs.filter(run => within(endedAt(run, seen), rule.window, seen));
  const failed = ended.filter(run => run.status === 'error');
  const isOver = (part: number, of: number): boolean =>
    of >= rule.minimumRuns && part / of > rule.above;
  const figures = (part: number, of: number): Figures => ({
    type: rule.type,
    failed: part,
    ended: of,
    above: rule.above,
    window: rule.window,
  });
  if (isOver(failed.length, ended.length)) {
    return { is: 'firing', figures: figures(failed.length, ended.length), runs: failed };
  }
  // Of runs whose root is never closed one knows late that they went well. Counted as if all did that still
  // go on, too many failures are too many whatever comes of those.
  const recent = runs.filter(run => within(activityOf(run, now), rule.window, seen));
  const sure = recent.filter(run => hasFailed(run, seen));
  const over = recent.filter(run => run.status !== 'running').length;
  if (over >= rule.minimumRuns && isOver(sure.length, recent.length)) {
    return { is: 'firing', figures: figures(sure.length, recent.length), runs: sure };
  }
  const isFew = ended.length < rule.minimumRuns && failed.length + sure.length > 0;
  const is = isFew ? 'unknown' : 'ok';
  return { is, figures: figures(failed.length, ended.length), runs: failed };
}

function windowCost(rule: RuleOf<'window-cost'>, runs: readonly RunSummary[], seen: Seen): Reading {
  const { now } = seen;
  const counted = runs.filter(run => within(activityOf(run, now), rule.window, seen));
  const cost = counted.reduce((sum, run) => sum + run.pricedCost, 0);
  const unpriced = counted.reduce((sum, run) => sum + run.unpricedCalls, 0);
  const dearest = [...counted].sort((a, b) => b.pricedCost - a.pricedCost);
  return {
    is: cost > rule.above ? 'firing' : 'ok',
    figures: {
      type: rule.type,
      cost,
      unpriced,
      counted: counted.length,
      above: rule.above,
      window: rule.window,
    },
    runs: dearest,
  };
}

function latency(rule: RuleOf<'latency'>, runs: readonly RunSummary[], seen: Seen): Reading {
  const took = (run: RunSummary): number => (run.end ?? 0) - (run.start ?? 0);
  const ended = runs.filter(
    run =>
      within(endedAt(run, seen), rule.window, seen) &&
      run.start !== undefined &&
      run.end !== undefined,
  );
  const value = nearestRank(ascending(ended.map(took)), rule.percentile);
  const slowest = ended.filter(run => took(run) > rule.above).sort((a, b) => took(b) - took(a));
  const isFew = ended.length < rule.minimumRuns;
  const isOver = value !== undefined && value > rule.above;
  return {
    is: isFew ? (slowest.length > 0 ? 'unknown' : 'ok') : isOver ? 'firing' : 'ok',
    figures: {
      type: rule.type,
      value: value ?? 0,
      percentile: rule.percentile,
      ended: ended.length,
      above: rule.above,
      window: rule.window,
    },
    runs: slowest,
  };
}
