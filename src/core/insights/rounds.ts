import { type Steps, stepSize } from '../steps.ts';
import type { Node } from '../tree.ts';
import type { RunEvidence } from './evidence.ts';
import type { CallFacts, ResultFacts } from './facts.ts';
import { calledName } from './factsOf.ts';
import { hashOf } from './hash.ts';

/** A call of a tool among others: whether it is the same as another, and whether it came to the same. */
export interface ToolCall {
  readonly node: Node;
  readonly name: string;
  /** Tool and input; undefined where the input was not recorded. */
  readonly key: string | undefined;
  readonly failed: boolean;
  /** What came of it, as far as it was recorded. */
  readonly outcome: string;
  readonly result: ResultFacts | undefined;
}

/** What was called on one answer of the model; each call once. */
export interface Round {
  readonly calls: ToolCall[];
  /** Nothing at all ran for a while before it: somebody waited. */
  readonly waited: boolean;
}

const pauseMs = 3000;

/** A tool that lets time pass. */
export const onlyWaits = (name: string): boolean =>
  /^(?:sleep|wait|delay|pause|backoff)(?![a-z])/i.test(name);

export function toolCall(node: Node, evidence: RunEvidence): ToolCall {
  const tool = evidence.facts(node.span).tool;
  const name = calledName(node.span);
  const failed = node.span.status === 'error';
  const result = tool?.result;
  return {
    node,
    name,
    key: tool?.input === undefined ? undefined : hashOf(`${name}\n${tool.input}`),
    failed,
    outcome: failed ? `failed ${node.span.error ?? ''}` : (result?.hash ?? ''),
    result,
  };
}

/**
 * The rounds of a scope. The same call again within a round is a round of its own, unless the answer asked for
 * it more than once, both ran side by side, or it is a further attempt of one that failed.
 */
export function* roundsOf(scope: readonly Node[], evidence: RunEvidence): Steps<readonly Round[]> {
  const rounds: Round[] = [];
  let round: (Round & { readonly at: Map<string, number> }) | undefined;
  let lastEnd = Number.POSITIVE_INFINITY;
  let waited = false;
  // Calls of the same tool and input that the latest answer asked for and that are still to come.
  let owed = new Map<string, number>();
  const begin = (): Round & { readonly at: Map<string, number> } => {
    const begun = { calls: [], waited, at: new Map<string, number>() };
    rounds.push(begun);
    round = begun;
    waited = false;
    return begun;
  };
  let walked = 0;
  for (const node of scope) {
    if (++walked % stepSize === 0) yield;
    const { start = 0, end = start } = node.span;
    waited ||= start - lastEnd >= pauseMs;
    lastEnd = Number.isFinite(lastEnd) ? Math.max(lastEnd, end) : end;
    if (node.span.kind === 'llm') {
      if (node.span.status === 'error') continue;
      owed = askedFor(evidence.facts(node.span).call);
      round = undefined;
      continue;
    }
    const call = toolCall(node, evidence);
    const { key } = call;
    let into = round ?? begin();
    if (key !== undefined) {
      const at = into.at.get(key);
      const left = (owed.get(key) ?? 0) - 1;
      owed.set(key, left);
      if (at !== undefined) {
        const before = into.calls[at];
        if (before && (left >= 0 || before.failed || overlap(before.node, node))) {
          into.calls[at] = call;
          continue;
        }
        into = begin();
      }
      into.at.set(key, into.calls.length);
    }
    into.calls.push(call);
  }
  return rounds;
}

function askedFor(asked: CallFacts | undefined): Map<string, number> {
  const owed = new Map<string, number>();
  for (const { name, input } of asked?.toolUses ?? []) {
    if (input === undefined) continue;
    const key = hashOf(`${name}\n${input}`);
    owed.set(key, (owed.get(key) ?? 0) + 1);
  }
  return owed;
}

const overlap = (before: Node, node: Node): boolean =>
  node.span.start !== undefined &&
  before.span.start !== undefined &&
  node.span.start < (before.span.end ?? Number.POSITIVE_INFINITY);
