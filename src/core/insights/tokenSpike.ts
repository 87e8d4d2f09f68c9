import { formatShare, formatTokens, integer } from '../format.ts';
import { isToolCall } from '../kind.ts';
import type { Span } from '../model.ts';
import { type Steps, sortSteps, stepSize } from '../steps.ts';
import { charsPerToken } from '../tokens.ts';
import type { Node } from '../tree.ts';
import { inputTokens } from '../usage.ts';
import { dialoguesOf, type ModelCall, modelCalls } from './dialogues.ts';
import type { Detector, RunEvidence } from './evidence.ts';
import { calledName } from './factsOf.ts';
import { type Insight, mostSpans } from './insight.ts';
import { type Baseline, unusuallyHigh, without } from './robust.ts';
import { nameOfSpan, say } from './say.ts';
import { formatTimes } from './times.ts';

/** A result that is so large costs something with each call that it is given to. */
const leastTokens = 2000;
/** Results looked at as to whether they were given to a call, largest first. */
const mostCandidates = 100;
const mostTools = 10;

interface Result {
  readonly node: Node;
  readonly chars: number;
}

interface Spike extends Result {
  readonly base: Baseline;
  readonly fed: Fed;
}

/** A call that a result was given to. */
interface Fed {
  readonly turn: ModelCall;
  readonly tokens: number;
  readonly share: number;
}

/** A result of a tool that is several times as large as usual, and was given to the next call. */
export const findTokenSpikes: Detector = function* (evidence, { usual, thresholds }) {
  const spikes = new Map<string, Spike[]>();
  let looked = 0;
  for (const [tool, results] of yield* resultsByTool(evidence)) {
    // Most tools have none: what is usual for each of thousands would take long to tell.
    if (!results.some(isLarge)) continue;
    const history = usual.tool(tool).resultChars;
    const sorted = yield* sortSteps(results, (a, b) => b.chars - a.chars);
    const own =
      history.length >= thresholds.leastHistory
        ? undefined
        : Float64Array.from(sorted, one => one.chars).reverse();
    for (const [rank, result] of sorted.entries()) {
      yield;
      if (!isLarge(result) || looked >= mostCandidates) break;
      const sample = own ? without(own, own.length - 1 - rank) : history;
      const base = unusuallyHigh(
        result.chars,
        sample,
        thresholds.spikeFactor,
        thresholds.leastHistory,
        leastTokens,
      );
      if (!base) break;
      looked++;
      const fed = fedTo(evidence, result);
      if (!fed || fed.tokens - base.median / charsPerToken < leastTokens) continue;
      const spike = { ...result, base, fed };
      const same = spikes.get(tool);
      if (same) same.push(spike);
      else spikes.set(tool, [spike]);
    }
  }
  return [...spikes.values()].slice(0, mostTools).map(found => insightOf(evidence, found));
};

function* resultsByTool({ tree, facts }: RunEvidence): Steps<Map<string, Result[]>> {
  const found = new Map<string, Result[]>();
  for (const node of tree.ordered) {
    const { span } = node;
    if (node.order % stepSize === 0) yield;
    if (!isToolCall(span)) continue;
    const chars = facts(span).tool?.result?.chars;
    if (chars === undefined) continue;
    const same = found.get(calledName(span));
    if (same) same.push({ node, chars });
    else found.set(calledName(span), [{ node, chars }]);
  }
  return found;
}

const isLarge = ({ chars }: Result): boolean => chars >= leastTokens * charsPerToken;

/** The first call after a result that was given it, where the calls' prompts or counts show that it was. */
function fedTo(evidence: RunEvidence, { node, chars }: Result): Fed | undefined {
  const after = node.span.end ?? node.span.start;
  if (after === undefined) return undefined;
  const turn = nextTurn(evidence, node, after);
  const all = turn && inputTokens(turn.span.usage);
  if (!turn || !all) return undefined;
  const tokens = givenTokens(evidence, turn, chars, all);
  if (tokens === undefined) return undefined;
  const share = Math.min(1, tokens / all);
  return share < 0.1 ? undefined : { turn, tokens, share };
}

/** The next call on the result's own branch: below its parent, else below what holds the parent. */
function nextTurn(evidence: RunEvidence, node: Node, after: number): ModelCall | undefined {
  const turns = turnsByParent(evidence);
  let at: Node | undefined = node;
  for (let level = 0; at && level < 4; level++) {
    const found = turns.get(at.parent)?.find(turn => (turn.span.start ?? 0) >= after - 1);
    if (found) return found;
    at = at.parent;
  }
  return undefined;
}

const keptTurns = new WeakMap<RunEvidence, ReadonlyMap<Node | undefined, readonly ModelCall[]>>();

/** Calls below a span, and below its children that hold nothing else to look into. */
function turnsByParent(evidence: RunEvidence): ReadonlyMap<Node | undefined, readonly ModelCall[]> {
  const known = keptTurns.get(evidence);
  if (known) return known;
  const made = new Map<Node | undefined, ModelCall[]>();
  for (const turn of modelCalls(evidence)) {
    if (turn.span.status === 'error') continue;
    // A step of an agent holds its call; the step before it holds the result.
    for (const place of [turn.node.parent, turn.node.parent?.parent]) {
      if (place === undefined) continue;
      const same = made.get(place);
      if (same) same.push(turn);
      else made.set(place, [turn]);
    }
  }
  keptTurns.set(evidence, made);
  return made;
}

function givenTokens(
  evidence: RunEvidence,
  turn: ModelCall,
  chars: number,
  all: number,
): number | undefined {
  const dialogue = dialoguesOf(evidence).find(turns => turns.includes(turn));
  const before = dialogue?.[dialogue.indexOf(turn) - 1];
  const letters = turn.facts?.promptChars ?? 0;
  if (letters > 0) {
    // What was cut before it was given is not what was given.
    const held = heldBy(turn, before);
    return held < chars / 2 ? undefined : Math.round((all * Math.min(chars, held)) / letters);
  }
  const grown = all - (before ? (inputTokens(before.span.usage) ?? 0) : 0);
  const estimate = chars / charsPerToken;
  return grown < estimate / 2 ? undefined : Math.round(Math.min(estimate, grown));
}

/** The longest result in what a call was given for the first time; of an agent that writes results as text, the longest text. */
function heldBy(turn: ModelCall, before: ModelCall | undefined): number {
  const old = new Set(before?.messages.map(one => one.hash));
  const fresh = turn.messages.filter(one => !old.has(one.hash));
  const hasResults = (turn.facts?.promptResultChars ?? 0) > 0;
  return fresh.reduce((most, one) => Math.max(most, hasResults ? one.resultChars : one.chars), 0);
}

function insightOf({ run }: RunEvidence, spikes: readonly Spike[]): Insight {
  const [first] = spikes;
  if (!first) throw new RangeError('an insight is about at least one result');
  const { base, chars, fed, node } = first;
  const tool = nameOfSpan(node.span);
  const end = [formatTokens(fed.tokens), formatShare(fed.share), integer(fed.turn.number)];
  const spans: readonly Span[] = [
    node.span,
    fed.turn.span,
    ...spikes.slice(1).map(s => s.node.span),
  ];
  return {
    type: 'token-spike',
    severity: fed.share >= 0.25 || fed.tokens >= 20_000 ? 'warning' : 'info',
    runId: run.runId,
    spanIds: spans.slice(0, mostSpans).map(span => span.spanId),
    said:
      base.times === undefined || base.median < 1
        ? say(
            'insightTokenSpikeFromNothing',
            tool,
            integer(chars),
            integer(base.count),
            integer(base.median),
            ...end,
          )
        : say(
            'insightTokenSpike',
            tool,
            integer(chars),
            formatTimes(base.times),
            integer(base.median),
            integer(base.count),
            ...end,
          ),
    evidence: [
      say(
        'evidenceInputOfCall',
        integer(fed.turn.number),
        formatTokens(inputTokens(fed.turn.span.usage) ?? 0),
      ),
      ...(spikes.length > 1 ? [say('evidenceResultsAlike', integer(spikes.length))] : []),
    ],
  };
}
