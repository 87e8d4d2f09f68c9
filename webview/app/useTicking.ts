import { useEffect, useState } from 'react';
import type { UnixMs } from '../../src/core/model.ts';

/** The time, anew every ten seconds: ages grow while one looks. */
export function useTicking(now: () => UnixMs): UnixMs {
  const [time, setTime] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), 10_000);
    return () => clearInterval(timer);
  }, [now]);
  return time;
}
