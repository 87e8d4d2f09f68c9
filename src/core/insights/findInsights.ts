import { TraceError } from '../errors.ts';
import { finish, type Steps } from '../steps.ts';
import { detectors } from './detectors.ts';
import { dialogueSteps } from './dialogues.ts';
import type { Context, Detector, RunEvidence } from './evidence.ts';
import { type Insight, insightTypes, severities } from './insight.ts';
import { withoutRepeats } from './repeats.ts';

/** Insights of one run that are kept: the most serious ones. */
export const mostInsights = 100;

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
  all?: readonly Detector[],
): readonly Insight[] => finish(insightSteps(evidence, context, onFailure, all));

/** The same in steps, for whoever has others to answer meanwhile. */
export function* insightSteps(
  evidence: RunEvidence,
  context: Context,
  onFailure: (thrown: unknown) => void = rethrow,
  all: readonly Detector[] = detectors,
): Steps<readonly Insight[]> {
  const found: Insight[] = [];
  for (const detect of [ahead, ...all]) {
    try {
      found.push(...(yield* foundBy(detect, evidence, context)).slice(0, mostInsights));
      yield;
    } catch (thrown) {
      if (thrown instanceof TraceError) throw thrown;
      onFailure(thrown);
    }
  }
  return inOrder(withoutRepeats(found), evidence).slice(0, mostInsights);
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
