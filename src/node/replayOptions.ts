import type { PlanOptions } from '../core/replay/decision.ts';
import type { ReplayPlan } from '../core/replay/plan.ts';
import type { ReplayWords } from '../core/replay/replayWords.ts';
import type { RunScript } from '../core/replay/script.ts';
import type { ReplayEvent } from './replayEvents.ts';

export interface ReplayServerOptions extends PlanOptions {
  readonly script: RunScript;
  /** Waits as long as the API took when it was recorded; at once by default. */
  readonly timing?: boolean | undefined;
  /** Where requests go that are answered live; by default the API itself. */
  readonly liveUrl?: string | undefined;
  /** What programs and events are told, in the user's language. */
  readonly words?: ReplayWords | undefined;
  /** Told of everything that happens. It holds no headers, and so no keys. */
  readonly onEvent?: ((event: ReplayEvent) => void) | undefined;
  /** Of a request's body. */
  readonly maxBodyBytes?: number | undefined;
}

export const realApi = 'https://api.anthropic.com';

/** What the requests of a server have in common. */
export interface Replaying {
  readonly options: ReplayServerOptions;
  readonly words: ReplayWords;
  readonly plan: ReplayPlan;
  readonly tell: (event: ReplayEvent) => void;
}
