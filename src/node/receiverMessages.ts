import type { PruneLimits } from '../core/traceLimits.ts';
import type { BodyType, Signal } from './receiverGuard.ts';

/** One request, for the thread that writes. */
export interface ReceiverJob {
  readonly id: number;
  readonly signal: Exclude<Signal, 'metrics'>;
  readonly type: BodyType;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What became of it. `stored` is said once it is committed. */
export type ReceiverResult =
  | {
      readonly kind: 'stored';
      /** Spans, or records of the log. */
      readonly taken: number;
      readonly rejected: number;
      /** Why some were not taken; else what was changed in what was taken. */
      readonly message: string;
    }
  | { readonly kind: 'malformed'; readonly message: string }
  /** More than this program has memory for. */
  | { readonly kind: 'too-large'; readonly message: string }
  /** The file could not be written, for now. */
  | { readonly kind: 'failed'; readonly message: string };

export type ToReceiverWorker = ReceiverJob | { readonly close: true };

export type FromReceiverWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'cannot'; readonly message: string }
  | { readonly type: 'done'; readonly results: readonly (readonly [number, ReceiverResult])[] }
  | { readonly type: 'pruned'; readonly runs: number; readonly spans: number }
  | { readonly type: 'closed' };

export interface ReceiverWorkerStart {
  readonly file: string;
  /** What of the file stays; all of it where undefined. */
  readonly keep: PruneLimits | undefined;
  /** Three cells: the number of the request that is being read, how many connections are open, requests wait. */
  readonly current: SharedArrayBuffer;
}
