import type http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fields } from '../core/fields.ts';
import type { Exchange, Failure, Outcome } from '../core/replay/exchange.ts';
import type { Ending } from '../core/replay/replayEvents.ts';
import { eventText, messageEvents, messageText } from '../formats/messageEvents.ts';
import type { Refusal } from './replayGuard.ts';

export interface Sending {
  readonly response: http.ServerResponse;
  /** Aborted when the client goes away or the server is closed. */
  readonly signal: AbortSignal;
  readonly stream: boolean;
  /** With the times that were recorded. */
  readonly timing: boolean;
  /** The request id where none was recorded. */
  readonly requestId: string;
}

/** A pause of a recording that someone forgot over night is not waited for. */
const longestPause = 600_000;
/** A program that gave up on a call when it was recorded is expected to do so again. */
const longestHold = 60_000;

/** Sends what was recorded, up to where it broke off. Rejects when the signal is aborted. */
export async function sendOutcome(
  outcome: Exclude<Outcome, { readonly kind: 'missing' }>,
  exchange: Exchange,
  isLast: boolean,
  to: Sending,
): Promise<Ending> {
  switch (outcome.kind) {
    case 'lost':
      to.response.destroy();
      return 'broken';
    case 'status':
      sendFailure(outcome, isLast, to);
      return 'failed';
    case 'message':
      if (to.stream) await sendStream(outcome, exchange, to);
      else await sendWhole(outcome, exchange, to);
      return 'answered';
    case 'broken':
      return sendBroken(outcome, exchange, to);
  }
}

function sendFailure(failure: Failure & { kind: 'status' }, isLast: boolean, to: Sending): void {
  const { status, type, message, body, retryAfterMs } = failure;
  const requestId = failure.requestId ?? to.requestId;
  const headers = waitHeaders(retryAfterMs, to.timing || isLast);
  // Where the recorded program gave up, this one does.
  if (isLast) headers['x-should-retry'] = 'false';
  const said = body ?? { type: 'error', error: { type, message }, request_id: requestId };
  sendJson(to.response, status, said, { 'request-id': requestId, ...headers });
}

/** How long the API asked to wait. The SDK goes by the milliseconds where both are there. */
function waitHeaders(ms: number | undefined, asRecorded: boolean): Record<string, string> {
  const seconds = ms !== undefined && ms % 1000 === 0 ? String(ms / 1000) : undefined;
  const exact = ms !== undefined && seconds === undefined ? String(ms) : undefined;
  const millis = asRecorded ? exact : '1';
  return {
    ...(seconds !== undefined && { 'retry-after': seconds }),
    ...(millis !== undefined && { 'retry-after-ms': millis }),
  };
}

export function sendJson(
  response: http.ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** In the form of the API; the SDK does not try again what cannot be otherwise. */
export function sendError(
  response: http.ServerResponse,
  { status, type, message }: Refusal,
  requestId: string,
): void {
  sendJson(
    response,
    status,
    { type: 'error', error: { type, message }, request_id: requestId },
    { 'request-id': requestId, 'x-should-retry': 'false' },
  );
}

type Message = Outcome & { kind: 'message' };

async function sendWhole(
  { message, requestId = '' }: Message,
  exchange: Exchange,
  to: Sending,
): Promise<void> {
  await pause(to.timing ? exchange.duration : 0, to.signal);
  const headers = { 'request-id': requestId || to.requestId };
  to.response.writeHead(200, { 'content-type': 'application/json', ...headers });
  await write(messageText(message), to);
  to.response.end();
}

async function sendStream(outcome: Message, exchange: Exchange, to: Sending): Promise<void> {
  await sendEvents(messageEvents(outcome.message), outcome.requestId, exchange, to);
  to.response.end();
}

async function sendBroken(
  { message, how, requestId }: Outcome & { kind: 'broken' },
  exchange: Exchange,
  to: Sending,
): Promise<Ending> {
  const { response, signal, stream } = to;
  if (how === 'aborted') {
    if (message && stream) await sendEvents(messageEvents(message, false), requestId, exchange, to);
    await pause(longestHold, signal);
    response.destroy();
    return 'aborted';
  }
  if (typeof how === 'object' && !stream) {
    const status = statuses[how.type] ?? 500;
    sendFailure({ kind: 'status', status, requestId, ...how }, true, to);
    return 'failed';
  }
  if (stream) {
    await sendEvents(message ? messageEvents(message, false) : [], requestId, exchange, to);
  } else {
    response.writeHead(200, { 'content-type': 'application/json' });
    const text = JSON.stringify(message ?? {});
    await write(text.slice(0, text.length / 2), to);
  }
  if (typeof how === 'object') await write(eventText({ type: 'error', error: how }), to);
  if (how === 'cut') response.destroy();
  else response.end();
  return 'broken';
}

const statuses: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

const ping = 'event: ping\ndata: {"type": "ping"}\n\n';

async function sendEvents(
  events: readonly Fields[],
  requestId: string | undefined,
  { firstToken = 0, duration = 0 }: Exchange,
  to: Sending,
): Promise<void> {
  to.response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'request-id': requestId ?? to.requestId,
  });
  to.response.flushHeaders();
  if (to.timing) await pause(firstToken || duration / 2, to.signal);
  const between = to.timing ? Math.max(0, duration - firstToken) / Math.max(1, events.length) : 0;
  const from = performance.now();
  for (const [at, event] of events.entries()) {
    await write(eventText(event), to);
    if (at === 1) await write(ping, to);
    // Against the beginning, so that the waits of hundreds of events do not add up to more.
    if (between > 0) await pause(from + between * (at + 1) - performance.now(), to.signal);
  }
}

/** Waits until it was handed on, so that a slow client does not have it all in memory. */
function write(text: string, { response, signal }: Sending): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const gone = (): void => reject(signal.reason);
    signal.addEventListener('abort', gone, { once: true });
    response.write(text, error => {
      signal.removeEventListener('abort', gone);
      if (error) reject(error);
      else resolve();
    });
  });
}

async function pause(ms: number | undefined, signal: AbortSignal): Promise<void> {
  if (ms !== undefined && ms > 0) {
    await sleep(Math.min(ms, longestPause), undefined, { signal });
  }
}
