import type { Detector } from './evidence.ts';
import { findLoops } from './loop.ts';
import { findOrphans } from './orphans.ts';
import { findRetryStorms } from './retryStorms.ts';
import { findReverts } from './reverts.ts';
import { findSilentFailures } from './silentFailure.ts';
import { findStuck } from './stuck.ts';
import { findTruncation } from './truncation.ts';
import { findUnpriced } from './unpriced.ts';

/** All of them, one a line. */
export const detectors: readonly Detector[] = [
  findLoops,
  findReverts,
  findRetryStorms,
  findSilentFailures,
  findTruncation,
  findStuck,
  findUnpriced,
  findOrphans,
];
