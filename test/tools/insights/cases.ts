import { cacheMissCases } from './cacheMiss.ts';
import { contextCases } from './context.ts';
import { costSpikeCases } from './costSpike.ts';
import { driftCases } from './drift.ts';
import { everydayCases } from './everyday.ts';
import type { Label } from './label.ts';
import { latencyCases } from './latency.ts';
import { loopCases } from './loop.ts';
import { orphanCases } from './orphan.ts';
import { retryStormCases } from './retryStorm.ts';
import { silentCases } from './silent.ts';
import { stuckCases } from './stuck.ts';
import { tokenSpikeCases } from './tokenSpike.ts';
import { truncationCases } from './truncation.ts';
import { unpricedCases } from './unpriced.ts';

/** Runs with what is right to say about them, by the types of insights in their order. */
export const cases: readonly Label[] = [
  ...loopCases,
  ...retryStormCases,
  ...silentCases,
  ...costSpikeCases,
  ...tokenSpikeCases,
  ...latencyCases,
  ...contextCases,
  ...truncationCases,
  ...cacheMissCases,
  ...driftCases,
  ...stuckCases,
  ...unpricedCases,
  ...orphanCases,
  ...everydayCases,
];
