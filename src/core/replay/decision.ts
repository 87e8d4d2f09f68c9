import type { Fields } from '../fields.ts';
import type { SpanId } from '../model.ts';
import type { RequestDifference } from './difference.ts';
import type { Exchange, Outcome } from './exchange.ts';
import type { NormalRequest } from './normalRequest.ts';

/** What happens to a request that is not as recorded. */
export const onDifferenceChoices = ['stop', 'nearest', 'live'] as const;
export type OnDifference = (typeof onDifferenceChoices)[number];
/** What happens from the chosen call on. */
export const fromUntilChoices = ['stop', 'live'] as const;
export type FromUntil = (typeof fromUntilChoices)[number];

export interface PlanOptions {
  /** The first call that is not answered from the record; by default all are. */
  readonly until?: number | undefined;
  /** What happens from that call on. */
  readonly fromUntil?: FromUntil | undefined;
  readonly onDifference?: OnDifference | undefined;
  /** Fields of a request that are not compared, besides those that never are. */
  readonly ignore?: readonly string[] | undefined;
  /** Answers that stand in for recorded ones. */
  readonly edits?: ReadonlyMap<SpanId, Fields> | undefined;
}

/** A call of the script as events and words name it. */
export interface CallRef {
  readonly spanId: SpanId;
  readonly name: string;
  /** Counted from 1. */
  readonly call: number;
}

/** Why a request is not one that was recorded. */
export type Mismatch =
  | {
      readonly kind: 'differs';
      /** The recorded request that it is most like. */
      readonly from: CallRef;
      readonly difference: RequestDifference;
      readonly recorded: NormalRequest;
      readonly now: NormalRequest;
    }
  /** As recorded, and asked more often than it was. */
  | { readonly kind: 'repeated'; readonly from: CallRef }
  /** All recorded calls were asked for. */
  | { readonly kind: 'more' };

export interface AnswerDecision {
  readonly kind: 'answer';
  readonly call: CallRef;
  readonly exchange: Exchange;
  readonly outcome: Outcome;
  /** `position`: its request was not recorded. `again`: a retry of what was answered. */
  readonly how: 'content' | 'position' | 'nearest' | 'again' | 'edited';
  /** Counted from 1. */
  readonly attempt: number;
  readonly mismatch: Mismatch | undefined;
}

export interface TurnDecision {
  readonly kind: 'stop' | 'live';
  /** `unanswered`: the call has no recorded answer. */
  readonly why: 'until' | 'mismatch' | 'unanswered';
  readonly call: CallRef | undefined;
  readonly exchange: Exchange | undefined;
  readonly mismatch: Mismatch | undefined;
}

export type Decision = AnswerDecision | TurnDecision;

export interface Progress {
  /** Recorded calls that were asked for. */
  readonly asked: number;
  readonly calls: number;
}
