import type { Flaw, Node } from '../tree.ts';
import type { Detector, RunEvidence } from './evidence.ts';
import type { Insight, Severity } from './insight.ts';
import { insight, nameOfSpan, say } from './say.ts';

/** Spans whose place in the tree is not what was recorded. */
export const findOrphans: Detector = evidence => {
  const { run, tree } = evidence;
  // What is missing may stand in the part of the file that is still to be read.
  if (run.partial) return [];
  const flawed: Record<Flaw, Node[]> = { orphan: [], cycle: [], 'second-root': [] };
  for (const node of tree.ordered) if (node.flaw) flawed[node.flaw].push(node);
  return [
    ...orphans(evidence, flawed.orphan),
    ...told(evidence, flawed.cycle, 'warning', 'insightCycle'),
    ...told(evidence, flawed['second-root'], 'info', 'insightSecondRoot'),
  ];
};

function orphans(evidence: RunEvidence, nodes: readonly Node[]): readonly Insight[] {
  const { root } = evidence.tree;
  // The run's own parent is what called the agent, recorded elsewhere: a web server, another program.
  const outside = root.flaw === 'orphan' ? root.span.parentSpanId : undefined;
  const isOutside = (node: Node): boolean =>
    outside !== undefined && node.span.parentSpanId === outside;
  const lost = nodes.filter(node => !isOutside(node));
  // Some tracers write a span when it ends: the parents of a running run are still to come.
  const severity = evidence.run.status === 'running' ? 'info' : 'warning';
  return [
    ...told(evidence, nodes.filter(isOutside), 'info', 'insightOutside'),
    ...told(evidence, lost, severity, 'insightOrphan'),
  ];
}

function told(
  evidence: RunEvidence,
  nodes: readonly Node[],
  severity: Severity,
  word: 'insightOrphan' | 'insightOutside' | 'insightCycle' | 'insightSecondRoot',
): readonly Insight[] {
  const [first] = nodes;
  if (!first) return [];
  const name = nameOfSpan(first.span);
  const said =
    nodes.length === 1 ? say(`${word}One`, name) : say(`${word}Many`, nodes.length, name);
  const parents = new Set(nodes.map(node => node.span.parentSpanId)).size;
  return [
    insight(evidence, 'orphan', severity, nodes, said, [
      say('evidenceSpans', nodes.length),
      ...(parents > 1 ? [say('evidenceParents', parents)] : []),
    ]),
  ];
}
