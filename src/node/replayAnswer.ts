import type http from 'node:http';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fillIn } from '../core/errors.ts';
import { type Fields, fieldsOf } from '../core/fields.ts';
import type { AnswerDecision } from '../core/replay/decision.ts';
import { mismatchWords, stopWords } from '../core/replay/describeReplay.ts';
import type { Ending } from '../core/replay/replayEvents.ts';
import { forwardMessages, headersOf } from '../net/forwardMessages.ts';
import { type Replaying, realApi } from './replayOptions.ts';
import { sendError, sendOutcome } from './replaySend.ts';
import { type AnswerCopy, answerCopy, nothingServed, servedOutcome } from './servedAnswer.ts';
import { type Notice, noticed } from './servedNotice.ts';

export interface Asked {
  readonly number: number;
  readonly path: string;
  readonly bytes: Buffer<ArrayBuffer>;
  readonly fields: Fields;
  readonly incoming: http.IncomingMessage;
  readonly response: http.ServerResponse;
  readonly signal: AbortSignal;
}

/** Answers a request for a message: as recorded, from the real API, or with the reason why not. */
export async function answerRequest(replaying: Replaying, asked: Asked): Promise<void> {
  const { plan, words, tell, options } = replaying;
  const { number: request, signal } = asked;
  const decision = plan.next(asked.fields, retryOf(asked.incoming));
  const calls = options.script.exchanges.length;
  const { mismatch, call } = decision;
  const expected = decision.kind !== 'answer' && decision.why === 'until';
  if (mismatch && !expected) {
    const follows = decision.kind === 'answer' ? 'nearest' : decision.kind;
    tell({
      kind: 'differed',
      request,
      mismatch,
      words: mismatchWords(mismatch, calls, words),
      follows,
    });
  }
  let ending: Ending = 'gone';
  const difference = mismatch && !expected ? mismatchWords(mismatch, calls, words) : undefined;
  const notice = noticed(asked, decision, difference);
  try {
    if (decision.kind === 'answer') {
      const { how, attempt } = decision;
      tell({ kind: 'matched', request, call: decision.call, how, attempt });
      notice.got(() => servedOutcome(decision.outcome));
      ending = await sendRecorded(replaying, asked, decision);
    } else if (decision.kind === 'live') {
      tell({ kind: 'live', request, call, why: decision.why });
      ending = await sendLive(replaying, asked, notice);
    } else {
      const message = stopWords(decision, calls, words);
      tell({ kind: 'stopped', request, call, why: decision.why, words: message });
      const refusal = { status: 422, type: 'invalid_request_error', message };
      notice.got(() => ({ ...nothingServed, failure: refusal }));
      sendError(asked.response, refusal, idOf(request));
      ending = 'stopped';
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    tell({ kind: 'ended', request, ending, live: decision.kind === 'live' });
    replaying.recorder?.add(notice.call(ending));
  }
}

/** Which retry the SDK says it is. */
function retryOf({ headers }: http.IncomingMessage): number | undefined {
  const said = headers['x-stainless-retry-count'];
  return typeof said === 'string' && /^\d{1,6}$/.test(said) ? Number(said) : undefined;
}

const idOf = (request: number): string => `req_replay_${request}`;

async function sendRecorded(
  { options }: Replaying,
  { number, fields, response, signal }: Asked,
  { outcome, exchange, how }: AnswerDecision,
): Promise<Ending> {
  // The plan gives no decision to answer with what is not there.
  if (outcome.kind === 'missing') return 'stopped';
  const isLast = outcome === exchange.outcome;
  return sendOutcome(outcome, exchange, isLast, {
    response,
    signal,
    stream: fields.stream === true,
    timing: options.timing === true && how !== 'edited',
    requestId: idOf(number),
  });
}

async function sendLive(
  { options, words, recorder }: Replaying,
  { number, path, bytes, incoming, response, signal }: Asked,
  notice: Notice,
): Promise<Ending> {
  const baseUrl = options.liveUrl ?? realApi;
  let answer: Response;
  try {
    const { headers } = incoming;
    answer = await forwardMessages({ baseUrl, path, headers, body: bytes, signal });
  } catch (error) {
    signal.throwIfAborted();
    const message = fillIn(words.replayNoApi, [new URL(baseUrl).host, causeOf(error)]);
    const refusal = { status: 502, type: 'api_error', message };
    notice.got(() => ({ ...nothingServed, failure: refusal }));
    sendError(response, refusal, idOf(number));
    return 'failed';
  }
  const copy = recorder && answerCopy(answer);
  response.writeHead(answer.status, headersOf(answer));
  response.flushHeaders();
  try {
    if (!answer.body) response.end();
    else {
      const from = Readable.fromWeb(answer.body as WebStream);
      if (copy) await pipeline(from, copying(copy), response, { signal });
      else await pipeline(from, response, { signal });
    }
  } catch (error) {
    const end = signal.aborted ? 'gone' : 'broken';
    if (copy) notice.got(() => copy.served(end));
    throw error;
  }
  if (copy) notice.got(() => copy.served('whole'));
  return answer.ok ? 'answered' : 'failed';
}

const copying = ({ add }: AnswerCopy): Transform =>
  new Transform({
    transform(chunk, _, done) {
      add(chunk);
      done(null, chunk);
    },
  });

type WebStream = Parameters<typeof Readable.fromWeb>[0];

/** Why fetch failed; what it says of headers would quote them, and among them is the key. */
function causeOf(error: unknown): string {
  const { code, message, name } = fieldsOf(error instanceof Error ? (error.cause ?? error) : {});
  const said = error instanceof Error && error.message === 'fetch failed' ? message : name;
  return String(code ?? said ?? '');
}
