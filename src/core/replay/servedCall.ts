import type { Ms, UnixMs } from '../model.ts';
import type { AnswerDecision, CallRef, TurnDecision } from './decision.ts';
import type { Ending } from './replayEvents.ts';

/** Who answered a request of a replayed run. */
export type AnsweredBy = 'recording' | 'edit' | 'live' | 'nobody';

/** An answer that is no message. */
export interface ServedFailure {
  /** Undefined where the connection broke, or the error came within a stream. */
  readonly status?: number | undefined;
  readonly type?: string | undefined;
  /** As the tracer has it, so that a replay can be replayed. */
  readonly message: string;
  readonly retryAfterMs?: Ms | undefined;
}

/** A request that a program made while its run was replayed, and what it got. No keys are in it. */
export interface ServedCall {
  /** Counted from 1. */
  readonly request: number;
  /** The recorded call whose answer it got, or would have got. */
  readonly call: CallRef | undefined;
  readonly by: AnsweredBy;
  readonly how: AnswerDecision['how'] | TurnDecision['why'];
  /** Counted from 1. */
  readonly attempt: number;
  readonly ending: Ending;
  /** The body as it was sent, JSON text. */
  readonly body: string;
  readonly requestedModel: string;
  /** The answer, JSON text; of one that broke off, what had come. */
  readonly answer: string | undefined;
  readonly failure: ServedFailure | undefined;
  readonly requestId: string | undefined;
  /** How the request is not as recorded, as a sentence. */
  readonly difference: string | undefined;
  readonly start: UnixMs;
  readonly duration: Ms;
  readonly firstToken: Ms | undefined;
}

/** About how much memory it holds. */
export const charsOf = ({ body, answer = '' }: ServedCall): number =>
  body.length + answer.length + 2000;
