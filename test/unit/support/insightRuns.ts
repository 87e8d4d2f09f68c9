import { fillIn } from '../../../src/core/errors.ts';
import type { Context, Detector, RunEvidence } from '../../../src/core/insights/evidence.ts';
import type { SpanFacts } from '../../../src/core/insights/facts.ts';
import { factsOf } from '../../../src/core/insights/factsOf.ts';
import { foundBy } from '../../../src/core/insights/findInsights.ts';
import type { Insight } from '../../../src/core/insights/insight.ts';
import { insightWords } from '../../../src/core/insights/insightWords.ts';
import { defaultThresholds, type Thresholds } from '../../../src/core/insights/thresholds.ts';
import { createUsual } from '../../../src/core/insights/usualOf.ts';
import { readMetadata } from '../../../src/core/metadata.ts';
import type { Span, SpanId, Usage } from '../../../src/core/model.ts';
import { summariseRun } from '../../../src/core/run.ts';
import { finish } from '../../../src/core/steps.ts';
import { buildTree } from '../../../src/core/tree.ts';
import { span } from './tree.ts';

/** A span with what is recorded beside it. */
export interface Recorded {
  readonly span: Span;
  readonly metadata: unknown;
}

type Part = Partial<Span> & { readonly metadata?: unknown };

const recorded = (spanId: SpanId, { metadata, ...part }: Part): Recorded => ({
  span: span(spanId, { parentSpanId: 'root', ...part }),
  metadata: metadata ?? {},
});

/** A model call below the root; times in milliseconds from the run's start. */
export function call(
  spanId: SpanId,
  start: number,
  end: number,
  usage: Usage,
  part: Part = {},
): Recorded {
  const cost = part.cost;
  return recorded(spanId, {
    name: 'llm_call',
    kind: 'llm',
    model: 'claude-sonnet-4-5',
    start,
    end,
    usage,
    costSource: cost === undefined ? 'unpriced' : 'recorded',
    ...part,
  });
}

/** A call of a tool below the root. */
export function tool(
  spanId: SpanId,
  toolName: string,
  start: number,
  end: number,
  part: Part = {},
): Recorded {
  return recorded(spanId, { name: 'tool', kind: 'tool', toolName, start, end, ...part });
}

export interface RunPart {
  readonly runId?: string;
  readonly name?: string;
  /** Milliseconds since 1970. */
  readonly start?: number;
  readonly end?: number;
  readonly status?: Span['status'];
}

let made = 0;

/** A run with a root, and the spans below it. */
export function runWith(below: readonly Recorded[], part: RunPart = {}): RunEvidence {
  const start = part.start ?? 1_790_000_000_000;
  const runId = part.runId ?? `run-${++made}`;
  const last = below.reduce((latest, one) => Math.max(latest, one.span.end ?? 0), 0);
  const root = span('root', {
    name: part.name ?? 'research_agent',
    kind: 'agent',
    runId,
    start,
    end: start + (part.end ?? last),
    status: part.status ?? 'ok',
  });
  const at = (time: number | undefined) => (time === undefined ? undefined : start + time);
  const spans = below.map(one => ({
    ...one.span,
    runId,
    start: at(one.span.start),
    end: at(one.span.end),
  }));
  const tree = buildTree([root, ...spans]);
  const metadata = new Map(below.map(one => [one.span.spanId, JSON.stringify(one.metadata)]));
  const kept = new Map<SpanId, SpanFacts>();
  return {
    run: summariseRun(tree, clock),
    tree,
    facts: one => {
      const known = kept.get(one.spanId);
      if (known) return known;
      const facts = factsOf(readMetadata(metadata.get(one.spanId)), [], one.kind);
      kept.set(one.spanId, facts);
      return facts;
    },
  };
}

export const clock = { now: 1_800_000_000_000, staleAfter: 600_000 };

/** What is usual for a run beside others, those that began last first. */
export function contextOf(
  looked: RunEvidence,
  others: readonly RunEvidence[] = [],
  thresholds: Partial<Thresholds> = {},
): Context {
  const usual = createUsual();
  const newestFirst = [looked, ...others].sort((a, b) => (b.run.start ?? 0) - (a.run.start ?? 0));
  for (const { run, tree, facts } of newestFirst) {
    usual.addRun(run);
    usual.addSpans(
      run,
      tree.ordered.map(node => node.span),
    );
    for (const node of tree.ordered) usual.addFacts(run, node.span, facts(node.span));
  }
  return {
    usual: usual.seenFrom(looked.run),
    thresholds: { ...defaultThresholds, ...thresholds },
    clock,
  };
}

/** What a detector finds, as the sentences that a person reads. */
export function find(
  detector: Detector,
  looked: RunEvidence,
  others: readonly RunEvidence[] = [],
  thresholds: Partial<Thresholds> = {},
  prices?: Context['prices'],
): readonly Insight[] {
  const context = { ...contextOf(looked, others, thresholds), prices };
  return finish(foundBy(detector, looked, context));
}

export const sentence = (insight: Insight | undefined): string =>
  insight ? fillIn(insightWords[insight.said.word], insight.said.values) : '(nothing)';

/** The severity and the span to look at: `warning at c4`. */
export const place = (insights: readonly Insight[]): string =>
  insights.map(one => `${one.severity} at ${one.spanIds[0]}`).join(', ');

/** So many runs before the one that begins at the default time, a minute apart. */
export const earlier = (
  count: number,
  below: (index: number) => readonly Recorded[],
  part: RunPart = {},
): readonly RunEvidence[] =>
  Array.from({ length: count }, (_, index) =>
    runWith(below(index), { start: 1_790_000_000_000 - (index + 1) * 60_000, ...part }),
  );
