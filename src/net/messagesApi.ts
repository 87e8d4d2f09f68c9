import { TraceError } from '../core/errors.ts';
import { type Fields, fieldsOf, textOf } from '../core/fields.ts';
import { jsonField } from '../core/jsonText.ts';
import type { Ms, UnixMs } from '../core/model.ts';
import { isStreamed } from '../core/replay/bodyText.ts';
import { isTooDeep } from '../core/replay/nesting.ts';
import { isAnswer } from '../core/replay/readExchange.ts';
import { streamedMessage } from '../formats/streamedMessage.ts';
import { anthropicUrl, apiUrl } from './apiAddress.ts';
import type { ApiResponse } from './apiClient.ts';
import { type Asked, quoted, withoutKey } from './apiFailure.ts';
import { boundedFetch } from './boundedFetch.ts';
import { NotAnAnswer, sendFailure } from './sendFailure.ts';

/** Beyond this much, an answer is not taken. */
export const mostAnswerBytes = 100_000_000;
/** As the SDK's own: enough for a model that thinks for long before it begins. */
export const defaultSilenceMs = 600_000;
/** Attempts after the first one, as the SDK's own: of 408, 409, 429, 5xx and lost connections. */
export const defaultRetries = 2;

export interface SendOptions {
  /** The body, JSON text: it is sent as it is. Whether it is streamed is its own field `stream`. */
  readonly body: string;
  /** Used for this call; neither kept nor said anywhere. */
  readonly apiKey: string;
  /** Without `/v1/messages`. By default Anthropic's own. */
  readonly baseUrl?: string | undefined;
  /** For the header `anthropic-beta`. */
  readonly betas?: readonly string[] | undefined;
  /** Ends the call; what had come is given all the same. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each event of a streamed answer, with what the answer is so far. */
  readonly onPiece?: ((event: Fields, soFar: () => Fields | undefined) => void) | undefined;
  readonly maxRetries?: number | undefined;
  /** How long the API may say nothing, before the answer begins and within it. */
  readonly silenceMs?: Ms | undefined;
  readonly mostBytes?: number | undefined;
  /** Set in a browser. */
  readonly browser?: boolean | undefined;
}

/** What came of a call. It is given also where the call failed: `error` says why, in words. */
export interface Sent {
  /** As the API gives it whole; of an answer that broke off, what had come. */
  readonly message: Fields | undefined;
  /** `cancelled` where the signal ended it. */
  readonly error: TraceError | undefined;
  /** Of the failure, where the API said one. */
  readonly status: number | undefined;
  readonly errorType: string | undefined;
  /** How long it asked to wait. */
  readonly retryAfterMs: Ms | undefined;
  readonly requestId: string | undefined;
  readonly retries: number;
  readonly start: UnixMs;
  readonly duration: Ms;
  /** From the last attempt. */
  readonly firstToken: Ms | undefined;
  /** Of `@anthropic-ai/sdk`, which sent it. */
  readonly sdkVersion: string | undefined;
}

type Facts = { -readonly [K in keyof Sent]?: Sent[K] };

const nothing = {
  error: undefined,
  status: undefined,
  errorType: undefined,
  retryAfterMs: undefined,
  requestId: undefined,
  firstToken: undefined,
  sdkVersion: undefined,
} satisfies Facts;

/** Sends a request to the Messages API, or to a server that speaks it. Never rejects. */
export async function sendMessages(options: SendOptions): Promise<Sent> {
  const start = Date.now();
  const facts: Facts = {};
  try {
    const asked = askedOf(options);
    Object.assign(facts, await exchange(options, asked));
  } catch (error) {
    facts.error = TraceError.from(error);
  }
  const { message, requestId, errorType, retries = 0, ...others } = facts;
  // A server may put the key that it got anywhere, and all of this is kept.
  const own = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : quoted(text, options.apiKey);
  return {
    ...nothing,
    ...others,
    requestId: own(requestId),
    errorType: own(errorType),
    message: message && scrubbed(message, options.apiKey),
    retries,
    start,
    duration: Date.now() - start,
  };
}

/** @throws where nothing can be sent */
function askedOf({ apiKey, baseUrl = anthropicUrl, body }: SendOptions): Asked {
  if (apiKey === '') throw new TraceError('replayNoKey');
  // In a header it would be an error that holds the key.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new TraceError('replayBadKey');
  const { host } = apiUrl(baseUrl, apiKey);
  const model = jsonField(body, 'model');
  return { host, apiKey, model: (model && textOf(JSON.parse(model))) ?? '' };
}

async function exchange(options: SendOptions, asked: Asked): Promise<Facts> {
  const { body, baseUrl = anthropicUrl, betas = [], signal, onPiece } = options;
  const { silenceMs = defaultSilenceMs, mostBytes = mostAnswerBytes } = options;
  const facts: Facts = { retries: -1 };
  // Whatever ends the call, the SDK says the same: that it was aborted.
  let ended: 'silence' | 'size' | undefined;
  const controller = new AbortController();
  const end = (why: typeof ended): void => {
    ended ??= why;
    controller.abort();
  };
  const onAbort = (): void => controller.abort();
  if (signal?.aborted) controller.abort();
  signal?.addEventListener('abort', onAbort, { once: true });
  let answering = false;
  let attemptStart = 0;
  let silence: ReturnType<typeof setTimeout> | undefined;
  const heard = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => end('silence'), silenceMs);
  };
  const bounded = boundedFetch({
    mostBytes,
    onBytes: heard,
    onEnd: () => clearTimeout(silence),
    onTooMuch: () => end('size'),
  });
  try {
    const client = await import('./apiClient.ts');
    facts.sdkVersion = client.sdkVersion;
    const sent = await client.postMessages({
      apiKey: asked.apiKey,
      baseUrl: baseUrl.replace(/\/+$/, '').replace(/\/v1$/, ''),
      body,
      stream: isStreamed(body),
      betas,
      signal: controller.signal,
      maxRetries: options.maxRetries ?? defaultRetries,
      timeoutMs: Math.max(1, Math.round(silenceMs)),
      browser: options.browser ?? false,
      fetch: (input, init) => {
        facts.retries = (facts.retries ?? -1) + 1;
        attemptStart = Date.now();
        return bounded(input, init);
      },
    });
    facts.requestId = sent.response.headers.get('request-id') ?? undefined;
    answering = true;
    await read(sent, facts, (event, soFar) => {
      if (event.type === 'content_block_delta') facts.firstToken ??= Date.now() - attemptStart;
      onPiece?.(event, soFar);
    });
    // A stream that is aborted ends as if it were whole.
    if (signal?.aborted || ended) throw new Error('aborted');
    if (isTooDeep(facts.message)) {
      // What walks it uses the stack.
      delete facts.message;
      throw new TraceError('replayNoAnswer', [asked.host, 'it nests too deeply']);
    }
    if (!facts.message) throw new TraceError('replayNoAnswer', [asked.host, 'an empty answer']);
  } catch (error) {
    Object.assign(
      facts,
      sendFailure(error, asked, {
        cancelled: signal?.aborted === true,
        answering,
        ended,
        silenceMs,
        mostBytes,
      }),
    );
  } finally {
    clearTimeout(silence);
    signal?.removeEventListener('abort', onAbort);
    controller.abort();
  }
  facts.retries = Math.max(0, facts.retries ?? 0);
  return facts;
}

/** Puts what came into the facts as it comes, so that it is there when it breaks off. */
async function read(
  { response, events }: ApiResponse,
  facts: Facts,
  told: NonNullable<SendOptions['onPiece']>,
): Promise<void> {
  const type = response.headers.get('content-type') ?? '';
  if (!/text\/event-stream/i.test(type)) {
    const text = await response.text();
    const message = parsed(text);
    if (!isAnswer(message)) throw new NotAnAnswer(text || type);
    facts.message = fieldsOf(message);
    return;
  }
  const answer = streamedMessage();
  try {
    // It aborts this controller where it is left early, which is no failure.
    for await (const event of events(new AbortController())) {
      answer.add(fieldsOf(event));
      told(event, () => answer.message);
      if (answer.whole) break;
    }
  } finally {
    facts.message = answer.message;
  }
  if (!answer.whole) throw new Error('the stream ended before the answer was whole');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A page of a proxy, perhaps: it is said that this is no answer.
    return undefined;
  }
}

/** A server that repeats what it was sent must not bring the key into a file. */
function scrubbed(message: Fields, apiKey: string): Fields {
  const text = JSON.stringify(message);
  if (apiKey === '' || !text.includes(apiKey)) return message;
  return fieldsOf(JSON.parse(withoutKey(text, apiKey)));
}
