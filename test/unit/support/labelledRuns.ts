import { callCost } from '../../../src/core/cost.ts';
import { findersOf } from '../../../src/core/insights/detectors.ts';
import type { RunEvidence } from '../../../src/core/insights/evidence.ts';
import type { SpanFacts } from '../../../src/core/insights/facts.ts';
import { factsOf } from '../../../src/core/insights/factsOf.ts';
import { findInsights, ofTypes } from '../../../src/core/insights/findInsights.ts';
import type { Insight, InsightType } from '../../../src/core/insights/insight.ts';
import { defaultThresholds } from '../../../src/core/insights/thresholds.ts';
import type { Usual } from '../../../src/core/insights/usual.ts';
import { createUsual } from '../../../src/core/insights/usualOf.ts';
import { decideKind, isToolCall, kindKeys, toolNameOf } from '../../../src/core/kind.ts';
import { readMetadata } from '../../../src/core/metadata.ts';
import type { Span, SpanKind } from '../../../src/core/model.ts';
import { summariseRun } from '../../../src/core/run.ts';
import { spanStatus } from '../../../src/core/status.ts';
import { buildTree } from '../../../src/core/tree.ts';
import { nativeUsage } from '../../../src/core/usage.ts';
import type { Recording } from '../../tools/insights/recording.ts';
import { labelClock } from '../../tools/insights/score.ts';
import type { SpanRecord } from '../../tools/sample/database.ts';

/**
 * What is found about the run that a label is about, and about the earlier ones, which are as usual. Without
 * a file: writing and reading one takes most of the time.
 */
export function insightsInMemory(
  file: Recording,
  types?: readonly InsightType[],
): { here: readonly Insight[]; earlier: readonly Insight[] } {
  const finders = findersOf(types);
  const compares = finders.some(one => one.compares);
  const byRun = Map.groupBy(file.spans, ({ runId }) => runId);
  const runs = [...byRun.values()].map(evidenceOf).sort((a, b) => startOf(b) - startOf(a));
  const usual = createUsual();
  for (const one of runs) {
    const { run, tree, facts } = one;
    if (run.end === undefined || run.status === 'running') continue;
    const spans = tree.ordered.map(node => node.span);
    usual.addRun(run);
    usual.addSpans(run, spans);
    const firstCall = spans.find(({ kind }) => kind === 'llm');
    for (const span of spans) {
      if (span === firstCall || isToolCall(span)) usual.addFacts(run, span, facts(span));
    }
  }
  const insights = (looked: RunEvidence): readonly Insight[] => {
    const compared = compares ? usual.seenFrom(looked.run) : nothingUsual;
    const context = { usual: compared, thresholds: defaultThresholds, clock: labelClock };
    return ofTypes(findInsights(looked, context, undefined, finders), types);
  };
  const where = (isHere: boolean): readonly Insight[] =>
    runs.filter(({ run }) => (run.runId === file.runId) === isHere).flatMap(insights);
  return {
    get here() {
      return where(true);
    },
    get earlier() {
      return where(false);
    },
  };
}

/** Of who says to compare nothing. */
const nothingUsual = new Proxy({} as Usual, {
  get: (_, of) => {
    throw new Error(`${String(of)} is compared`);
  },
});

const startOf = ({ run }: RunEvidence): number => run.start ?? 0;

function evidenceOf(records: readonly SpanRecord[]): RunEvidence {
  const recorded = new Map(records.map(one => [one.spanId, one]));
  // What a span is depends on its place in the tree.
  const kinds = new Map<string, { kind: SpanKind; toolName: string | undefined }>();
  const known = (spanId: string) => kinds.get(spanId) ?? { kind: 'other', toolName: undefined };
  const tree = buildTree(records.map(one => spanOf(one, known)));
  for (const { span, children } of tree.ordered) {
    const metadata = recorded.get(span.spanId)?.metadata ?? {};
    const hints = Object.fromEntries(kindKeys.map(key => [key, metadata[key]]));
    const { name, model, usage } = span;
    const hasTokens = Object.values(usage).some(count => count > 0);
    const place = { isRoot: span === tree.root.span, hasChildren: children.length > 0 };
    const kind = decideKind({ hints, name, model, hasTokens, ...place });
    kinds.set(span.spanId, { kind, toolName: toolNameOf(hints) });
  }
  const kept = new Map<Span, SpanFacts>();
  const facts = (span: Span): SpanFacts => {
    const found = kept.get(span) ?? factsOfRecord(span, recorded.get(span.spanId));
    kept.set(span, found);
    return found;
  };
  return { run: summariseRun(tree, labelClock), tree, facts };
}

function factsOfRecord(span: Span, record: SpanRecord | undefined): SpanFacts {
  const events = (record?.events ?? []).map(({ time, name, attributes }) => ({
    ...{ spanId: span.spanId, time, name },
    attributes: JSON.stringify(attributes),
  }));
  return factsOf(readMetadata(JSON.stringify(record?.metadata ?? {})), events, span.kind);
}

function spanOf(
  record: SpanRecord,
  known: (spanId: string) => Pick<Span, 'kind' | 'toolName'>,
): Span {
  const { spanId, runId, name, start, end, status, error, metadata } = record;
  const model = record.model || undefined;
  const usage = nativeUsage(record.inputTokens, record.outputTokens, metadata.usage);
  return {
    ...{ spanId, runId, name, start, end, model, usage, error, sessionId: undefined },
    parentSpanId: record.parentSpanId || undefined,
    ...spanStatus(status, end, error),
    recordedStatus: status,
    ...callCost(record.costUsd, usage, model, start),
    get kind() {
      return known(spanId).kind;
    },
    get toolName() {
      return known(spanId).toolName;
    },
  };
}
