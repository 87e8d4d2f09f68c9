// What a served request got, as it is kept: words as the tracer has them, and never a key.
import type http from 'node:http';
import { type Fields, fieldsOf, textOf } from '../core/fields.ts';
import type { Outcome } from '../core/replay/exchange.ts';
import { errorTypeOf } from '../core/replay/failureWords.ts';
import { isTooDeep, nestsTooDeep } from '../core/replay/nesting.ts';
import { isAnswer } from '../core/replay/readExchange.ts';
import type { ServedCall } from '../core/replay/servedCall.ts';
import { isSecretHeader } from '../core/secretPatterns.ts';
import { messageText } from '../formats/messageEvents.ts';
import { serverEvents } from '../formats/sse.ts';
import { streamedMessage } from '../formats/streamedMessage.ts';
import { withoutKey } from '../net/apiFailure.ts';
import { retryAfterMs } from '../net/retryAfter.ts';

export type Served = Pick<ServedCall, 'answer' | 'failure' | 'requestId' | 'firstToken'>;

export const nothingServed: Served = {
  answer: undefined,
  failure: undefined,
  requestId: undefined,
  firstToken: undefined,
};

export const abortedWords = 'aborted by the caller';

/** Of a recorded answer that was given again. */
export function servedOutcome(outcome: Outcome): Served {
  switch (outcome.kind) {
    case 'message': {
      const { message, requestId } = outcome;
      return { ...nothingServed, answer: messageText(message), requestId };
    }
    case 'status': {
      const { status, type, message, body, retryAfterMs: wait, requestId } = outcome;
      const failure = { status, type, message, retryAfterMs: wait };
      const answer = body === undefined ? undefined : JSON.stringify(body);
      return { ...nothingServed, answer, failure, requestId };
    }
    case 'broken': {
      const { message, how, requestId } = outcome;
      const answer = message && JSON.stringify(message);
      return { ...nothingServed, answer, failure: { message: brokenWords(how) }, requestId };
    }
    default:
      return { ...nothingServed, failure: { message: 'Connection error.' } };
  }
}

function brokenWords(how: Extract<Outcome, { kind: 'broken' }>['how']): string {
  if (typeof how === 'object') return `${how.type}: ${how.message}`;
  if (how === 'aborted') return abortedWords;
  return how === 'ended' ? unfinished : 'the answer broke off';
}

const unfinished = 'the stream ended before the answer was whole';

/** Of an answer of the real API: more than answers are is not kept. */
const mostBytes = 16_000_000;

/** A copy of an answer of the real API, made while it passes. */
export interface AnswerCopy {
  add(chunk: Uint8Array): void;
  /** @param end whether all of it came */
  served(end: 'whole' | 'gone' | 'broken'): Served;
}

export function answerCopy({ status, headers }: Response): AnswerCopy {
  const from = performance.now();
  let chunks: Uint8Array[] = [];
  let bytes = 0;
  let firstToken: number | undefined;
  return {
    add(chunk) {
      firstToken ??= Math.round(performance.now() - from);
      bytes += chunk.byteLength;
      if (bytes <= mostBytes) chunks.push(chunk);
      else chunks = [];
    },
    served(end) {
      const requestId = headers.get('request-id') ?? undefined;
      const text = bytes > mostBytes ? '' : Buffer.concat(chunks).toString('utf8');
      const isStream = /text\/event-stream/i.test(headers.get('content-type') ?? '');
      const said = isStream ? streamed(text) : whole(text);
      const answer = said.message && JSON.stringify(said.message);
      const served = { ...nothingServed, answer, requestId, firstToken };
      if (status >= 400) {
        const { type, message } = fieldsOf(fieldsOf(said.message).error);
        const failure = {
          status,
          type: textOf(type) ?? errorTypeOf(status),
          message: textOf(message) ?? `HTTP ${status}`,
          retryAfterMs: retryAfterMs(headers),
        };
        return { ...served, failure };
      }
      if (end === 'gone') return { ...served, failure: { message: abortedWords } };
      if (end === 'broken') return { ...served, failure: { message: 'the answer broke off' } };
      const message = said.error ?? (said.isWhole || bytes > mostBytes ? undefined : unfinished);
      return message === undefined ? served : { ...served, failure: { message } };
    },
  };
}

interface Said {
  readonly message: Fields | undefined;
  readonly error?: string;
  readonly isWhole: boolean;
}

function whole(text: string): Said {
  const value = parsed(text);
  const message = value === undefined ? undefined : fieldsOf(value);
  return { message, isWhole: isAnswer(value) };
}

function streamed(text: string): Said {
  const answer = streamedMessage();
  let error: string | undefined;
  for (const { data } of serverEvents()(text)) {
    const event = fieldsOf(parsed(data));
    answer.add(event);
    if (event.type === 'error') {
      const { type, message } = fieldsOf(event.error);
      error = `${textOf(type) ?? 'api_error'}: ${textOf(message) ?? ''}`;
    }
  }
  const { message } = answer;
  const kept = isTooDeep(message) ? undefined : message;
  return { message: kept, isWhole: answer.whole, ...(error !== undefined && { error }) };
}

function parsed(text: string): unknown {
  if (nestsTooDeep(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // A page of a proxy, or half an answer: there is no message in it to keep.
    return undefined;
  }
}

/** Shorter ones, such as the placeholder, are words that a text may hold. */
const shortestSecret = 8;

/** Takes out of a text what a request carried as its key: a program, or a server, may repeat it. */
export function keyRemover(headers: http.IncomingHttpHeaders): (text: string) => string {
  const secrets = Object.entries(headers).flatMap(([name, value]) =>
    isSecretHeader(name) && value !== undefined
      ? [value].flat().flatMap(one => [one, one.replace(/^\S+\s+/, '')])
      : [],
  );
  const long = secrets.filter(one => one.length >= shortestSecret);
  return text => long.reduce(withoutKey, text);
}
