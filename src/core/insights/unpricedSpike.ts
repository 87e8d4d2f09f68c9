import { formatTokens, integer } from '../format.ts';
import { totalTokens } from '../usage.ts';
import { timesAsked } from './costSpike.ts';
import { type ModelCall, modelCalls } from './dialogues.ts';
import type { Detector } from './evidence.ts';
import { unusuallyHigh } from './robust.ts';
import { quoted, say } from './say.ts';
import { formatTimes } from './times.ts';

/** Fewer tokens than these more than usual are worth no word; fewer than the others no warning. */
const leastExcess = 5000;
const worthWarning = 50_000;

/** A run whose cost is not known, and that took many times the tokens that runs of its name do. */
export const findUnpricedSpike: Detector = (evidence, context) => {
  const { run } = evidence;
  const { thresholds, usual } = context;
  const tokens = totalTokens(run.usage);
  // What is known of a cost tells of a run's size better than its tokens do.
  if (run.cost !== undefined || run.pricedCost > 0 || tokens === undefined) return [];
  const of = usual.run(run.name).tokens;
  const { spikeFactor, leastHistory } = thresholds;
  const base = unusuallyHigh(tokens, of, spikeFactor, leastHistory, leastExcess);
  if (base?.times === undefined || tokens - base.median < leastExcess) return [];
  const calls = modelCalls(evidence);
  const asked = timesAsked(calls, evidence, context);
  const isAsked = asked !== undefined && asked * 2 >= base.times;
  const largest = calls.reduce<ModelCall | undefined>(
    (best, one) => (!best || sizeOf(one) > sizeOf(best) ? one : best),
    undefined,
  );
  return [
    {
      type: 'token-spike',
      severity: isAsked || tokens - base.median < worthWarning ? 'info' : 'warning',
      runId: run.runId,
      spanIds: [...(largest ? [largest.span.spanId] : []), run.rootSpanId],
      said: say(
        'insightTokenSpikeRun',
        formatTokens(tokens),
        formatTimes(base.times),
        formatTokens(base.median),
        integer(base.count),
        quoted(run.name || run.runId),
      ),
      evidence: [
        say('evidenceUsualMedian', formatTokens(base.median), integer(base.count)),
        say('evidenceUsualHighest', formatTokens(of[of.length - 1] ?? 0)),
        say('evidenceUnpricedToo', integer(run.unpricedCalls)),
        ...(asked !== undefined && asked >= 2
          ? [say('evidenceMoreAsked', formatTimes(asked))]
          : []),
      ],
    },
  ];
};

const sizeOf = ({ span }: ModelCall): number => totalTokens(span.usage) ?? 0;
