import { formatCost, formatDuration, formatTokens, integer } from '../format.ts';
import type { Ms, Usd } from '../model.ts';
import { priceOf, ratesOf } from '../prices.ts';
import { inputTokens } from '../usage.ts';
import { type Dialogue, dialoguesOf, type ModelCall } from './dialogues.ts';
import type { Context, Detector, RunEvidence } from './evidence.ts';
import type { PromptPart } from './facts.ts';
import { type Insight, mostSpans, type Said } from './insight.ts';
import { say } from './say.ts';

/** How long a cache lives after its last use: https://platform.claude.com/docs/en/build-with-claude/prompt-caching */
const shortLife: Ms = 5 * 60_000;
const longLife: Ms = 60 * 60_000;
/** The smallest prompt that any model caches. */
const leastCached = 1024;
/** Where only reads were recorded: the largest size below which one of the models does not cache. */
const surelyCached = 4096;
const worthWarning = 10_000;
const mostFound = 10;

/** What should have been read from the cache and was not. */
interface Miss {
  readonly turn: ModelCall;
  readonly before: ModelCall;
  readonly expected: number;
  readonly read: number;
  readonly change: Change;
}

/**
 * `again`: messages that came after the change are given again; an answer that takes another way gives others.
 * `unchanged`: it begins with all of the earlier prompt. `unknown`: not both prompts were recorded.
 */
type Change =
  | { readonly of: 'unchanged' | 'unknown' }
  | { readonly of: 'tools' | 'system'; readonly again: boolean }
  | { readonly of: 'message'; readonly number: number; readonly again: boolean };

/** Calls that went on from an earlier one soon after it, and yet did not read what it left in the cache. */
export const findCacheMisses: Detector = function* (evidence, { prices }) {
  const misses = new Map<string, Miss[]>();
  const pairs = [...dialoguesOf(evidence).flatMap(neighbours), ...fixedParts(evidence)];
  let walked = 0;
  for (const { before, turn, cachedLong } of pairs) {
    if (++walked % 512 === 0) yield;
    const miss = missOf(before, turn, cachedLong);
    if (!miss) continue;
    const key = `${turn.span.name}\u0000${turn.span.model}\u0000${miss.change.of}`;
    const same = misses.get(key);
    if (same) same.push(miss);
    else misses.set(key, [miss]);
  }
  return [...misses.values()].slice(0, mostFound).map(group => insightOf(evidence, group, prices));
};

interface Pair {
  readonly before: ModelCall;
  readonly turn: ModelCall;
  /** The conversation wrote to a cache that lives for an hour. */
  readonly cachedLong: boolean;
}

function neighbours(dialogue: Dialogue): readonly Pair[] {
  const cachedLong = dialogue.some(({ span }) => (span.usage.cacheWrite1h ?? 0) > 0);
  return dialogue.slice(1).flatMap((turn, at) => {
    const before = dialogue[at];
    return before ? [{ before, turn, cachedLong }] : [];
  });
}

/**
 * Conversations of one agent that begin anew, each with almost the same instructions: a date or an id in
 * them has each written to the cache again.
 */
function fixedParts(evidence: RunEvidence): readonly Pair[] {
  const last = new Map<string, ModelCall>();
  const pairs: Pair[] = [];
  for (const [turn] of dialoguesOf(evidence)) {
    if (!turn) continue;
    const place = `${turn.node.parent?.span.spanId} ${turn.span.name}`;
    const before = last.get(place);
    last.set(place, turn);
    if (!before || (before.span.end ?? 0) > (turn.span.start ?? 0) + 1) continue;
    const [a, b] = [partOf(before, 'system'), partOf(turn, 'system')];
    if (!a || !b || a.hash === b.hash || a.chars < leastCached * 3) continue;
    const alike = Math.abs(a.chars - b.chars) <= 0.02 * a.chars;
    const tools = partOf(before, 'tools')?.hash === partOf(turn, 'tools')?.hash;
    if (alike && tools) pairs.push({ before, turn, cachedLong: false });
  }
  return pairs;
}

const partOf = ({ facts }: ModelCall, part: PromptPart['part']): PromptPart | undefined =>
  facts?.prompt.find(one => one.part === part);

function missOf(before: ModelCall, turn: ModelCall, cachedLong: boolean): Miss | undefined {
  const [earlier, later] = [before.span, turn.span];
  const read = later.usage.cacheRead;
  const all = inputTokens(later.usage);
  if (read === undefined || all === undefined || earlier.model !== later.model) return undefined;
  // A cache that the earlier call only read lives on from its start.
  const pause = (later.start ?? Number.NaN) - (earlier.start ?? Number.NaN);
  if (!(pause < (cachedLong ? longLife : shortLife))) return undefined;
  // Of a cache of both lives, what is left of it does not show.
  if (pause >= shortLife && (earlier.usage.cacheWrite5m ?? 0) > 0) return undefined;
  const expected = Math.min(all, leftInCache(before, turn));
  const lost = expected - read;
  if (expected < leastCached || lost < leastCached) return undefined;
  const change = changeOf(before, turn);
  // What comes before a changed part is still read. Where no part changed, a smaller loss has reasons of the
  // provider's own.
  if (!('again' in change && change.again) && read >= expected / 2) return undefined;
  const earlierAll = inputTokens(earlier.usage) ?? 0;
  // What was taken out of a conversation to save more than it has to be paid for again was meant.
  if (turn.messages.length > 0 && earlierAll - all >= lost) return undefined;
  // Without the prompts, only one that is at least as long may go on from the other.
  if (change.of === 'unknown' && all < 0.9 * earlierAll) return undefined;
  return { turn, before, expected, read, change };
}

/** Tokens that a call left in the cache; 0 where it does not show. */
function leftInCache({ span, facts }: ModelCall, later: ModelCall): number {
  const { cacheRead = 0, cacheWrite5m, cacheWrite1h } = span.usage;
  if (cacheWrite5m !== undefined || cacheWrite1h !== undefined || cacheRead > 0) {
    return cacheRead + (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0);
  }
  // A recorder that leaves writes out, beside a request that asks for them.
  const asked = facts?.asksForCache && later.facts?.asksForCache;
  const all = inputTokens(span.usage) ?? 0;
  return asked && span.usage.cacheRead !== undefined && all >= 2 * surelyCached ? all / 2 : 0;
}

/** The first part of the earlier prompt that the later one does not have in its place. */
function changeOf(before: ModelCall, turn: ModelCall): Change {
  const [old, now] = [before.facts?.prompt ?? [], turn.facts?.prompt ?? []];
  if (old.length === 0 || now.length === 0) return { of: 'unknown' };
  const hashes = new Set(turn.messages.map(({ hash }) => hash));
  const again = (from: number): boolean =>
    before.messages.some(({ at, hash }) => at >= from && hashes.has(hash));
  for (const part of ['tools', 'system'] as const) {
    if (partOf(before, part)?.hash !== partOf(turn, part)?.hash)
      return { of: part, again: again(0) };
  }
  const places = new Map(now.map(one => [one.at, one.hash]));
  const first = old.findIndex(({ at, hash }) => places.has(at) && places.get(at) !== hash);
  const changed = old[first];
  if (!changed) return { of: 'unchanged' };
  const messagesFrom = old.find(({ part }) => part === 'message')?.at ?? 0;
  return { of: 'message', number: changed.at - messagesFrom + 1, again: again(changed.at + 1) };
}

const wordOf = {
  tools: 'insightCacheMissTools',
  system: 'insightCacheMissSystem',
  message: 'insightCacheMissMessage',
  unchanged: 'insightCacheMissUnchanged',
  unknown: 'insightCacheMissUnknown',
} as const;

function insightOf(
  { run }: RunEvidence,
  group: readonly Miss[],
  prices: Context['prices'],
): Insight {
  const [first] = group;
  if (!first) throw new RangeError('an insight is about at least one call');
  const { turn, before, change, read, expected } = first;
  const lost = group.reduce((sum, one) => sum + one.expected - one.read, 0);
  const cost = lostCost(group, prices);
  const pause = (turn.span.start ?? 0) - (before.span.end ?? before.span.start ?? 0);
  const evidence: Said[] = [
    ...(group.length > 1 ? [say('evidenceCacheMisses', integer(group.length))] : []),
    say('evidenceCacheLost', formatTokens(lost)),
    ...(cost === undefined ? [] : [say('evidenceCacheLostCost', formatCost(cost))]),
    say('evidenceCachePause', formatDuration(Math.max(0, pause))),
  ];
  return {
    type: 'cache-miss',
    severity:
      lost >= worthWarning || (group.length > 1 && lost >= expectedOf(group) / 2)
        ? 'warning'
        : 'info',
    runId: run.runId,
    spanIds: [...group.map(one => one.turn.span.spanId), before.span.spanId].slice(0, mostSpans),
    said: say(
      wordOf[change.of],
      integer(turn.number),
      formatTokens(read),
      formatTokens(expected),
      integer(before.number),
      ...(change.of === 'message' ? [integer(change.number)] : []),
    ),
    evidence,
  };
}

const expectedOf = (group: readonly Miss[]): number =>
  group.reduce((sum, one) => sum + one.expected, 0);

/** What reading it would have saved, by the price table; undefined where a price is not known. */
function lostCost(group: readonly Miss[], prices: Context['prices']): Usd | undefined {
  let sum = 0;
  for (const { turn, expected, read } of group) {
    const { model, start, usage } = turn.span;
    const price = model === undefined ? undefined : priceOf(model, start, prices);
    if (!price) return undefined;
    const rates = ratesOf(usage, price);
    const paid = (usage.cacheWrite5m ?? 0) > 0 ? rates.cacheWrite5m : rates.input;
    sum += ((expected - read) * (paid - rates.cacheRead)) / 1e6;
  }
  return sum > 0 ? sum : undefined;
}
