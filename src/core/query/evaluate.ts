import type { Leaf, Plan, RunFacts, SpanFacts } from './plan.ts';

/**
 * Runs match as a whole: some one span has all that is asked of spans, and what is left out is left out of
 * the run. So a list of runs without a term and one with it are all runs together, and
 * `span.status:error tool:search` is about a search that failed, not about a search and some failure.
 */
export type LeftOut = ReadonlyMap<Plan, boolean>;

/** What a run's own fields say; undefined where its spans must be asked. */
export function runSays(plan: Plan, run: RunFacts, leftOut?: LeftOut): boolean | undefined {
  if (plan.kind === 'leaf') return plan.run(run);
  if (plan.kind === 'not') {
    const known = leftOut?.get(plan);
    if (known !== undefined) return known;
    const said = runSays(plan.part, run, leftOut);
    return said === undefined ? undefined : !said;
  }
  const settling = plan.kind === 'or';
  let open = false;
  for (const part of plan.parts) {
    const said = runSays(part, run, leftOut);
    if (said === settling) return settling;
    if (said === undefined) open = true;
  }
  return open ? undefined : !settling;
}

/**
 * Whether a span, in its run, has what is asked for.
 *
 * @param leftOut what holds of each `not` for the run as a whole; absent: each is about the span itself
 */
export function spanMatches(
  plan: Plan,
  run: RunFacts,
  span: SpanFacts,
  leftOut?: LeftOut,
): boolean {
  switch (plan.kind) {
    case 'leaf':
      return plan.run(run) ?? plan.span(span);
    case 'not':
      return leftOut?.get(plan) ?? !spanMatches(plan.part, run, span, leftOut);
    case 'and':
      return plan.parts.every(part => spanMatches(part, run, span, leftOut));
    case 'or':
      return plan.parts.some(part => spanMatches(part, run, span, leftOut));
  }
}

/** The outermost parts that leave something out. */
export function negations(plan: Plan): readonly Extract<Plan, { kind: 'not' }>[] {
  if (plan.kind === 'leaf') return [];
  return plan.kind === 'not' ? [plan] : plan.parts.flatMap(negations);
}

/** Terms about spans that are asked for, not left out. */
export function askedOfSpans(plan: Plan): readonly Leaf[] {
  if (plan.kind === 'leaf') return plan.level === 'run' ? [] : [plan];
  return plan.kind === 'not' ? [] : plan.parts.flatMap(askedOfSpans);
}

/** Texts that every span that matches holds, save those that its run has. */
export function neededTexts(plan: Plan, run: RunFacts): readonly Leaf[] {
  if (plan.kind === 'leaf') return plan.sought && plan.run(run) !== true ? [plan] : [];
  return plan.kind === 'and' ? plan.parts.flatMap(part => neededTexts(part, run)) : [];
}

export function leavesOf(plan: Plan): readonly Leaf[] {
  if (plan.kind === 'leaf') return [plan];
  return plan.kind === 'not' ? leavesOf(plan.part) : plan.parts.flatMap(leavesOf);
}
