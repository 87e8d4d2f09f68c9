import type { MessagePort } from 'node:worker_threads';
import type { Dropped, Pruned, PruneLimits, WriterOptions } from '../core/traceLimits.ts';
import type { Slot } from './sharedQueue.ts';

/** What the agent's thread and the one that writes say to each other. */
export type ToWorker =
  | {
      readonly type: 'write';
      /** Undefined: nothing but how much was dropped. */
      readonly slot: Slot | undefined;
      readonly rows: number;
      readonly dropped: Dropped;
    }
  | { readonly type: 'flush'; readonly id: number }
  | { readonly type: 'prune'; readonly id: number; readonly limits: PruneLimits }
  | { readonly type: 'close' };

export type FromWorker =
  | { readonly type: 'flushed'; readonly id: number }
  | { readonly type: 'failed'; readonly message: string; readonly woken?: number }
  | { readonly type: 'works' }
  | { readonly type: 'refused'; readonly rows: number }
  | ({ readonly type: 'pruned'; readonly id: number; readonly error?: string } & Partial<Pruned>)
  | { readonly type: 'closed' };

export interface WorkerStart {
  readonly file: string;
  readonly options: WriterOptions;
  readonly port: MessagePort;
  readonly shared: SharedArrayBuffer;
}

/** Cells that both threads see at once, without an event: the agent's thread may be busy or ending. */
export const state = {
  /** Bytes stored, wrapping around; only differences mean something. */
  bytesDone: 0,
  /** Batches stored, wrapping around. */
  stored: 1,
  /** 1 while the last attempt failed. */
  failing: 2,
  /** 1 once the program ends, or the tracer is closed. */
  ending: 3,
  closed: 4,
  /** Changes, wrapping around, when a file that fails is to be tried again at once. */
  woken: 5,
  /** When nothing is waited for any more once it ends: milliseconds since 1970, wrapping around. */
  endsAt: 6,
  /** Rows stored, with those whose loss was written down, wrapping around. */
  rowsDone: 7,
  cells: 8,
} as const;
