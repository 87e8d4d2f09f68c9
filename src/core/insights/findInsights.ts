import type { Detector } from './evidence.ts';
import { type Insight, mostSpans } from './insight.ts';

const orphans: Detector = ({ run, tree }) => {
  const nodes = tree.ordered.filter(node => node.flaw === 'orphan').slice(0, mostSpans);
  const [first] = nodes;
  if (!first) return [];
  return [
    {
      type: 'orphan',
      severity: 'info',
      runId: run.runId,
      spanIds: nodes.map(({ span }) => span.spanId),
      said: { word: 'insightOrphan', values: [first.span.name] },
      evidence: [],
    },
  ];
};

const unpriced: Detector = ({ run, tree }) => {
  const nodes = tree.ordered.filter(({ span }) => span.costSource === 'unpriced');
  const [first] = nodes;
  if (!first) return [];
  return [
    {
      type: 'unpriced',
      severity: 'info',
      runId: run.runId,
      spanIds: nodes.slice(0, mostSpans).map(({ span }) => span.spanId),
      said: { word: 'insightUnpriced', values: [first.span.model ?? first.span.name] },
      evidence: [],
    },
  ];
};

const detectors: readonly Detector[] = [orphans, unpriced];

/** All that can be found about a run. */
export const findInsights: Detector = (evidence, context): readonly Insight[] =>
  detectors.flatMap(detector => detector(evidence, context));
