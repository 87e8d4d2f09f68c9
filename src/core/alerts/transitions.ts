import type { UnixMs } from '../model.ts';
import type { Notice } from './notice.ts';
import type { Rule } from './rules.ts';
import type { Finding, SingleRule } from './single.ts';
import type { AlertState } from './state.ts';

/** What became of one alert. */
export interface Step {
  readonly kind: Notice['kind'] | undefined;
  readonly state: AlertState | undefined;
}

/** Of a condition that holds or not: firing, still, resolved. What is not known changes nothing. */
export function windowStep(
  rule: Rule,
  before: AlertState | undefined,
  group: string,
  is: 'firing' | 'ok' | 'unknown',
  now: UnixMs,
): Step {
  if (before?.phase === 'firing') {
    if (is === 'ok')
      return { kind: 'resolved', state: { ...before, phase: 'resolved', told: now } };
    const { remindAfter } = rule;
    const isDue = remindAfter !== undefined && now - before.told >= remindAfter;
    return isDue
      ? { kind: 'still', state: { ...before, told: now } }
      : { kind: undefined, state: before };
  }
  const rests = before !== undefined && now - before.told < rule.cooldown;
  if (is === 'firing' && !rests) {
    const state = {
      rule: rule.id,
      group,
      phase: 'firing',
      since: now,
      told: now,
      held: [],
    } as const;
    return { kind: 'firing', state };
  }
  return { kind: undefined, state: rests ? before : undefined };
}

/** Runs that wait to be told at most. */
const mostHeld = 5000;

/** Of single runs: the first is told at once, those that follow together after the cooldown. */
export function singleStep(
  rule: SingleRule,
  before: AlertState | undefined,
  group: string,
  fresh: readonly Finding[],
  byId: ReadonlyMap<string, Finding>,
  now: UnixMs,
): { readonly step: Step; readonly told: readonly Finding[] } {
  if (before?.phase !== 'firing') {
    if (fresh.length === 0) return { step: { kind: undefined, state: undefined }, told: [] };
    const state = {
      rule: rule.id,
      group,
      phase: 'firing',
      since: now,
      told: now,
      held: [],
    } as const;
    return { step: { kind: 'firing', state }, told: fresh };
  }
  const freshIds = new Set(fresh.map(({ run }) => run.runId));
  // What is not among the runs any more, or was got over since, is not told.
  const held = before.held.flatMap(id => (freshIds.has(id) ? [] : (byId.get(id) ?? [])));
  const all = [...fresh, ...held];
  const isResting = now - before.told < rule.cooldown;
  if (isResting) {
    const ids = all.map(({ run }) => run.runId).slice(0, mostHeld);
    return { step: { kind: undefined, state: { ...before, held: ids } }, told: [] };
  }
  if (all.length > 0) {
    return { step: { kind: 'still', state: { ...before, told: now, held: [] } }, told: all };
  }
  const over = { ...before, phase: 'resolved', told: now, held: [] } as const;
  return { step: { kind: 'resolved', state: over }, told: [] };
}
