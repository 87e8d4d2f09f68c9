import type { ReplayPlan } from '../core/replay/plan.ts';
import type { ReplayEvent } from '../core/replay/replayEvents.ts';
import type { ReplayServerOptions } from '../core/replay/replayServing.ts';
import type { ReplayWords } from '../core/replay/replayWords.ts';
import type { ServedRecorder } from './servedRecorder.ts';

export const realApi = 'https://api.anthropic.com';

/** What the requests of a server have in common. */
export interface Replaying {
  readonly options: ReplayServerOptions;
  readonly words: ReplayWords;
  readonly plan: ReplayPlan;
  readonly tell: (event: ReplayEvent) => void;
  /** Undefined where nothing is kept. */
  readonly recorder: ServedRecorder | undefined;
}
