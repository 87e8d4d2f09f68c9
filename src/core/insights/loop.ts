import type { Context, Detector, RunEvidence } from './evidence.ts';
import type { Insight } from './insight.ts';
import { onlyWaits, type Round, roundsOf, type ToolCall } from './rounds.ts';
import { insight, quoted, say } from './say.ts';
import { scopesOf } from './scopes.ts';

/** A ring of more different calls than this is work that was done again, not a loop. */
const longestRing = 6;
/** What waits for something else, or moves on without its input saying so, may be called so much oftener. */
const patience = 4;

/**
 * Agents that go round in circles: rounds that bring nothing new, one after another. New is a call that was
 * not made before, and one that comes to something else than it did the last time.
 */
export const findLoops: Detector = function* (evidence, context) {
  const found: Insight[] = [];
  for (const scope of scopesOf(evidence.tree)) {
    yield;
    for (const ring of ringsOf(yield* roundsOf(scope, evidence))) {
      const loop = loopOf(ring, evidence, context);
      if (loop) found.push(loop);
      if (found.length >= mostLoops) return found;
    }
  }
  return found;
};

const mostLoops = 50;

interface Ring {
  /** By call. */
  readonly calls: Map<string, ToolCall[]>;
  /** A call that only waits was among them, or most rounds began after a pause. */
  readonly waits: boolean;
  /** It went on to the end of what its agent did. */
  readonly last: boolean;
}

function* ringsOf(rounds: readonly Round[]): Generator<Ring> {
  const seen = new Map<string, { call: ToolCall; at: number }>();
  let ring: Map<string, ToolCall[]> | undefined;
  let [at, began, pauses, sleeps] = [0, 0, 0, 0];
  const ringOf = (calls: Map<string, ToolCall[]>, last: boolean): Ring => ({
    calls,
    waits: sleeps > 0 || pauses * 2 >= at - began,
    last,
  });
  for (const { calls, waited } of rounds) {
    const working = calls.filter(call => !onlyWaits(call.name));
    if (working.length < calls.length) sleeps++;
    if (working.length === 0) continue;
    const changed = working.filter(({ key, outcome }) => {
      const before = key === undefined ? undefined : seen.get(key);
      return before?.call.outcome !== outcome;
    });
    if (changed.length > 0) {
      // Waiting that came to an end, or a retry that succeeded, was no loop.
      const paidOff = changed.some(
        call => call.key !== undefined && ring?.has(call.key) && !call.failed,
      );
      if (ring && !paidOff) yield ringOf(ring, false);
      ring = undefined;
      [pauses, sleeps] = [0, working.length < calls.length ? 1 : 0];
    } else {
      if (!ring) began = at;
      ring ??= new Map();
      if (waited) pauses++;
      for (const call of working) addTo(ring, call, seen, at);
    }
    for (const call of working) if (call.key !== undefined) seen.set(call.key, { call, at });
    at++;
  }
  if (ring) yield ringOf(ring, true);
}

function addTo(
  ring: Map<string, ToolCall[]>,
  call: ToolCall,
  seen: ReadonlyMap<string, { call: ToolCall; at: number }>,
  at: number,
): void {
  const { key = '' } = call;
  const calls = ring.get(key);
  if (calls) {
    calls.push(call);
    return;
  }
  const before = seen.get(key);
  ring.set(key, before && at - before.at <= longestRing ? [before.call, call] : [call]);
}

function loopOf(ring: Ring, evidence: RunEvidence, context: Context): Insight | undefined {
  const byCall = [...ring.calls.values()];
  const times = Math.max(...byCall.map(calls => calls.length));
  const { loopRepeats } = context.thresholds;
  if (byCall.length > longestRing || times < loopRepeats) return undefined;
  const firsts = byCall.flatMap(([first]) => first ?? []);
  const waits = ring.waits || firsts.some(isPending);
  if ((waits || firsts.every(movesOn)) && times < loopRepeats * patience) return undefined;
  const all = byCall.flat().sort((a, b) => a.node.order - b.node.order);
  const nodes = all.map(call => call.node);
  const bad = ring.last && evidence.run.status === 'error';
  const severity = bad || times >= loopRepeats * patience ? 'error' : 'warning';
  return insight(evidence, 'loop', severity, nodes, said(byCall, times, all, waits), [
    say('evidenceCalls', all.length),
    ...firsts.slice(0, longestRing).map(call => inputOf(call, evidence)),
  ]);
}

function said(
  byCall: readonly (readonly ToolCall[])[],
  times: number,
  all: readonly ToolCall[],
  waits: boolean,
) {
  const [first] = all;
  const name = quoted(first?.name ?? '');
  if (byCall.length > 1) {
    const names = byCall.map(([call]) => quoted(call?.name ?? '', 40));
    return say('insightLoopRing', names.join(' → '), times);
  }
  if (all.every(call => call.failed)) return say('insightLoopFailed', name, times);
  if (waits) return say('insightLoopWaits', name, times);
  if (all.every(call => call.result === undefined)) return say('insightLoopInput', name, times);
  if (all.every(call => call.result?.shape === 'nothing'))
    return say('insightLoopEmpty', name, times);
  return say('insightLoopSame', name, times);
}

const inputOf = (call: ToolCall, evidence: RunEvidence) =>
  say(
    'evidenceInput',
    quoted(call.name),
    quoted(evidence.facts(call.node.span).tool?.input ?? '', 120),
  );

const pending =
  /\b(?:pending|queued|running|building|indexing|uploading|syncing|submitted|in[\s_-]?progress|processing|not[\s_-](?:yet[\s_-])?(?:ready|done|finished|complete)|waiting|starting|scheduled|deploying|provisioning|initiali[sz]ing)\b/i;
const polls =
  /(?:^|[\s._-])(?:poll|status|progress|health|watch|await|is_?(?:ready|done))(?:$|[\s._-])|Status$/i;

/** It asks how something else is doing. */
const isPending = ({ name, result }: ToolCall): boolean =>
  (result !== undefined && result.chars < 2000 && pending.test(result.begin)) || polls.test(name);

const moving =
  /(?:^|[\s._-])(?:scroll|press|key|click|tap|swipe|next|previous|prev|page_?down|page_?up|tick|advance|undo|redo|step|move|go_?back|continue)(?:$|[\s._-])/i;

/** The same input does something else each time: it scrolls on, or presses a key again. */
const movesOn = ({ name, failed }: ToolCall): boolean => !failed && moving.test(name);
