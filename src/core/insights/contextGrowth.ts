import { contextWindow } from '../contextWindows.ts';
import { formatShare, formatTokens, integer } from '../format.ts';
import { inputTokens } from '../usage.ts';
import { type Dialogue, dialoguesOf, isSystem, type ModelCall, modelCalls } from './dialogues.ts';
import type { Context, Detector, RunEvidence } from './evidence.ts';
import type { CallFacts } from './facts.ts';
import { type Insight, mostSpans, type Said } from './insight.ts';
import { usualHigh } from './robust.ts';
import { nameOfSpan, quoted, say } from './say.ts';

/** Calls whose inputs say that a conversation grows, rather than that one message was long. */
const leastCalls = 4;
const leastGrowth = 20_000;
/** So much more is dear with every further call, whatever the model takes. */
const muchGrowth = 100_000;
const mostFound = 10;

/** A conversation that fills the model's context, that failed on it, or that grows many times over. */
export const findContextGrowth: Detector = function* (evidence, context) {
  const found: Insight[] = [];
  let walked = 0;
  for (const dialogue of dialoguesOf(evidence)) {
    if (++walked % 512 === 0) yield;
    const insight = nearFull(evidence, dialogue, context) ?? growth(evidence, dialogue, context);
    if (insight) found.push(insight);
  }
  return [...tooLong(evidence), ...found].slice(0, mostFound);
};

// The APIs' own words for a prompt that is longer than the context. “Too many tokens, please wait” is a rate limit.
const tooLongError =
  /context_length_exceeded|prompt is too long|maximum context length|context window|input is too long|too many (?:input )?tokens(?![,;.]? (?:please )?(?:wait|try again|per (?:minute|day)))|exceeds? the (?:model'?s? )?(?:maximum|context)/i;

function tooLong(evidence: RunEvidence): readonly Insight[] {
  const { run } = evidence;
  const turns = modelCalls(evidence);
  const failed = turns.filter(
    ({ span }) => span.status === 'error' && tooLongError.test(span.error ?? ''),
  );
  const [first] = failed;
  if (!first) return [];
  return [
    {
      type: 'context-growth',
      severity: run.status === 'error' ? 'error' : 'warning',
      runId: run.runId,
      spanIds: failed.slice(0, mostSpans).map(({ span }) => span.spanId),
      said: say(
        'insightContextTooLong',
        integer(first.number),
        integer(turns.length),
        quoted(first.span.error ?? '', 120),
      ),
      evidence: partsSaid(first.facts),
    },
  ];
}

interface Sized {
  readonly turn: ModelCall;
  readonly tokens: number;
}

const sizesOf = (dialogue: Dialogue): readonly Sized[] =>
  dialogue.flatMap(turn => {
    const tokens = inputTokens(turn.span.usage);
    return tokens ? [{ turn, tokens }] : [];
  });

const largest = (sizes: readonly Sized[]): Sized | undefined =>
  sizes.reduce<Sized | undefined>(
    (best, one) => (best === undefined || one.tokens > best.tokens ? one : best),
    undefined,
  );

/** Tokens of the first call after the largest one that was given far fewer: the agent saw to it itself. */
function reducedTo(sizes: readonly Sized[], peak: Sized): number | undefined {
  const after = sizes.slice(sizes.indexOf(peak) + 1);
  return after.find(({ tokens }) => tokens < peak.tokens * 0.7)?.tokens;
}

function nearFull(
  evidence: RunEvidence,
  dialogue: Dialogue,
  { thresholds }: Context,
): Insight | undefined {
  const sizes = sizesOf(dialogue);
  const peak = largest(sizes);
  const model = peak?.turn.span.model;
  if (!peak || model === undefined) return undefined;
  const window = contextWindow(model, peak.tokens);
  if (window === undefined || peak.tokens < thresholds.contextShare * window) return undefined;
  const { turn, tokens } = peak;
  const reduced = reducedTo(sizes, peak);
  const results = resultsShare(turn.facts);
  const values = [
    integer(turn.number),
    integer(modelCalls(evidence).length),
    formatTokens(tokens),
    formatShare(tokens / window),
    formatTokens(window),
    quoted(model),
  ];
  return {
    type: 'context-growth',
    severity: reduced === undefined ? 'warning' : 'info',
    runId: evidence.run.runId,
    spanIds: spansOf(peak, sizes),
    said:
      results >= 0.4
        ? say('insightContextNearFullResults', ...values, formatShare(results))
        : say('insightContextNearFull', ...values),
    evidence: [
      ...partsSaid(turn.facts),
      ...(reduced === undefined ? [] : [say('evidenceContextReduced', formatTokens(reduced))]),
    ],
  };
}

function growth(
  { run }: RunEvidence,
  dialogue: Dialogue,
  { usual, thresholds }: Context,
): Insight | undefined {
  const sizes = sizesOf(dialogue);
  const peak = largest(sizes);
  const [first] = sizes;
  if (!peak || !first || sizes.indexOf(peak) + 1 < leastCalls) return undefined;
  const grown = peak.tokens - first.tokens;
  if (grown < leastGrowth || peak.tokens < thresholds.spikeFactor * first.tokens) {
    return undefined;
  }
  const { span, facts } = peak.turn;
  if (!rises(sizes.slice(0, sizes.indexOf(peak) + 1))) return undefined;
  const high = usualHigh(usual.call(span.name, span.model).inputTokens);
  const known = high !== undefined && high.count >= thresholds.leastHistory;
  if (known && peak.tokens < 1.5 * high.value) return undefined;
  const reduced = reducedTo(sizes, peak);
  const window = span.model === undefined ? undefined : contextWindow(span.model, peak.tokens);
  const halfFull = window !== undefined && peak.tokens > window / 2;
  const results = resultsShare(facts);
  const values = [
    nameOfSpan(span),
    formatTokens(first.tokens),
    formatTokens(peak.tokens),
    integer(sizes.indexOf(peak) + 1),
  ];
  return {
    type: 'context-growth',
    severity: reduced === undefined && (halfFull || grown >= muchGrowth) ? 'warning' : 'info',
    runId: run.runId,
    spanIds: spansOf(peak, sizes),
    said:
      results >= 0.4
        ? say('insightContextGrowthResults', ...values, formatShare(results))
        : say('insightContextGrowth', ...values),
    evidence: [
      ...partsSaid(facts),
      ...(known
        ? [
            say(
              'evidenceContextUsual',
              formatTokens(high.value),
              integer(high.percent),
              integer(high.count),
            ),
          ]
        : []),
      ...(reduced === undefined ? [] : [say('evidenceContextReduced', formatTokens(reduced))]),
    ],
  };
}

/** Most calls were given more than the one before: sizes that go up and down are of calls that differ. */
function rises(sizes: readonly Sized[]): boolean {
  let up = 0;
  for (let at = 1; at < sizes.length; at++) {
    if ((sizes[at]?.tokens ?? 0) > (sizes[at - 1]?.tokens ?? 0)) up++;
  }
  return up >= 0.7 * (sizes.length - 1);
}

/** The largest call first, then what it grew from. */
const spansOf = (peak: Sized, sizes: readonly Sized[]): readonly string[] =>
  [peak, ...sizes.filter(one => one !== peak)].slice(0, mostSpans).map(one => one.turn.span.spanId);

const resultsShare = (facts: CallFacts | undefined): number =>
  facts && facts.promptChars > 0 ? facts.promptResultChars / facts.promptChars : 0;

/** What a prompt consists of, by the length of its parts. */
function partsSaid(facts: CallFacts | undefined): readonly Said[] {
  const all = facts?.promptChars ?? 0;
  if (!facts || all === 0) return [];
  const of = (chars: number): string => formatShare(chars / all);
  const sum = (test: (part: CallFacts['prompt'][number]) => boolean): number =>
    facts.prompt.reduce((total, part) => total + (test(part) ? part.chars : 0), 0);
  const tools = sum(({ part }) => part === 'tools');
  const system = sum(isSystem);
  const results = facts.promptResultChars;
  return [
    say('evidencePartTools', of(tools)),
    say('evidencePartSystem', of(system)),
    say('evidencePartResults', of(results)),
    say('evidencePartHistory', of(Math.max(0, all - tools - system - results))),
  ];
}
