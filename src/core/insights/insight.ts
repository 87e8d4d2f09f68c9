import type { RunId, SpanId } from '../model.ts';
import type { InsightWord } from './insightWords.ts';

/** What can be found about a run. The command line's JSON has these words: others script against them. */
export const insightTypes = [
  'loop',
  'retry-storm',
  'silent-tool-failure',
  'cost-spike',
  'token-spike',
  'latency-outlier',
  'context-growth',
  'truncation',
  'cache-miss',
  'reasoning-drift',
  'stuck',
  'unpriced',
  'orphan',
] as const;
export type InsightType = (typeof insightTypes)[number];

/** The most serious one last. `info` is said, and never alarms. */
export const severities = ['info', 'warning', 'error'] as const;
export type Severity = (typeof severities)[number];

/** A sentence in words of the user's language: `{0}`, `{1}` stand for the values. */
export interface Said {
  readonly word: InsightWord;
  readonly values: readonly string[];
}

/** A finding about a run. */
export interface Insight {
  readonly type: InsightType;
  readonly severity: Severity;
  readonly runId: RunId;
  /** Where it shows, at least one; the first is the one to look at. Bounded by `mostSpans`. */
  readonly spanIds: readonly SpanId[];
  /** One sentence: what happened, with its figures and what is usual. */
  readonly said: Said;
  /** What it was concluded from, as label and value. */
  readonly evidence: readonly Said[];
}

/** Spans that an insight names at most. */
export const mostSpans = 50;
