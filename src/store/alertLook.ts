import { type Evaluated, evaluate, seenSince } from '../core/alerts/evaluate.ts';
import { nameTest, type Rule, type RuleOf } from '../core/alerts/rules.ts';
import { asksInsights } from '../core/alerts/single.ts';
import type { FileState } from '../core/alerts/state.ts';
import type { Insight, InsightType } from '../core/insights/insight.ts';
import type { Thresholds } from '../core/insights/thresholds.ts';
import type { RunId, RunSummary, UnixMs } from '../core/model.ts';
import type { Clock } from '../core/status.ts';
import type { FileId, ReaderApi } from '../protocol/reader.ts';

export interface AlertLook {
  readonly file: FileId;
  /** As notifications name it: its path. */
  readonly path: string;
  readonly rules: readonly Rule[];
  readonly state: FileState;
  readonly thresholds: Thresholds;
  readonly clock: Clock;
}

type Reader = Pick<ReaderApi, 'runs' | 'insights'>;

// A window of a month may hold any number of runs.
const mostRuns = 50_000;
const page = 1000;
/** Runs that are compared with to know what is usual. */
const mostNewest = 1000;
/** What was written while the last look went on is looked at again. */
const overlap = 5 * 60_000;

/** Looks at an open file by the rules of alerts; of what was read before, little is read again. */
export async function lookForAlerts(reader: Reader, look: AlertLook): Promise<Evaluated> {
  const { rules, state, clock } = look;
  if (rules.length === 0) return evaluate(rules, state, nothing(clock), () => [], look.path);
  const since = seenSince(rules, state, clock.now);
  const runs = await activeRuns(reader, look, since);
  const newest = rules.some(rule => rule.type === 'cost-spike')
    ? (await reader.runs(look.file, { filter: 'all', offset: 0, limit: mostNewest, clock })).runs
    : [];
  const insights = await insightsOf(reader, look, runs);
  const seen = { runs, newest, now: clock.now, staleAfter: clock.staleAfter };
  return evaluate(rules, state, seen, runId => insights.get(runId) ?? [], look.path);
}

const nothing = ({ now, staleAfter }: Clock) => ({ runs: [], newest: [], now, staleAfter });

async function activeRuns(
  reader: Reader,
  { file, clock }: AlertLook,
  activeFrom: UnixMs,
): Promise<readonly RunSummary[]> {
  const all: RunSummary[] = [];
  while (all.length < mostRuns) {
    const query = { filter: 'all', offset: all.length, limit: page, clock, activeFrom } as const;
    const { runs } = await reader.runs(file, query);
    for (const run of runs) all.push(run);
    if (runs.length < page) break;
  }
  return all;
}

/**
 * Of the runs that did something since the last look, where a rule asks for insights; of those that went quiet
 * since, which may be stuck; and of those that were found and wait to be told.
 */
async function insightsOf(
  reader: Reader,
  { file, rules, state, thresholds, clock }: AlertLook,
  runs: readonly RunSummary[],
): Promise<ReadonlyMap<RunId, readonly Insight[]>> {
  const found = new Map<RunId, Insight[]>();
  const asking = rules.filter(asksInsights);
  if (asking.length === 0) return found;
  const tests = asking.map(nameTest);
  const types = typesOf(asking);
  const quiet = types === undefined || types.includes('stuck') ? clock.staleAfter : 0;
  const from = Math.min(state.evaluated, clock.now) - overlap - quiet;
  const held = new Set(Object.values(state.alerts).flatMap(one => one.held));
  const asked = runs.filter(
    run =>
      held.has(run.runId) ||
      ((run.lastActivity ?? 0) >= from && tests.some(test => test(run.name))),
  );
  for (let at = 0; at < asked.length; at += page) {
    const runIds = asked.slice(at, at + page).map(({ runId }) => runId);
    const request = { of: { runIds }, types, thresholds, clock };
    let answer = await reader.insights(file, request);
    while (answer.done < answer.of) answer = await reader.insights(file, request);
    for (const insight of answer.insights) {
      const of = found.get(insight.runId);
      if (of) of.push(insight);
      else found.set(insight.runId, [insight]);
    }
  }
  return found;
}

/** What rules ask for; undefined for all. */
function typesOf(rules: readonly RuleOf<'loop' | 'insight'>[]): readonly InsightType[] | undefined {
  const types = new Set<InsightType>();
  for (const rule of rules) {
    const own = rule.type === 'loop' ? (['loop'] as const) : rule.insights;
    if (own === undefined) return undefined;
    for (const type of own) types.add(type);
  }
  return [...types];
}
