import type { Ms, Span } from '../model.ts';
import { type Steps, stepSize } from '../steps.ts';
import type { Context, RunEvidence } from './evidence.ts';
import type { SpanFacts } from './facts.ts';
import { calledName } from './factsOf.ts';
import { type High, median, usualHigh, without } from './robust.ts';
import type { RunTimes } from './runTimes.ts';
import type { Sample, Usual } from './usual.ts';
import { isCall, paceOf, took } from './usualOf.ts';

/** Nobody waits for less than this more. */
export const leastExcess: Ms = 500;

/** A span that took far longer than nearly all of its like. */
export interface Slow {
  readonly span: Span;
  readonly ms: Ms;
  readonly high: High;
}

/** Spans that wait for a person or are meant to wait: how long they take says nothing about the program. */
const meantToWait = /\b(?:sleep|wait|delay|human|approv\w*|confirm\w*|ask ?user|user ?input)\b/i;
const wordsOf = (span: Span): string => calledName(span).slice(0, 200).replace(/[_.-]/g, ' ');
export const waits = (span: Span): boolean => meantToWait.test(wordsOf(span));

/** How long these take is up to what they are given. */
const anything = /\b(?:bash|shell|terminal|exec|execute|run command|run code|python)\b/i;

export const runsAnything = (span: Span): boolean => anything.test(wordsOf(span));

/** By name, the one with the largest excess first. */
export function* slowSpans(
  evidence: RunEvidence,
  { usual, thresholds }: Context,
  { working }: RunTimes,
): Steps<readonly (readonly Slow[])[]> {
  const { leastHistory, latencyFactor } = thresholds;
  const { facts } = evidence;
  const awaitsPerson = facts(evidence.tree.root.span).mayAwaitPerson;
  const slow: Slow[][] = [];
  let groups = 0;
  for (const { spans, like } of yield* groupsOf(evidence, usual, working)) {
    if (++groups % 512 === 0) yield;
    const known = like.durations.length >= leastHistory;
    // Where the file has no other runs to compare with, the run's own spans of a name are.
    const slowest = known ? undefined : slowestOf(spans);
    if (slowest && !mayStandOut(slowest, spans.length - 1, leastHistory)) continue;
    const all = slowest && (yield* ownOf(spans));
    const group: Slow[] = [];
    for (const [rank, span] of (slowest ?? spans).entries()) {
      if (all || rank % stepSize === 0) yield;
      const ms = took(span) ?? 0;
      if (ms < leastExcess) continue;
      const high = usualHigh(all ? without(all.durations, all.last - rank) : like.durations);
      if (!high || high.count < Math.max(2, leastHistory)) break;
      if (ms <= latencyFactor * high.value || ms - high.value < leastExcess) continue;
      if (wroteMore(span, facts(span), (all ?? like).pace) || waits(span)) continue;
      // A transcript's tool may have waited for a permission.
      if (awaitsPerson && !isCall(span)) continue;
      group.push({ span, ms, high });
    }
    if (group.length > 0) slow.push(group.sort((a, b) => excess(b) - excess(a)));
  }
  return slow.sort((a, b) => excess(b[0]) - excess(a[0]));
}

const excess = (slow: Slow | undefined): Ms => (slow ? slow.ms - slow.high.value : 0);

interface Group {
  readonly spans: Span[];
  readonly like: { readonly durations: Sample; readonly pace: Sample };
}

/** Spans that do something themselves and have ended, by what they are compared with. */
function* groupsOf(
  { tree }: RunEvidence,
  usual: Usual,
  working: Uint8Array,
): Steps<readonly Group[]> {
  const calls = new Map<string, Group>();
  const others = new Map<string, Group>();
  for (const { span, order } of tree.ordered) {
    if (order % stepSize === 0) yield;
    if (!working[order] || took(span) === undefined) continue;
    const ofCall = isCall(span);
    const key = ofCall ? `${span.name}\u0000${span.model ?? ''}` : calledName(span);
    const groups = ofCall ? calls : others;
    const same = groups.get(key);
    if (same) same.spans.push(span);
    else {
      const like = ofCall
        ? usual.call(span.name, span.model)
        : { durations: usual.tool(key).durations, pace: [] };
      groups.set(key, { spans: [span], like });
    }
  }
  return [...calls.values(), ...others.values()];
}

/** Few can be far beyond all others. */
const mostOwn = 5;

/** Most names of a run are those of few spans, or of quick ones: these need not be sorted. */
const mayStandOut = ([longest]: readonly Span[], others: number, leastHistory: number): boolean =>
  others >= Math.max(2, leastHistory) &&
  longest !== undefined &&
  (took(longest) ?? 0) >= leastExcess;

/** Those that took longest, the longest first. */
function slowestOf(spans: readonly Span[]): readonly Span[] {
  const slowest: Span[] = [];
  for (const span of spans) {
    const last = slowest[mostOwn - 1];
    if (last && (took(span) ?? 0) <= (took(last) ?? 0)) continue;
    slowest.push(span);
    slowest.sort((a, b) => (took(b) ?? 0) - (took(a) ?? 0));
    slowest.length = Math.min(slowest.length, mostOwn);
  }
  return slowest;
}

interface Own {
  readonly durations: Float64Array;
  readonly pace: Float64Array;
  /** Where the longest stands. */
  readonly last: number;
}

function* ownOf(spans: readonly Span[]): Steps<Own> {
  const durations = new Float64Array(spans.length);
  const paces: number[] = [];
  for (const [at, span] of spans.entries()) {
    if (at % stepSize === 0) yield;
    durations[at] = took(span) ?? 0;
    const pace = paceOf(span);
    if (pace !== undefined) paces.push(pace);
  }
  durations.sort();
  yield;
  return { durations, pace: Float64Array.from(paces).sort(), last: spans.length - 1 };
}

const charsPerToken = 4;
/** Fewer tokens than a letter in so many are no count of them. */
const mostCharsPerToken = 8;
/** Of a transcript, a call of so many tokens wrote more than its like, if none of these tells a pace. */
const many = 100;

/** A call that wrote more took longer: its pace is as usual. */
function wroteMore(span: Span, { call }: SpanFacts, paces: Sample): boolean {
  const { output } = span.usage;
  const letters = call?.written;
  const isPlaceholder = letters !== undefined && letters > (output ?? 0) * mostCharsPerToken;
  const tokens = isPlaceholder ? letters / charsPerToken : output;
  const pace = paceOf({ ...span, usage: { output: tokens } });
  const usually = median(paces);
  if (pace === undefined || tokens === undefined) return false;
  if (usually === undefined) return letters !== undefined && tokens >= many;
  return pace <= 1.5 * usually;
}
