/** How far the steady clock may be off before it is set again: a laptop slept, or the time was corrected. */
const mostDriftMs = 20;

let offset = Date.now() - performance.now();

/** Milliseconds of a clock that never goes back: durations are differences of it. */
export const steadyNow = (): number => performance.now();

/** Milliseconds since 1970 of a moment of the steady clock, with its fractions. */
export const epochOf = (steady: number): number => steady + offset;

/** Called now and then, when a run starts: between two calls all spans share one clock. */
export function setClock(): void {
  const now = Date.now() - performance.now();
  if (Math.abs(now - offset) > mostDriftMs) offset = now;
}
