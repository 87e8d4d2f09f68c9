import { TraceError } from '../errors.ts';
import { finish, type Steps } from '../steps.ts';
import { type Finder, findersOf } from './detectors.ts';
import { dialogueSteps } from './dialogues.ts';
import type { Context, Detector, RunEvidence } from './evidence.ts';
import { type Insight, type InsightType, insightTypes, severities } from './insight.ts';
import { withoutRepeats } from './repeats.ts';

/** Insights of one run that are kept: the most serious ones. */
export const mostOfRun = 100;

/**
 * All that can be found about a run: the most serious first, then in the order of the tree.
 *
 * @param onFailure what becomes of a slip in one detector; the others go on. Whoever serves a user writes
 *   it down; without it, it is thrown, so that a test cannot miss it. That a span cannot be read is no slip,
 *   and always thrown.
 */
export const findInsights = (
  evidence: RunEvidence,
  context: Context,
  onFailure?: (thrown: unknown) => void,
  all?: readonly Finder[],
): readonly Insight[] =>
  finish(insightSteps(evidence, context, onFailure, all)).slice(0, mostOfRun);

/** Those of some types. */
export const ofTypes = (
  insights: readonly Insight[],
  types: readonly InsightType[] | undefined,
): readonly Insight[] =>
  types === undefined ? insights : insights.filter(({ type }) => types.includes(type));

/** The same in steps, for whoever has others to answer meanwhile; more than `mostOfRun` where there are more. */
export function* insightSteps(
  evidence: RunEvidence,
  context: Context,
  onFailure: (thrown: unknown) => void = rethrow,
  all: readonly Finder[] = findersOf(undefined),
): Steps<readonly Insight[]> {
  const found: Insight[] = [];
  const first = all.some(one => one.followsTalk) ? [ahead] : [];
  for (const detect of [...first, ...all.map(one => one.find)]) {
    try {
      found.push(...(yield* foundBy(detect, evidence, context)).slice(0, mostOfRun + 1));
      yield;
    } catch (thrown) {
      if (thrown instanceof TraceError) throw thrown;
      onFailure(thrown);
    }
  }
  return inOrder(withoutRepeats(found), evidence);
}

export function* foundBy(
  detect: Detector,
  evidence: RunEvidence,
  context: Context,
): Steps<readonly Insight[]> {
  const found = detect(evidence, context);
  return 'next' in found ? yield* found : found;
}

/** Several ask for the calls and the conversations of a run: whoever asks first would take long. */
function* ahead(evidence: RunEvidence): Steps<readonly Insight[]> {
  yield* dialogueSteps(evidence);
  return [];
}

function rethrow(thrown: unknown): never {
  throw thrown;
}

export function inOrder(found: readonly Insight[], { tree }: RunEvidence): readonly Insight[] {
  const place = ({ spanIds: [first] }: Insight): number =>
    (first === undefined ? undefined : tree.nodes.get(first)?.order) ?? Number.MAX_SAFE_INTEGER;
  return [...found].sort(
    (a, b) =>
      severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
      place(a) - place(b) ||
      insightTypes.indexOf(a.type) - insightTypes.indexOf(b.type),
  );
}

/** Of the insights of several runs, so many at most: of each run its most serious one before any has a second. */
export function gravestOfEach(
  runs: readonly (readonly Insight[])[],
  most: number,
): readonly Insight[] {
  const kept = runs.map(() => 0);
  let room = most;
  for (let rank = 0; room > 0 && runs.some(all => all.length > rank); rank++) {
    for (const [run, all] of runs.entries()) {
      if (all.length <= rank || room === 0) continue;
      kept[run] = rank + 1;
      room--;
    }
  }
  return runs.flatMap((all, run) => all.slice(0, kept[run]));
}
