import type { Ms, Usd } from '../core/model.ts';

/** A time or duration in JSON: to the microsecond, which is what tracers record. */
export function jsonMs(ms: Ms | undefined): number | null {
  return ms === undefined ? null : Math.round(ms * 1000) / 1000;
}

/** An amount in JSON, without the noise of its summing: no token costs less than 1e-8 dollars. */
export function jsonUsd(cost: Usd | undefined): number | null {
  return cost === undefined ? null : Number(cost.toFixed(10));
}

export function durationMs(start: Ms | undefined, end: Ms | undefined): number | null {
  return start === undefined || end === undefined ? null : jsonMs(end - start);
}

/** Unknown is null in JSON, never absent. */
export const orNull = <T>(value: T | undefined): T | null => value ?? null;
