import type { InsightType, Severity } from './insights/insight.ts';

/** What an insight is called in a few words. */
const insightTypeWords = {
  typeLoop: 'Loop',
  typeRetryStorm: 'Retries',
  typeSilentToolFailure: 'Silent failure',
  typeCostSpike: 'Cost spike',
  typeTokenSpike: 'Token spike',
  typeLatencyOutlier: 'Slow',
  typeContextGrowth: 'Context growth',
  typeTruncation: 'Cut off',
  typeCacheMiss: 'Cache miss',
  typeReasoningDrift: 'Drift',
  typeStuck: 'Stuck',
  typeUnpriced: 'Unpriced',
  typeOrphan: 'Orphan',
} as const;

export const typeWord: Readonly<Record<InsightType, keyof typeof insightTypeWords>> = {
  loop: 'typeLoop',
  'retry-storm': 'typeRetryStorm',
  'silent-tool-failure': 'typeSilentToolFailure',
  'cost-spike': 'typeCostSpike',
  'token-spike': 'typeTokenSpike',
  'latency-outlier': 'typeLatencyOutlier',
  'context-growth': 'typeContextGrowth',
  truncation: 'typeTruncation',
  'cache-miss': 'typeCacheMiss',
  'reasoning-drift': 'typeReasoningDrift',
  stuck: 'typeStuck',
  unpriced: 'typeUnpriced',
  orphan: 'typeOrphan',
};

/** What is said around insights, in the overview and in the span panel. */
export const insightViewWords = {
  ...insightTypeWords,
  severityError: 'Error',
  severityWarning: 'Warning',
  severityInfo: 'Info',
  insights: 'Insights',
  insightsErrorsOne: '1 error',
  insightsErrorsMany: '{0} errors',
  insightsWarningsOne: '1 warning',
  insightsWarningsMany: '{0} warnings',
  insightsInfosOne: '1 note',
  insightsInfosMany: '{0} notes',
  insightsNone: 'Nothing stands out in these runs.',
  insightsNoneElse: 'Nothing else stands out in these runs.',
  insightsRunsFailedOne: '1 run failed',
  insightsRunsFailedMany: '{0} runs failed',
  insightsNoneMatching: 'Nothing stands out in the runs that match.',
  insightsLookedOne: 'The newest run was looked at.',
  insightsLookedMany: 'The newest {0} runs were looked at.',
  insightsLooking: 'Looking for insights: {0} of {1} runs',
  insightsWaiting: 'Insights come once the file is read.',
  insightsPaused: 'Paused: insights are looked for while the file is followed.',
  insightsFailed: 'The runs could not be looked at. The log says why.',
  insightsShowAll: 'Show All {0}',
  insightEvidence: 'What it was concluded from',
  insightOtherSpans: 'Other spans',
  insightSpansMoreOne: 'and 1 more',
  insightSpansMoreMany: 'and {0} more',
  insightMarkMore: '{0} +{1}',
} as const;

export const severityWord: Readonly<
  Record<Severity, 'severityError' | 'severityWarning' | 'severityInfo'>
> = { error: 'severityError', warning: 'severityWarning', info: 'severityInfo' };
