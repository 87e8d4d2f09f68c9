import type { Insight } from '../insights/insight.ts';
import { severities } from '../insights/insight.ts';
import { median } from '../insights/robust.ts';
import { sentenceOf } from '../insights/sentence.ts';
import type { RunId, RunSummary } from '../model.ts';
import { englishWords } from '../words.ts';
import { hasFailed, type Seen } from './finished.ts';
import type { Rule, RuleOf } from './rules.ts';

export type SingleRule = RuleOf<'run-failed' | 'run-cost' | 'cost-spike' | 'loop' | 'insight'>;
export type InsightsOf = (runId: RunId) => readonly Insight[];

export const isSingleRule = (rule: Rule): rule is SingleRule =>
  rule.type === 'run-failed' ||
  rule.type === 'run-cost' ||
  rule.type === 'cost-spike' ||
  asksInsights(rule);

/** Runs have to be looked at for insights. */
export const asksInsights = (rule: Rule): rule is RuleOf<'loop' | 'insight'> =>
  rule.type === 'loop' || rule.type === 'insight';

/** What a rule finds about one run. */
export interface Finding {
  readonly run: RunSummary;
  /** In words, where the run's error does not say it. */
  readonly says?: string | undefined;
  /** Where it shows; undefined where the run's failing span is. */
  readonly spanId?: string | undefined;
  /** Of a rule about costs: the usual one. */
  readonly usual?: number | undefined;
}

/** Tells of a run whether a rule is about it; made once for many runs. */
export function finderOf(
  rule: SingleRule,
  seen: Seen,
  insightsOf: InsightsOf,
): (run: RunSummary) => Finding | undefined {
  switch (rule.type) {
    case 'run-failed':
      return run => (hasFailed(run, seen) ? { run } : undefined);
    case 'run-cost':
      // What is known of a run with unpriced calls is the least that it costs.
      return run => (run.pricedCost > rule.above ? { run } : undefined);
    case 'cost-spike':
      return spikes(rule, seen);
    case 'loop':
      return run => firstOf(run, insightsOf(run.runId), one => one.type === 'loop');
    case 'insight':
      return run => firstOf(run, insightsOf(run.runId), one => isAsked(rule, one));
  }
}

const isAsked = (rule: RuleOf<'insight'>, { type, severity }: Insight): boolean =>
  (rule.insights === undefined || rule.insights.includes(type)) &&
  severities.indexOf(severity) >= severities.indexOf(rule.atLeast);

function firstOf(
  run: RunSummary,
  insights: readonly Insight[],
  is: (insight: Insight) => boolean,
): Finding | undefined {
  const found = insights.find(is);
  return found && { run, says: sentenceOf(found.said, englishWords), spanId: found.spanIds[0] };
}

function spikes(
  rule: RuleOf<'cost-spike'>,
  { newest }: Seen,
): (run: RunSummary) => Finding | undefined {
  const byName = new Map<string, RunSummary[]>();
  for (const run of newest) {
    if (run.cost === undefined || run.status === 'running') continue;
    const known = byName.get(run.name);
    if (known) known.push(run);
    else byName.set(run.name, [run]);
  }
  const least = new Map<string, number>();
  for (const [name, runs] of byName) {
    least.set(
      name,
      runs.reduce((low, { cost = 0 }) => Math.min(low, cost), Number.POSITIVE_INFINITY),
    );
  }
  return run => {
    // No median is below the least of its values: nearly all runs are settled by it.
    if (run.pricedCost < rule.times * (least.get(run.name) ?? Number.POSITIVE_INFINITY)) {
      return undefined;
    }
    const before = (byName.get(run.name) ?? [])
      .filter(one => one.runId !== run.runId && (one.start ?? 0) <= (run.start ?? 0))
      .map(one => one.cost ?? 0)
      .sort((a, b) => a - b);
    const usual = before.length < rule.minimumRuns ? undefined : median(before);
    // Of what is usually free, nothing is so many times.
    if (!usual || run.pricedCost < rule.times * usual) return undefined;
    return { run, usual };
  };
}
