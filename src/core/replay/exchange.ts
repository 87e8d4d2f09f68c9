import type { Fields } from '../fields.ts';
import type { Ms, SpanId, UnixMs } from '../model.ts';

/** An attempt that gave no answer. */
export type Failure =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly type: string;
      readonly message: string;
      /** What the API sent, where it was recorded. */
      readonly body?: unknown;
      readonly requestId?: string | undefined;
      readonly retryAfterMs?: Ms | undefined;
    }
  /** No connection, or one that closed before anything came. */
  | { readonly kind: 'lost' };

/** How a recorded call ended. */
export type Outcome =
  | Failure
  | { readonly kind: 'message'; readonly message: Fields; readonly requestId: string | undefined }
  | {
      readonly kind: 'broken';
      /** What had come; undefined where nothing had. */
      readonly message: Fields | undefined;
      /** `aborted`: the program itself gave up; the API may have gone on. */
      readonly how:
        | 'cut'
        | 'ended'
        | 'aborted'
        | { readonly type: string; readonly message: string };
      readonly requestId: string | undefined;
    }
  | { readonly kind: 'missing'; readonly why: MissingReason };

/** `unrecorded`: the call has no answer in the file; `foreign`: one in another form than the Messages API's. */
export type MissingReason = 'unrecorded' | 'foreign' | 'too-deep' | 'running';

/** A recorded call of the Messages API, with all of its attempts. */
export interface Exchange {
  readonly spanId: SpanId;
  readonly name: string;
  readonly start: UnixMs | undefined;
  /** The body as recorded; undefined where there is none to compare with. */
  readonly request: Fields | undefined;
  /** Attempts that failed and were made again. */
  readonly retried: readonly Failure[];
  readonly outcome: Outcome;
  /** From the last attempt to the end of its answer; undefined where it was not recorded. */
  readonly duration: Ms | undefined;
  readonly firstToken: Ms | undefined;
}
