import type { AuditGit, AuditVersions } from '../audit.ts';
import type { Price } from '../price.ts';
import type { EventRow, SpanRow } from '../traceRows.ts';
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
  /** Keeps what was served as a run; by default nothing is kept. */
  readonly keeping?: ServedKeeping | undefined;
}

/** How what was served is kept. */
export interface ServedKeeping {
  /** The trace file of the recorded run, as a path or a uri. */
  readonly file: string;
  readonly git: AuditGit | undefined;
  readonly versions: AuditVersions;
  /** The user's own prices, and those of the table. */
  readonly prices?: readonly Price[] | undefined;
  /** A row with an id that is there already takes its place. */
  keep(rows: readonly (SpanRow | EventRow)[]): Promise<unknown>;
  /** Told once why it cannot be kept; the program is answered all the same, and nothing more is kept. */
  failed(error: unknown): void;
}

export interface ReplayServer {
  /** With the token: what `ANTHROPIC_BASE_URL` is to be. */
  readonly baseUrl: string;
  readonly summary: ReplaySummary;
  /** Answers from the beginning again: the program was started anew. */
  again(): void;
  /** Ends every request, and frees the port. */
  close(): Promise<void>;
  /** To be called after `close`: ends once what was served is kept, or was said to be lost. */
  stored(): Promise<void>;
}
