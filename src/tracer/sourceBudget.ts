import { type CallSite, callSiteAbove } from '../node/callSite.ts';
import { steadyNow } from './clock.ts';
import type { Called } from './spanHost.ts';

const perSecond = 200;

/**
 * Finds where spans are opened, for so many a second: an agent opens far fewer, and one that floods would
 * pay more for the places than for all the rest.
 */
export function sourceFinder(
  source: boolean | 'always',
): ((called: Called) => CallSite | undefined) | undefined {
  if (source === 'always') return safeCallSite;
  if (!source) return undefined;
  let left = perSecond;
  let second = Number.NaN;
  return called => {
    const now = Math.floor(steadyNow() / 1000);
    if (now !== second) {
      second = now;
      left = perSecond;
    }
    if (left === 0) return undefined;
    left--;
    return safeCallSite(called);
  };
}

function safeCallSite(called: Called): CallSite | undefined {
  try {
    return callSiteAbove(called);
  } catch {
    // Where `Error` is frozen, stacks cannot be asked for: spans then have no place.
    return undefined;
  }
}
