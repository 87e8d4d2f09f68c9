import { hashOf } from '../insights/hash.ts';
import type { Ms, RunSummary, UnixMs } from '../model.ts';
import { activityOf, type Seen } from './finished.ts';
import { type Figures, mostNamed, type Notice } from './notice.ts';
import { lookAtQuiet } from './quiet.ts';
import { isWindowRule, readWindow } from './reading.ts';
import { nameTest, type Rule } from './rules.ts';
import {
  type Finding,
  finderOf,
  type InsightsOf,
  isSingleRule,
  type SingleRule,
} from './single.ts';
import { type AlertState, type FileState, withClock } from './state.ts';
import { type Step, singleStep, windowStep } from './transitions.ts';

/** Names of runs that have an alert of their own; a program that names each run anew would have thousands. */
const mostGroups = 200;
/** Runs that one rule remembers to have found. */
const mostFound = 5000;
const day = 86_400_000;
/** What arrives later than this, by the times of its spans, is not noticed. */
const lateBy: Ms = 3_600_000;

export const keyOf = (rule: string, group: string): string => JSON.stringify([rule, group]);

/** From when on an evaluation has to see all runs that did something. */
export function seenSince(rules: readonly Rule[], state: FileState, now: UnixMs): UnixMs {
  const windows = rules.map(rule => ('window' in rule ? rule.window : lateBy));
  const since = now - Math.max(lateBy, ...windows);
  const known = withClock(state, now);
  // Runs that were found and wait for the cooldown, which may be of days, are still to be told.
  const waiting = Object.values(known.alerts).flatMap(({ held, told }) =>
    held.length > 0 ? [told - lateBy] : [],
  );
  // After a night without a monitor, what happened in it is told.
  return Math.max(now - 30 * day, Math.min(since, known.evaluated - lateBy, ...waiting));
}

export interface Evaluated {
  readonly state: FileState;
  readonly notices: readonly Notice[];
}

/**
 * Looks at a file by all rules: what is to be told now, and what to remember for the next look. The same runs
 * seen again at the same time tell nothing new.
 */
export function evaluate(
  rules: readonly Rule[],
  before: FileState,
  at: Omit<Seen, 'floor'>,
  insightsOf: InsightsOf,
  file: string,
): Evaluated {
  const { now } = at;
  const known = withClock(before, now);
  const past = pastOf(before, known, at);
  const gone = new Set(past);
  const runsSeen = gone.size === 0 ? at.runs : at.runs.filter(({ runId }) => !gone.has(runId));
  const seen: Seen = { ...at, runs: runsSeen, floor: known.floor };
  const alerts: Record<string, AlertState> = Object.create(null);
  const found: Record<string, Readonly<Record<string, UnixMs>>> = Object.create(null);
  const quiet: FileState['quiet'][string][] = [];
  const quietKeys: string[] = [];
  const notices: Notice[] = [];

  const tell = (
    rule: Pick<Rule, 'id' | 'type' | 'severity'>,
    group: string,
    { kind, state }: Step,
    figures: Figures | undefined,
    findings: readonly Finding[],
  ): void => {
    if (state) alerts[keyOf(rule.id, group)] = state;
    if (!kind || !state) return;
    const key = hashOf(JSON.stringify([file, rule.id, group]));
    notices.push({
      id: `${key}-${Math.round(state.since)}-${kind}-${Math.round(state.told)}`,
      ...{ key, kind, rule: rule.id, type: rule.type, severity: rule.severity, group, file },
      ...{ at: now, since: state.since, figures },
      runs: findings.slice(0, mostNamed).map(named),
      more: Math.max(0, findings.length - mostNamed),
    });
  };

  for (const rule of rules) {
    const isMeant = nameTest(rule);
    const runs = seen.runs.filter(run => isMeant(run.name));
    const firing = Object.values(known.alerts).filter(one => one.rule === rule.id);
    if (isWindowRule(rule)) {
      for (const [group, some] of groupsOf(rule, runs, firing)) {
        const { is, figures, runs: worst } = readWindow(rule, some, seen);
        const step = windowStep(rule, known.alerts[keyOf(rule.id, group)], group, is, now);
        tell(
          rule,
          group,
          step,
          figures,
          step.kind === 'resolved' ? [] : worst.map(run => ({ run })),
        );
      }
    } else if (isSingleRule(rule)) {
      const look = lookAtSingle(rule, runs, known, seen, insightsOf);
      found[rule.id] = look.found;
      for (const [group, findings] of look.groups) {
        const of = known.alerts[keyOf(rule.id, group)];
        const { step, told } = singleStep(rule, of, group, findings, look.byId, now);
        const figures = { type: rule.type, runs: told.length, above: limitOf(rule) };
        tell(rule, group, step, figures, told);
      }
    } else {
      const looks = lookAtQuiet(rule, runs, known, now, mostGroups);
      for (const { group, is, next, figures } of looks) {
        quietKeys.push(keyOf(rule.id, group));
        quiet.push(next);
        const step = windowStep(rule, known.alerts[keyOf(rule.id, group)], group, is, now);
        tell(rule, group, step, figures, []);
      }
    }
  }
  for (const state of Object.values(known.alerts)) {
    if (state.phase !== 'firing' || rules.some(rule => rule.id === state.rule)) continue;
    // Otherwise whoever was called out for it would never hear that it is over.
    const rule = { id: state.rule, type: 'run-failed', severity: 'info' } as const;
    tell(rule, state.group, { kind: 'resolved', state: { ...state, told: now } }, undefined, []);
    delete alerts[keyOf(state.rule, state.group)];
  }
  const next = {
    began: known.began,
    floor: known.floor,
    past,
    evaluated: now,
    alerts: { ...alerts },
    found: { ...found },
    quiet: Object.fromEntries(quietKeys.map((key, at) => [key, quiet[at]])) as FileState['quiet'],
  };
  return { state: next, notices };
}

/** Where a clock was set back, it comes by the times of runs that were counted already. */
function pastOf(before: FileState, known: FileState, { runs, now }: Omit<Seen, 'floor'>) {
  if (known.evaluated === before.evaluated) {
    const there = new Set(before.past.length > 0 ? runs.map(({ runId }) => runId) : []);
    return before.past.filter(id => there.has(id));
  }
  const ahead = runs.filter(run => run.status !== 'running' && (run.lastActivity ?? 0) > now);
  return [...before.past, ...ahead.map(({ runId }) => runId)].slice(-mostFound);
}

const limitOf = (rule: SingleRule): number | undefined =>
  rule.type === 'run-cost' ? rule.above : rule.type === 'cost-spike' ? rule.times : undefined;

const named = ({ run, says, spanId, usual }: Finding) => ({
  runId: run.runId,
  name: run.name,
  start: run.start,
  end: run.end,
  cost: run.cost,
  pricedCost: run.pricedCost,
  error: run.error,
  spanId: spanId ?? run.failingSpanId,
  says,
  usual,
});

function groupsOf(
  rule: Rule,
  runs: readonly RunSummary[],
  firing: readonly AlertState[],
): ReadonlyMap<string, readonly RunSummary[]> {
  if (!rule.perName) return new Map([['', runs]]);
  const groups = new Map<string, RunSummary[]>(firing.map(({ group }) => [group, []]));
  for (const run of runs) {
    const group = groups.get(run.name);
    if (group) group.push(run);
    else if (groups.size < mostGroups) groups.set(run.name, [run]);
  }
  return groups;
}

function lookAtSingle(
  rule: SingleRule,
  runs: readonly RunSummary[],
  known: FileState,
  seen: Seen,
  insightsOf: InsightsOf,
) {
  const finding = finderOf(rule, seen, insightsOf);
  // `constructor` may be the id of a rule.
  const before = Object.hasOwn(known.found, rule.id) ? (known.found[rule.id] ?? {}) : {};
  const byId = new Map<string, Finding>();
  const groups = new Map<string, Finding[]>();
  for (const { rule: id, group } of Object.values(known.alerts)) {
    if (id === rule.id) groups.set(group, []);
  }
  const found: [string, UnixMs][] = Object.entries(before);
  const isKnown = (id: string): boolean => Object.hasOwn(before, id);
  for (const run of runs) {
    // One whose activity lies ahead of the clock is no history.
    const active = activityOf(run, seen.now) ?? seen.now;
    if (active < known.began) continue;
    const one = finding(run);
    if (!one) continue;
    byId.set(run.runId, one);
    if (isKnown(run.runId)) continue;
    found.push([run.runId, seen.now]);
    const group = rule.perName && groups.size < mostGroups ? run.name : '';
    const of = groups.get(group);
    if (of) of.push(one);
    else groups.set(group, [one]);
  }
  const seenIds = new Set(runs.map(run => run.runId));
  const kept = found
    .filter(([id, time]) => seenIds.has(id) || seen.now - time < day)
    .sort((a, b) => b[1] - a[1])
    .slice(0, mostFound);
  return { groups, byId, found: Object.fromEntries(kept) };
}
