import { formatDuration, integer } from '../format.ts';
import type { Ms, Span } from '../model.ts';
import { modelCalls } from './dialogues.ts';
import type { Context, Detector, RunEvidence } from './evidence.ts';
import { type Insight, mostSpans, type Said } from './insight.ts';
import { type High, median, usualHigh } from './robust.ts';
import { type RunTimes, runTimes } from './runTimes.ts';
import { nameOfSpan, quoted, say } from './say.ts';
import { leastExcess, runsAnything, type Slow, slowSpans, waits } from './slowSpans.ts';
import { formatTimes } from './times.ts';
import { took } from './usualOf.ts';

/** A run that lost this much by a span is worth a warning. */
const worthWarning: Ms = 1000;
const mostGroups = 10;
/** The highest of fewer is little to go by: only what is twice as far beyond it is worth a warning. */
const enough = 8;

/** Spans, and the run itself, that took far longer than nearly all of their like. */
export const findLatencyOutliers: Detector = function* (evidence, context) {
  const times = yield* runTimes(evidence.tree);
  const groups = yield* slowSpans(evidence, context, times);
  // Each prompt of a person is other work, and how long they took to answer is in it.
  const isPersons = evidence.facts(evidence.tree.root.span).mayAwaitPerson;
  const run = isPersons ? undefined : slowRun(evidence, context);
  const { latencyFactor } = context.thresholds;
  const insights = groups
    .slice(0, mostGroups)
    .map(group => ofSpans(evidence, group, times, run, latencyFactor));
  // A run that is slow because of a span is said with the span.
  if (!run || groups.some(group => waited(group, times) >= (run.ms - run.high.value) / 3)) {
    return insights;
  }
  return [ofRun(evidence, context, run, times), ...insights];
};

/** How long the run waited for the spans of a group beyond what is usual. */
const waited = (group: readonly Slow[], { waitedFor }: RunTimes): Ms =>
  group.reduce(
    (sum, { span, high }) => sum + Math.max(0, (waitedFor.get(span.spanId) ?? 0) - high.value),
    0,
  );

interface SlowRun {
  readonly ms: Ms;
  readonly high: High;
}

function slowRun({ run }: RunEvidence, { usual, thresholds }: Context): SlowRun | undefined {
  if (run.status === 'running' || run.status === 'stale') return undefined;
  const ms = took(run);
  const high = usualHigh(usual.run(run.name).durations);
  if (ms === undefined || !high || high.count < Math.max(2, thresholds.leastHistory)) {
    return undefined;
  }
  const far = ms > thresholds.latencyFactor * high.value && ms - high.value >= worthWarning;
  return far ? { ms, high } : undefined;
}

function ofSpans(
  { run, facts }: RunEvidence,
  group: readonly Slow[],
  times: RunTimes,
  slow: SlowRun | undefined,
  latencyFactor: number,
): Insight {
  const [first] = group;
  if (!first) throw new RangeError('an insight is about at least one span');
  const { span } = first;
  const held = waited(group, times);
  const evidence: Said[] = [
    held > 0
      ? say('evidenceWaitedFor', formatDuration(times.waitedFor.get(span.spanId) ?? 0))
      : say('evidenceNotWaitedFor'),
  ];
  const retries = facts(span).call?.retries ?? [];
  const between = retries.reduce((sum, one) => sum + (one.waitMs ?? 0), 0);
  if (between > 0) evidence.push(say('evidenceRetriesWaited', formatDuration(between)));
  if (slow) evidence.push(runTook(slow));
  return {
    type: 'latency-outlier',
    severity:
      held >= worthWarning && !runsAnything(span) && isSure(first, latencyFactor)
        ? 'warning'
        : 'info',
    runId: run.runId,
    spanIds: group.slice(0, mostSpans).map(one => one.span.spanId),
    said: slowSaid(first, group.length),
    evidence,
  };
}

const isSure = ({ ms, high }: SlowRun, latencyFactor: number): boolean =>
  high.count >= enough || ms >= 2 * latencyFactor * high.value;

function slowSaid({ span, ms, high }: Slow, alike: number): Said {
  const [name, time] = [nameOfSpan(span), formatDuration(ms)];
  const within = formatDuration(high.value);
  const [percent, of] = [integer(high.percent), integer(high.count)];
  if (span.status === 'error') return say('insightSlowFailed', name, time, percent, of, within);
  // Nothing is so many times a usual of no time.
  if (high.value <= 0) return say('insightSlowFromNothing', name, time, percent, of, within);
  const times = formatTimes(ms / high.value);
  return alike > 1
    ? say('insightSlowSpans', name, time, integer(alike), times, within, percent, of)
    : say('insightSlowSpan', name, time, times, within, percent, of);
}

const runTook = ({ ms, high }: SlowRun): Said =>
  say(
    'evidenceRunTook',
    formatDuration(ms),
    integer(high.percent),
    integer(high.count),
    formatDuration(high.value),
  );

function ofRun(
  evidence: RunEvidence,
  { usual, thresholds }: Context,
  slow: SlowRun,
  times: RunTimes,
): Insight {
  const { run } = evidence;
  const { ms, high } = slow;
  const grave = isSure(slow, thresholds.latencyFactor) ? 'warning' : 'info';
  const begin = [
    formatDuration(ms),
    integer(high.percent),
    integer(high.count),
    quoted(run.name || run.runId),
    formatDuration(high.value),
  ];
  const excess = ms - high.value;
  const calls = modelCalls(evidence).length;
  const usually = median(usual.run(run.name).calls) ?? 0;
  const longest = longestWait(evidence, times);
  const gap = times.longestGap;
  const found: Said[] = gap && gap.ms >= leastExcess ? [gapSaid(gap.ms)] : [];
  const of = (
    severity: 'info' | 'warning',
    sentence: Said,
    spanId: string | undefined,
  ): Insight => ({
    type: 'latency-outlier',
    severity,
    runId: run.runId,
    spanIds:
      spanId === undefined || spanId === run.rootSpanId
        ? [run.rootSpanId]
        : [run.rootSpanId, spanId],
    said: sentence,
    evidence: found,
  });
  // A person who answers late, or code that is not traced.
  if (times.idle >= excess / 2) {
    return of('info', say('insightSlowRunIdle', ...begin, formatDuration(times.idle)), gap?.spanId);
  }
  // More was done, as fast as ever.
  if (usually > 0 && calls / usually >= ms / high.value / 2 && calls >= 2 * usually) {
    return of(
      'info',
      say('insightSlowRunCalls', ...begin, integer(calls), integer(usually)),
      undefined,
    );
  }
  if (longest && longest.ms >= excess / 4) {
    const { span } = longest;
    return of(
      waits(span) ? 'info' : grave,
      say('insightSlowRunSpan', ...begin, formatDuration(longest.ms), nameOfSpan(span)),
      span.spanId,
    );
  }
  return of(grave, say('insightSlowRun', ...begin), undefined);
}

const gapSaid = (ms: Ms): Said => say('evidenceLongestGap', formatDuration(ms));

/** The working span that the run waited for longest. */
function longestWait(
  { tree }: RunEvidence,
  { working, waitedFor }: RunTimes,
): { readonly span: Span; readonly ms: Ms } | undefined {
  let best: { readonly span: Span; readonly ms: Ms } | undefined;
  for (const [id, ms] of waitedFor) {
    const node = tree.nodes.get(id);
    if (node && working[node.order] && ms > (best?.ms ?? 0)) best = { span: node.span, ms };
  }
  return best;
}
