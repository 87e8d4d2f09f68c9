import type { PlanOptions } from './decision.ts';
import type { ReplayEvent, ReplaySummary } from './replayEvents.ts';
import type { ReplayWords } from './replayWords.ts';
import type { RunScript } from './script.ts';

/** What a server is started with that answers as it was recorded. */
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

export interface ReplayServer {
  /** With the token: what `ANTHROPIC_BASE_URL` is to be. */
  readonly baseUrl: string;
  readonly summary: ReplaySummary;
  /** Answers from the beginning again: the program was started anew. */
  again(): void;
  /** Ends every request, and frees the port. */
  close(): Promise<void>;
}
