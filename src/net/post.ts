import type { Delivery } from '../core/alerts/outbox.ts';
import { oneLine } from '../core/describe.ts';
import { formatDuration } from '../core/format.ts';
import type { Ms } from '../core/model.ts';
import { causeWords } from './causes.ts';
import type { Outgoing } from './channel.ts';
import { retryAfterMs } from './retryAfter.ts';

/** How long and how often one message is tried. */
export interface Trying {
  readonly timeoutMs: Ms;
  readonly attempts: number;
  /** Before the second attempt; twice as long before each one after. */
  readonly backoffMs: Ms;
  /** Longer waits are not waited for: the message is tried again at the next look. */
  readonly longestWaitMs: Ms;
  /** Ends all waiting; what was not taken by then is for later. */
  readonly signal: AbortSignal;
}

export const usualTrying: Omit<Trying, 'signal'> = {
  timeoutMs: 10_000,
  attempts: 3,
  backoffMs: 1000,
  longestWaitMs: 20_000,
};

/** What one attempt came to: undefined `retry` where another one would end the same. */
interface Attempt {
  readonly delivery: Delivery;
  readonly retry?: { readonly afterMs: Ms | undefined };
}

/** Sends a message until it was taken, was refused, or has been tried often enough. Never throws. */
export async function post(outgoing: Outgoing, name: string, trying: Trying): Promise<Delivery> {
  let wait = trying.backoffMs;
  for (let attempt = 1; ; attempt++) {
    const { delivery, retry } = await postOnce(outgoing, name, trying);
    if (!retry || trying.signal.aborted) return delivery;
    const ms = retry.afterMs ?? wait;
    wait *= 2;
    if (attempt >= trying.attempts || ms > trying.longestWaitMs) {
      if (delivery.state !== 'later' || retry.afterMs === undefined) return delivery;
      return { ...delivery, notBefore: Date.now() + retry.afterMs };
    }
    await pause(ms, trying.signal);
  }
}

async function postOnce(outgoing: Outgoing, name: string, trying: Trying): Promise<Attempt> {
  const later = (why: string, afterMs?: Ms): Attempt => ({
    delivery: { state: 'later', why: `${name} ${why}` },
    retry: { afterMs },
  });
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), trying.timeoutMs);
  const stop = (): void => timeout.abort();
  trying.signal.addEventListener('abort', stop);
  // One that is over already says so no more.
  if (trying.signal.aborted) stop();
  try {
    const { url, headers, body } = outgoing;
    const how = { method: 'POST', headers, body, signal: timeout.signal } as const;
    // The address is the secret, and what is sent is for nobody else: no redirect is followed.
    const response = await fetch(url, { ...how, redirect: 'manual' });
    const { status } = response;
    if (response.ok) {
      // It was taken. What else is said is not waited for.
      await response.body?.cancel().catch(() => undefined);
      return { delivery: { state: 'delivered' } };
    }
    const said = await beginningOf(response, outgoing);
    if (status === 408 || status === 425 || status === 429 || status >= 500) {
      const afterMs = retryAfterMs(response.headers);
      return later(`answers ${status}${said}`, afterMs);
    }
    const why =
      response.type === 'opaqueredirect' || (status >= 300 && status < 400)
        ? 'answers with a redirect, which is not followed. Give the address that it leads to.'
        : `refuses this: ${status}${said}`;
    return { delivery: { state: 'never', why: `${name} ${why}` } };
  } catch (error) {
    if (trying.signal.aborted) return later('was not waited for: the monitor ends.');
    if (timeout.signal.aborted) {
      return later(`does not answer within ${formatDuration(trying.timeoutMs)}.`);
    }
    return later(`cannot be reached: ${withoutAddress(causeWords(error), outgoing)}`);
  } finally {
    clearTimeout(timer);
    trying.signal.removeEventListener('abort', stop);
  }
}

const mostSaid = 200;

/** What a service says of its refusal. */
async function beginningOf(response: Response, outgoing: Outgoing): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  try {
    const { value } = await reader.read();
    await reader.cancel();
    const text = new TextDecoder().decode(value?.slice(0, 1000));
    return text === '' ? '' : `: ${withoutAddress(text, outgoing)}`;
  } catch {
    // It broke off: that it was refused is known all the same.
    return '';
  }
}

/** Whatever echoes the address of a webhook must not bring the secret into a log. */
function withoutAddress(text: string, { url }: Outgoing): string {
  const parts = [url, ...url.split(/[/?&=]/).filter(part => part.length >= 12)];
  const clean = parts.reduce((rest, part) => rest.replaceAll(part, '…'), text);
  return oneLine(clean.trim(), mostSaid);
}

function pause(ms: Ms, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
