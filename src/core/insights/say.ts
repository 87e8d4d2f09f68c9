import { oneLine } from '../describe.ts';
import { integer, none } from '../format.ts';
import type { Span } from '../model.ts';
import type { Node } from '../tree.ts';
import type { RunEvidence } from './evidence.ts';
import { calledName } from './factsOf.ts';
import { type Insight, type InsightType, mostSpans, type Said, type Severity } from './insight.ts';
import type { InsightWord } from './insightWords.ts';

/** A sentence; numbers are written as people read them. */
export const say = (word: InsightWord, ...values: readonly (string | number)[]): Said => ({
  word,
  values: values.map(value => (typeof value === 'number' ? integer(value) : value)),
});

/** A recorded text within a sentence. */
export const quoted = (text: string, limit = 60): string => oneLine(text.trim(), limit) || none;

export const nameOfSpan = (span: Span): string => quoted(calledName(span));

export function insight(
  { run }: RunEvidence,
  type: InsightType,
  severity: Severity,
  nodes: readonly Node[],
  said: Said,
  evidence: readonly Said[] = [],
): Insight {
  const spanIds = nodes.slice(0, mostSpans).map(node => node.span.spanId);
  return { type, severity, runId: run.runId, spanIds, said, evidence };
}
