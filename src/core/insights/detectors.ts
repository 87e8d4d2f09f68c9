import { findCacheMisses } from './cacheMiss.ts';
import { findContextGrowth } from './contextGrowth.ts';
import { findCostSpike } from './costSpike.ts';
import type { Detector } from './evidence.ts';
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

/** All of them, one a line. */
export const detectors: readonly Detector[] = [
  findLoops,
  findReverts,
  findRetryStorms,
  findSilentFailures,
  findCostSpike,
  findUnpricedSpike,
  findTokenSpikes,
  findLatencyOutliers,
  findContextGrowth,
  findTruncation,
  findCacheMisses,
  findReasoningDrift,
  findStuck,
  findUnpriced,
  findOrphans,
];
