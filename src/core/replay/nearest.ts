import { fieldsOf } from '../fields.ts';
import type { CallRef, Mismatch } from './decision.ts';
import { requestDifference } from './difference.ts';
import type { Exchange } from './exchange.ts';
import type { NormalRequest } from './normalRequest.ts';

/** A recorded call, and how often it was asked for. */
export interface Call {
  readonly ref: CallRef;
  readonly exchange: Exchange;
  readonly at: number;
  readonly normal: NormalRequest | undefined;
  /** Attempts that were given; the call is done once its outcome was. */
  given: number;
  done: boolean;
}

/**
 * Of these calls, the one whose request begins most like it; of several, the one that has the same settings,
 * then as many messages, then the first.
 */
export function nearestOf(calls: readonly Call[], now: NormalRequest): Call | undefined {
  let best: { readonly call: Call; readonly score: readonly number[] } | undefined;
  for (const call of calls) {
    const { normal } = call;
    if (!normal) continue;
    const score = [
      sharedMessages(normal, now),
      Number(normal.headKey === now.headKey),
      -Math.abs(normal.messages.length - now.messages.length),
    ];
    if (!best || isHigher(score, best.score)) best = { call, score };
  }
  return best?.call ?? calls[0];
}

function sharedMessages(
  { messageKeys: a }: NormalRequest,
  { messageKeys: b }: NormalRequest,
): number {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  return same;
}

function isHigher(score: readonly number[], other: readonly number[]): boolean {
  for (const [at, value] of score.entries()) {
    const against = other[at] ?? 0;
    if (value !== against) return value > against;
  }
  return false;
}

export function mismatchOf(
  nearest: Call | undefined,
  repeated: boolean,
  now: NormalRequest,
): Mismatch {
  if (!nearest) return { kind: 'more' };
  const { ref: from, normal: recorded } = nearest;
  if (repeated) return { kind: 'repeated', from };
  const difference = recorded && requestDifference(recorded, now);
  return recorded && difference
    ? { kind: 'differs', from, difference, recorded, now }
    : { kind: 'more' };
}

/** Equal for requests whose prompts count the same tokens. */
export function promptKey({ head, messageKeys }: NormalRequest): string {
  const { model, system, tools, tool_choice, thinking } = head;
  return JSON.stringify([model, system, tools, tool_choice, thinking, messageKeys]);
}

/** All tokens of a call's prompt, as the API counted them. */
export function promptTokens({ outcome }: Exchange): number | undefined {
  if (outcome.kind !== 'message' && outcome.kind !== 'broken') return undefined;
  const usage = fieldsOf(fieldsOf(outcome.message).usage);
  if (typeof usage.input_tokens !== 'number') return undefined;
  const counts = [usage.cache_read_input_tokens, usage.cache_creation_input_tokens];
  return counts.reduce<number>(
    (sum, count) => sum + (typeof count === 'number' ? count : 0),
    usage.input_tokens,
  );
}
