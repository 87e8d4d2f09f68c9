import { findCacheMisses } from './cacheMiss.ts';
import { findContextGrowth } from './contextGrowth.ts';
import { findCostSpike } from './costSpike.ts';
import type { Detector } from './evidence.ts';
import type { InsightType } from './insight.ts';
import { findLatencyOutliers } from './latencyOutlier.ts';
import { findLoops } from './loop.ts';
import { findOrphans } from './orphans.ts';
import { findReasoningDrift } from './reasoningDrift.ts';
import { findRetryStorms } from './retryStorms.ts';
import { findReverts } from './reverts.ts';
import { findSilentFailures } from './silentFailure.ts';
import { findStuck } from './stuck.ts';
import { findTokenSpikes } from './tokenSpike.ts';
import { findTruncation } from './truncation.ts';
import { findUnpriced } from './unpriced.ts';
import { findUnpricedSpike } from './unpricedSpike.ts';

/** What finds insights of one type, and what it has to be given for it. */
export interface Finder {
  readonly type: InsightType;
  readonly find: Detector;
  /** It compares the run with what is usual in its file. */
  readonly compares?: true;
  /** It follows the run's conversations. */
  readonly followsTalk?: true;
}

/** All of them, one a line. */
export const finders: readonly Finder[] = [
  { type: 'loop', find: findLoops },
  { type: 'loop', find: findReverts },
  { type: 'retry-storm', find: findRetryStorms },
  { type: 'silent-tool-failure', find: findSilentFailures, compares: true },
  { type: 'cost-spike', find: findCostSpike, compares: true, followsTalk: true },
  { type: 'token-spike', find: findUnpricedSpike, compares: true, followsTalk: true },
  { type: 'token-spike', find: findTokenSpikes, compares: true, followsTalk: true },
  { type: 'latency-outlier', find: findLatencyOutliers, compares: true, followsTalk: true },
  { type: 'context-growth', find: findContextGrowth, compares: true, followsTalk: true },
  { type: 'truncation', find: findTruncation },
  { type: 'cache-miss', find: findCacheMisses, followsTalk: true },
  { type: 'reasoning-drift', find: findReasoningDrift, followsTalk: true },
  { type: 'stuck', find: findStuck, compares: true },
  { type: 'unpriced', find: findUnpriced },
  { type: 'orphan', find: findOrphans },
];

/** Loops and retries are told apart by one another: whoever asks for one has to look for both. */
const together: readonly InsightType[] = ['loop', 'retry-storm'];

/** @param types undefined for all */
export function findersOf(types: readonly InsightType[] | undefined): readonly Finder[] {
  if (types === undefined) return finders;
  const isPaired = types.some(type => together.includes(type));
  return finders.filter(
    ({ type }) => types.includes(type) || (isPaired && together.includes(type)),
  );
}
