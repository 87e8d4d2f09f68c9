const perSecond = 1_000_000_000n;

/**
 * Nanoseconds of a time in seconds, as trace files hold it; undefined for what OTLP has no time for.
 * A double holds the seconds of today to 0.24 microseconds, so that the way back gives the same double.
 */
export function nanosOfSeconds(seconds: number | undefined): bigint | undefined {
  if (seconds === undefined || !(seconds >= 0 && seconds < 1.8e10)) return undefined;
  const whole = Math.floor(seconds);
  return BigInt(whole) * perSecond + BigInt(Math.round((seconds - whole) * 1e9));
}

export const secondsOfNanos = (nanos: bigint): number =>
  Number(nanos / perSecond) + Number(nanos % perSecond) / 1e9;
