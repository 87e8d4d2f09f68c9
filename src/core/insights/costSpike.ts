import { formatCost, formatTokens, integer } from '../format.ts';
import type { Span, Usd } from '../model.ts';
import { type CostParts, costParts, priceOf } from '../prices.ts';
import { type ModelCall, modelCalls } from './dialogues.ts';
import type { Context, Detector, RunEvidence } from './evidence.ts';
import type { Insight, Said } from './insight.ts';
import type { InsightWord } from './insightWords.ts';
import { type Baseline, median, unusuallyHigh } from './robust.ts';
import { nameOfSpan, quoted, say } from './say.ts';
import { formatTimes } from './times.ts';
import { askedChars } from './usualOf.ts';

/** Less than this more than usual is worth no warning, however many times it is. */
const worthWarning: Usd = 0.01;
/** And less than this is worth a word only to those who have very many such runs, and where it is far more. */
const leastExcess: Usd = 0.001;
const farMore = 10;

/** A run that cost many times what runs of its name do, and the call that made it dear. */
export const findCostSpike: Detector = (evidence, context) => {
  const { run } = evidence;
  const { thresholds, usual } = context;
  const of = usual.run(run.name);
  // Of a run with unpriced calls, what is known is the least that it cost.
  const cost = run.cost ?? run.pricedCost;
  const base = unusuallyHigh(cost, of.costs, thresholds.spikeFactor, thresholds.leastHistory, 0);
  if (base?.times === undefined) return [];
  const excess = cost - base.median;
  if (excess < leastExcess || (excess < worthWarning && base.times < farMore)) return [];
  const calls = modelCalls(evidence);
  const cause = dearestCall(calls, context, excess);
  const branch = cause ? undefined : dearestBranch(evidence, base.median, excess);
  const asked = timesAsked(calls, evidence, context);
  return [
    {
      type: 'cost-spike',
      // Who asks for more pays more: that is said, but it alarms nobody.
      severity:
        excess < worthWarning || (asked !== undefined && asked * 2 >= base.times)
          ? 'info'
          : 'warning',
      runId: run.runId,
      spanIds: [
        ...(branch ? [branch.span.spanId] : cause ? [cause.span.spanId] : []),
        run.rootSpanId,
      ],
      said: sentence(evidence, context, cost, base, cause, calls.length),
      evidence: concluded(evidence, of.costs, base, cause, branch, asked),
    } satisfies Insight,
  ];
};

interface DearCall {
  readonly span: Span;
  readonly number: number;
  readonly cost: Usd;
  /** What such a call costs; undefined where that is not known. */
  readonly usually: Usd | undefined;
}

/** The call with the largest excess over its like, where that is a good part of the run's. */
function dearestCall(
  calls: readonly ModelCall[],
  { usual, thresholds }: Context,
  excess: Usd,
): DearCall | undefined {
  let best: DearCall | undefined;
  let most = 0;
  for (const { span, number } of calls) {
    const { cost } = span;
    if (cost === undefined || cost <= most) continue;
    const { costs } = usual.call(span.name, span.model);
    const usually = costs.length >= thresholds.leastHistory ? median(costs) : undefined;
    if (cost - (usually ?? 0) <= most) continue;
    most = cost - (usually ?? 0);
    best = { span, number, cost, usually };
  }
  return best && most >= 0.4 * excess ? best : undefined;
}

interface Branch {
  readonly span: Span;
  readonly cost: Usd;
}

/** The innermost span below which most of what was too much was spent, though no single call was dear. */
function dearestBranch(evidence: RunEvidence, usually: Usd, excess: Usd): Branch | undefined {
  const { tree } = evidence;
  const costs = new Float64Array(tree.ordered.length);
  for (const { node, span } of modelCalls(evidence)) costs[node.order] = span.cost ?? 0;
  let best: Branch | undefined;
  for (let row = tree.ordered.length - 1; row >= 0; row--) {
    const node = tree.ordered[row];
    if (!node || node === tree.root) continue;
    const { span } = node;
    const cost = costs[row] ?? 0;
    if (node.parent) costs[node.parent.order] = (costs[node.parent.order] ?? 0) + cost;
    // Whatever such a branch usually costs, it is no more than the run usually does.
    if (!best && span.kind !== 'llm' && cost - usually >= excess / 2) best = { span, cost };
  }
  return best;
}

/** How many times as much a run was asked as usual. */
export function timesAsked(
  calls: readonly ModelCall[],
  { run }: RunEvidence,
  { usual, thresholds }: Context,
): number | undefined {
  const call = calls[0]?.facts;
  const asked = call && askedChars(call);
  const { askedChars: sample } = usual.run(run.name);
  const usually = sample.length >= thresholds.leastHistory ? median(sample) : undefined;
  return asked === undefined || !usually ? undefined : asked / usually;
}

const wordOf = {
  input: 'insightCostSpikeInput',
  cacheRead: 'insightCostSpikeCacheRead',
  cacheWrite5m: 'insightCostSpikeCacheWrite',
  cacheWrite1h: 'insightCostSpikeCacheWrite',
  output: 'insightCostSpikeOutput',
} as const satisfies Record<keyof CostParts, InsightWord>;

function sentence(
  { run }: RunEvidence,
  { usual, prices }: Context,
  cost: Usd,
  base: Baseline,
  cause: DearCall | undefined,
  calls: number,
): Said {
  const begin = [
    formatCost(cost),
    formatTimes(base.times ?? 0),
    formatCost(base.median),
    integer(base.count),
    quoted(run.name || run.runId),
  ];
  const part = cause && dearestPart(cause.span, prices);
  if (cause && part) {
    const tokens = formatTokens(cause.span.usage[part] ?? 0);
    return say(wordOf[part], ...begin, integer(cause.number), formatCost(cause.cost), tokens);
  }
  const usually = median(usual.run(run.name).calls);
  if (usually && calls >= 2 * usually) {
    return say('insightCostSpikeCalls', ...begin, integer(calls), integer(usually));
  }
  return say('insightCostSpike', ...begin);
}

/** What a call paid most for; undefined where it recorded no tokens. */
function dearestPart(span: Span, prices: Context['prices']): keyof CostParts | undefined {
  const price = span.model === undefined ? undefined : priceOf(span.model, span.start, prices);
  // Without a price, the ratios that most price lists have.
  const parts = price
    ? costParts(span.usage, price)
    : {
        input: span.usage.input ?? 0,
        cacheRead: (span.usage.cacheRead ?? 0) / 10,
        cacheWrite5m: (span.usage.cacheWrite5m ?? 0) * 1.25,
        cacheWrite1h: (span.usage.cacheWrite1h ?? 0) * 2,
        output: (span.usage.output ?? 0) * 5,
      };
  const [dearest] = Object.entries(parts).sort((a, b) => b[1] - a[1]);
  return dearest && dearest[1] > 0 ? (dearest[0] as keyof CostParts) : undefined;
}

function concluded(
  { run }: RunEvidence,
  costs: ArrayLike<number>,
  base: Baseline,
  cause: DearCall | undefined,
  branch: Branch | undefined,
  asked: number | undefined,
): readonly Said[] {
  const found = [
    say('evidenceUsualMedian', formatCost(base.median), integer(base.count)),
    say('evidenceUsualHighest', formatCost(costs[costs.length - 1] ?? 0)),
  ];
  if (branch) {
    found.push(say('evidenceCostBelow', nameOfSpan(branch.span), formatCost(branch.cost)));
  }
  if (cause?.span.model) {
    found.push(say('evidenceCallModel', integer(cause.number), quoted(cause.span.model)));
  }
  if (cause?.usually !== undefined) {
    found.push(say('evidenceCallUsually', formatCost(cause.usually)));
  }
  if (asked !== undefined && asked >= 2) found.push(say('evidenceMoreAsked', formatTimes(asked)));
  if (run.unpricedCalls > 0) found.push(say('evidenceUnpricedToo', integer(run.unpricedCalls)));
  return found;
}
