import type { Usage } from '../core/model.ts';
import { inputTokens, totalTokens } from '../core/usage.ts';

/** What tells whether two spans are of one call. */
export interface CallFacts {
  /** The library that recorded it. */
  readonly scope: string | undefined;
  /** Seconds. */
  readonly start: number;
  readonly end: number | undefined;
  readonly failed: boolean;
  readonly model: string;
  readonly usage: Usage;
  readonly responseId: string | undefined;
  /** The prompt stands in it. */
  readonly hasRequest: boolean;
}

/** Seconds: libraries round their times to milliseconds. */
const rounding = 0.002;

/**
 * Whether a span directly around another one is of the same call: instrumentations record calls of SDKs that
 * record their own. One library never records a call twice, and another answer is another call, however alike.
 */
export function isSameCall(outer: CallFacts, inner: CallFacts): boolean {
  if (outer.scope === undefined || inner.scope === undefined) return false;
  if (outer.scope === inner.scope || !isOneModel(outer.model, inner.model)) return false;
  // Not their ends: what is read from a stream is ended by whoever comes first.
  if (inner.start < outer.start - rounding) return false;
  if (outer.end !== undefined && inner.start > outer.end + rounding) return false;
  if (outer.responseId !== undefined && inner.responseId !== undefined) {
    return outer.responseId === inner.responseId;
  }
  const [given, own] = [totalTokens(outer.usage), totalTokens(inner.usage)];
  if (given === undefined && own === undefined) return outer.failed && inner.failed;
  return isSameUsage(outer.usage, inner.usage);
}

/** Of the two, the call is the one that says more; where both do, the outer one. */
export function isInnerTheCall(outer: CallFacts, inner: CallFacts): boolean {
  const [given, own] = [totalTokens(outer.usage), totalTokens(inner.usage)];
  if ((given === undefined) !== (own === undefined)) return given === undefined;
  return inner.hasRequest && !outer.hasRequest;
}

/** The name that was asked for may lack the date of the one that answered. */
const isOneModel = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);

/** Not all libraries know of caches. */
const isSameUsage = (a: Usage, b: Usage): boolean =>
  a.output === b.output && (inputTokens(a) === inputTokens(b) || a.input === b.input);
