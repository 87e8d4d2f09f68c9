import type { Span } from '../model.ts';
import { finish, type Steps, sortSteps, stepSize } from '../steps.ts';
import type { Node } from '../tree.ts';
import type { RunEvidence } from './evidence.ts';
import type { CallFacts, PromptPart } from './facts.ts';
import { isCall } from './usualOf.ts';

/** A model call with what it was given. */
export interface ModelCall {
  readonly node: Node;
  readonly span: Span;
  readonly facts: CallFacts | undefined;
  /** Messages of its prompt without those of the system; empty where no prompt was recorded. */
  readonly messages: readonly PromptPart[];
  /** Its place among the run's calls, counted from 1. */
  readonly number: number;
}

/** Calls of one conversation by time: each was given what the one before was given, and more. */
export type Dialogue = readonly ModelCall[];

const keptDialogues = new WeakMap<RunEvidence, readonly Dialogue[]>();
const keptTurns = new WeakMap<RunEvidence, readonly ModelCall[]>();

/** The conversations of a run, in the order in which they began. Calls that failed are left out. */
export const dialoguesOf = (evidence: RunEvidence): readonly Dialogue[] =>
  keptDialogues.get(evidence) ?? finish(dialogueSteps(evidence));

/** Finds the calls and the conversations, which are kept then. */
export function* dialogueSteps(evidence: RunEvidence): Steps<readonly Dialogue[]> {
  const made = yield* findDialogues(yield* callSteps(evidence), evidence);
  keptDialogues.set(evidence, made);
  return made;
}

/** The model calls of a run by time, also those that failed. A span around a call is none. */
export const modelCalls = (evidence: RunEvidence): readonly ModelCall[] =>
  keptTurns.get(evidence) ?? finish(callSteps(evidence));

function* callSteps(evidence: RunEvidence): Steps<readonly ModelCall[]> {
  const known = keptTurns.get(evidence);
  if (known) return known;
  const calls: Node[] = [];
  for (const node of evidence.tree.ordered) {
    if (isCall(node.span) && !wraps(node)) calls.push(node);
    if (node.order % stepSize === 0) yield;
  }
  const made: ModelCall[] = [];
  const byStart = (a: Node, b: Node): number =>
    (a.span.start ?? 0) - (b.span.start ?? 0) || a.order - b.order;
  for (const node of yield* sortSteps(calls, byStart)) {
    const facts = evidence.facts(node.span).call;
    const messages = facts?.prompt.filter(one => one.part === 'message' && !isSystem(one)) ?? [];
    made.push({ node, span: node.span, facts, messages, number: made.length + 1 });
    if (made.length % stepSize === 0) yield;
  }
  keptTurns.set(evidence, made);
  return made;
}

const wraps = (node: Node): boolean => node.children.some(child => isCall(child.span));

/** The prompt's own instructions: a field of the request, or messages with a role for it. */
export const isSystem = ({ part, role }: PromptPart): boolean =>
  part === 'system' || role === 'system' || role === 'developer';

interface Open {
  readonly turns: ModelCall[];
  hashes: ReadonlySet<string>;
}

/** Of many that run beside one another, the latest are looked at. */
const mostCandidates = 8;

function* findDialogues(
  turns: readonly ModelCall[],
  evidence: RunEvidence,
): Steps<readonly Dialogue[]> {
  const all: Open[] = [];
  const byPlace = new Map<string, Open[]>();
  const byFirst = new Map<string, Open[]>();
  const branches = branchesOf(evidence);
  for (const turn of turns) {
    if (turn.number % 512 === 0) yield;
    if (turn.span.status === 'error') continue;
    const place = `${branches(turn.node)} ${withoutNumbers(turn.span.name)}`;
    const first = turn.messages[0]?.hash;
    const begunAlike = first === undefined ? [] : (byFirst.get(first) ?? []);
    let open = continued(turn, begunAlike) ?? continued(turn, byPlace.get(place) ?? []);
    if (!open) {
      open = { turns: [], hashes: new Set() };
      all.push(open);
    }
    open.turns.push(turn);
    open.hashes = new Set(turn.messages.map(one => one.hash));
    remember(byPlace, place, open);
    if (first !== undefined) remember(byFirst, first, open);
  }
  return all.map(({ turns }) => turns);
}

function remember(map: Map<string, Open[]>, key: string, open: Open): void {
  const others = (map.get(key) ?? []).filter(one => one !== open);
  map.set(key, [...others, open].slice(-mostCandidates));
}

/** The one that a call goes on from: with the most messages in common, the latest of several. */
function continued(turn: ModelCall, near: readonly Open[]): Open | undefined {
  let best: Open | undefined;
  let most = 0;
  for (const open of near) {
    const last = open.turns.at(-1);
    if (!last || !endedBefore(last.span, turn.span)) continue;
    if (turn.messages.length === 0 || last.messages.length === 0) {
      if (turn.messages.length === last.messages.length && most === 0) best = open;
      continue;
    }
    const shared = turn.messages.filter(one => open.hashes.has(one.hash)).length;
    const same = turn.messages[0]?.hash === last.messages[0]?.hash;
    if (shared === 0 || (!same && shared * 2 < last.messages.length)) continue;
    if (shared >= most) [best, most] = [open, shared];
  }
  return best;
}

// Times are recorded as seconds in 64 bits, and an end is often made of a start and a duration.
const endedBefore = (a: Span, b: Span): boolean => (a.end ?? a.start ?? 0) <= (b.start ?? 0) + 1;

const withoutNumbers = (name: string): string => name.slice(0, 300).replace(/\d+/g, '#');

/**
 * Where a call stands, for calls whose prompts are not known: below its parent; where that holds no other call,
 * as a step of an agent does, below what holds the steps.
 */
function branchesOf({ tree }: RunEvidence): (node: Node) => string {
  const calls = new Uint32Array(tree.ordered.length);
  for (let row = tree.ordered.length - 1; row >= 0; row--) {
    const node = tree.ordered[row];
    if (!node) continue;
    if (isCall(node.span)) calls[row] = (calls[row] ?? 0) + 1;
    if (node.parent) {
      const above = node.parent.order;
      calls[above] = (calls[above] ?? 0) + (calls[row] ?? 0);
    }
  }
  return node => {
    const { parent } = node;
    if (!parent) return '';
    if ((calls[parent.order] ?? 0) > 1 || !parent.parent) return parent.span.spanId;
    return `${parent.parent.span.spanId} ${withoutNumbers(parent.span.name)}`;
  };
}
