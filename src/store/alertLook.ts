import { type Evaluated, evaluate, seenSince } from '../core/alerts/evaluate.ts';
import { nameTest, type Rule } from '../core/alerts/rules.ts';
import { asksInsights } from '../core/alerts/single.ts';
import type { FileState } from '../core/alerts/state.ts';
import type { Insight } from '../core/insights/insight.ts';
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

/** Of the runs that did something since the last look, where a rule asks for insights. */
async function insightsOf(
  reader: Reader,
  { file, rules, state, thresholds, clock }: AlertLook,
  runs: readonly RunSummary[],
): Promise<ReadonlyMap<RunId, readonly Insight[]>> {
  const found = new Map<RunId, Insight[]>();
  const tests = rules.filter(asksInsights).map(nameTest);
  if (tests.length === 0) return found;
  const from = Math.min(state.evaluated, clock.now) - overlap;
  const asked = runs.filter(
    run => (run.lastActivity ?? 0) >= from && tests.some(test => test(run.name)),
  );
  if (asked.length === 0) return found;
  const ids = new Set(asked.map(({ runId }) => runId));
  const take = (insights: readonly Insight[]): void => {
    for (const insight of insights) {
      if (!ids.has(insight.runId)) continue;
      const of = found.get(insight.runId);
      if (of) of.push(insight);
      else found.set(insight.runId, [insight]);
    }
  };
  // The newest ones are looked at together; of those that began long ago and go on there are few.
  const newest = Math.min(page, asked.length);
  const together = await reader.runs(file, { filter: 'all', offset: 0, limit: newest, clock });
  const rest = new Set(ids);
  for (const { runId } of together.runs) rest.delete(runId);
  for (const of of [{ newest }, ...[...rest].slice(0, 100).map(runId => ({ runId }))]) {
    const request = { of, thresholds, clock };
    let answer = await reader.insights(file, request);
    while (answer.done < answer.of) answer = await reader.insights(file, request);
    take(answer.insights);
  }
  return found;
}
