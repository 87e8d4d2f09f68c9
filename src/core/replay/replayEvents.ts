import type { AnswerDecision, CallRef, Mismatch, TurnDecision } from './decision.ts';

/** How a request ended for the program. */
export type Ending = 'answered' | 'failed' | 'broken' | 'aborted' | 'gone' | 'stopped';

/** What happens while a run is replayed. Requests are counted from 1. */
export type ReplayEvent =
  | {
      readonly kind: 'matched';
      readonly request: number;
      readonly call: CallRef;
      readonly how: AnswerDecision['how'];
      /** Counted from 1; more than one where the API failed when it was recorded. */
      readonly attempt: number;
    }
  | {
      readonly kind: 'differed';
      readonly request: number;
      readonly mismatch: Mismatch;
      /** The difference as a sentence. */
      readonly words: string;
      /** What follows. */
      readonly follows: 'stop' | 'nearest' | 'live';
    }
  /** The real API is asked. */
  | {
      readonly kind: 'live';
      readonly request: number;
      readonly call: CallRef | undefined;
      readonly why: TurnDecision['why'];
    }
  | {
      readonly kind: 'stopped';
      readonly request: number;
      readonly call: CallRef | undefined;
      readonly why: TurnDecision['why'];
      /** What the program is told. */
      readonly words: string;
    }
  | { readonly kind: 'refused'; readonly status: number; readonly words: string }
  | {
      readonly kind: 'ended';
      readonly request: number;
      readonly ending: Ending;
      /** It was the real API that answered. */
      readonly live: boolean;
    };

export interface ReplaySummary {
  /** Requests for messages. */
  readonly requests: number;
  /** Of these, how many were answered from the record, in whatever way it had ended. */
  readonly answered: number;
  readonly live: number;
  readonly stopped: number;
  readonly differed: number;
  readonly refused: number;
  /** Recorded calls, and how many of them were asked for. */
  readonly calls: number;
  readonly asked: number;
  /** The first difference, as a sentence. */
  readonly firstDifference: string | undefined;
}
