import { failingSpan } from './causality.ts';
import { sumCost } from './cost.ts';
import type { RunSummary } from './model.ts';
import { type Clock, judgeRun } from './status.ts';
import type { RunTree } from './tree.ts';
import { addUsage } from './usage.ts';

/** Everything a list says about a run. */
export function summariseRun(tree: RunTree, clock: Clock): RunSummary {
  const { root } = tree;
  const spans = tree.ordered.map(node => node.span);
  const { status, judgement, end, lastActivity } = judgeRun(tree, clock);
  const failing = status === 'error' ? failingSpan(tree).span : undefined;
  return {
    runId: root.span.runId,
    name: root.span.name,
    rootSpanId: root.span.spanId,
    status,
    judgement,
    start: root.span.start ?? spans.find(span => span.start !== undefined)?.start,
    end,
    lastActivity,
    spans: spans.length,
    failedSpans: spans.filter(span => span.status === 'error').length,
    ...sumCost(spans),
    usage: addUsage(spans.map(span => span.usage)),
    error: root.span.error ?? failing?.error,
    failingSpanId: failing?.spanId,
  };
}
