import { type Fields, fieldsOf, textOf } from '../core/fields.ts';
import { type ServerEvent, serverEvents } from '../formats/sse.ts';
import { streamedMessage } from '../formats/streamedMessage.ts';
import type { SdkCallOptions, SdkRequest } from './anthropicTypes.ts';
import { type ApiFailure, failureOf, isRetried, requestIdOf } from './apiFailure.ts';
import type { CallUsage } from './callUsage.ts';
import { steadyNow } from './clock.ts';
import { errorText } from './errorText.ts';
import { errorBody, watchedBody } from './readBody.ts';
import type { Span } from './span.ts';

const abortedWords = 'aborted by the caller';
/** How much later than announced a next attempt may come, before none is expected any more. */
const graceMs = 90_000;

/** Who reads a streamed answer. */
export interface Reader {
  /** Left the loop over the answer before its end, which fails nothing. */
  left: boolean;
}

/** One call of the Messages API, over all of its attempts. */
export class AnthropicCall {
  readonly #span: Span;
  readonly #options: SdkCallOptions;
  readonly #maxRetries: number;
  readonly #requestModel: string;
  readonly #reader: Reader | undefined;
  #attempts = 0;
  #attemptStart = 0;
  /** Set between two attempts. */
  #failure: (ApiFailure & { readonly at: number }) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(
    span: Span,
    options: SdkCallOptions,
    maxRetries: number,
    requestModel: string,
    reader: Reader | undefined,
  ) {
    this.#span = span;
    this.#options = options;
    this.#maxRetries = options.maxRetries ?? maxRetries;
    this.#requestModel = requestModel;
    this.#reader = reader;
  }

  /** Whether the next attempt belongs to it. */
  get waits(): boolean {
    return this.#failure !== undefined && !this.#ended;
  }

  attempt(): void {
    const now = steadyNow();
    const failure = this.#failure;
    if (failure) {
      this.#stopWaiting();
      this.#span.metadata.retries = this.#attempts;
      this.#span.event('retry', {
        attempt: this.#attempts + 1,
        error: failure.words,
        ...(failure.status !== undefined && { status: failure.status }),
        ...(failure.type && { error_type: failure.type }),
        ...(failure.requestId && { request_id: failure.requestId }),
        ...(failure.retryAfterMs !== undefined && { retry_after_ms: failure.retryAfterMs }),
        wait_ms: Math.round(now - failure.at),
      });
    }
    this.#attempts++;
    this.#attemptStart = now;
  }

  /** No answer came: no connection, a time-out, or the caller gave up. */
  threw(error: unknown): void {
    const aborted = this.#options.signal?.aborted === true;
    const cause = (error as { cause?: unknown } | undefined)?.cause;
    const words =
      cause === undefined ? errorText(error) : `${errorText(error)} (${errorText(cause)})`;
    // The SDK's own timer ends an attempt in the same way as a caller does.
    const late = (error as { name?: unknown } | undefined)?.name === 'AbortError';
    const { timeout } = this.#options;
    if (late && !aborted) {
      this.#failed({ words: `timed out: no answer within ${timeout ?? '?'} ms` }, true);
    } else if (aborted) this.#fail({ words: abortedWords });
    else this.#failed({ words }, true);
  }

  /** Looks at an answer, and gives what the caller gets: the same, or one that is watched while it is read. */
  async answered(response: Response, request: SdkRequest): Promise<Response> {
    try {
      return await this.#answered(response, request);
    } catch (error) {
      // A fetch of the program's own may give answers that cannot be copied.
      this.#fail({ words: `the answer could not be recorded: ${errorText(error)}` });
      return response;
    }
  }

  async #answered(response: Response, request: SdkRequest): Promise<Response> {
    if (!response.ok) {
      const failure = failureOf(response, await errorBody(response.clone()));
      this.#failed(failure, isRetried(response));
      return response;
    }
    this.#span.metadata.request_id = requestIdOf(response);
    if (this.#options.stream) return this.#watched(response, request);
    const copy = response.clone();
    try {
      this.#keepAnswer(fieldsOf(JSON.parse(await copy.text())));
      this.#end();
    } catch (error) {
      this.#fail({ words: this.#whyBroken(error, request) });
    }
    return response;
  }

  #watched(response: Response, request: SdkRequest): Response {
    const answer = streamedMessage();
    const events = serverEvents();
    const stop = (words: string | undefined, early = false): void => {
      if (this.#ended) return;
      request.signal?.removeEventListener('abort', onAbort);
      if (answer.message) this.#keepAnswer(answer.message);
      if (early) this.#stoppedEarly();
      if (words === undefined) {
        this.#end();
        return;
      }
      this.#span.metadata.incomplete = true;
      this.#fail({ words });
    };
    const onAbort = (): void => {
      const early = !this.#options.signal?.aborted || this.#reader?.left === true;
      stop(early ? undefined : abortedWords, early);
    };
    request.signal?.addEventListener('abort', onAbort, { once: true });
    const take = ({ event, data }: ServerEvent): void => {
      if (this.#ended || event === 'ping') return;
      const fields = fieldsOf(JSON.parse(data));
      const error = fieldsOf(fields.error);
      if (event === 'error') {
        stop(`${textOf(error.type) ?? event}: ${textOf(error.message) ?? data}`);
        return;
      }
      if (answer.add(fields) === 'content_block_delta') {
        this.#span.metadata.time_to_first_token_ms ??= this.#sinceAttempt();
      }
      if (answer.whole) stop(undefined);
    };
    const watched = watchedBody(response, {
      text: text => {
        try {
          events(text).forEach(take);
        } catch (error) {
          stop(`the answer could not be read: ${errorText(error)}`);
        }
      },
      end: () => stop('the stream ended before the answer was whole'),
      broken: error => stop(this.#whyBroken(error, request)),
      cancelled: onAbort,
    });
    if (!watched) stop('the answer cannot be read here: its body is no ReadableStream');
    return watched ?? response;
  }

  /** By the caller's own will: what was read was enough. */
  #stoppedEarly(): void {
    const { metadata } = this.#span;
    metadata.incomplete = true;
    metadata.stopped_early = true;
    if (metadata.response === undefined) this.#span.nameModel(this.#requestModel, undefined);
  }

  #whyBroken(error: unknown, request: SdkRequest): string {
    const aborted = this.#options.signal?.aborted || request.signal?.aborted;
    return aborted ? abortedWords : `the answer broke off: ${errorText(error)}`;
  }

  #sinceAttempt(): number {
    return Math.round((steadyNow() - this.#attemptStart) * 10) / 10;
  }

  #keepAnswer(message: Fields): void {
    this.#span.metadata.response = message;
    const model = textOf(message.model) ?? this.#requestModel;
    this.#span.recordLlmCall(model, fieldsOf(message.usage) as CallUsage);
  }

  #failed(failure: ApiFailure, mayRetry: boolean): void {
    if (!mayRetry || this.#attempts > this.#maxRetries) {
      this.#fail(failure);
      return;
    }
    this.#failure = { ...failure, at: steadyNow() };
    this.#options.signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#timer = setTimeout(
      () => this.#fail({ ...failure, words: `${failure.words} (no further attempt came)` }),
      graceMs + Math.min(3_600_000, Math.max(0, failure.retryAfterMs ?? 0)),
    );
    this.#timer.unref();
  }

  readonly #onAbort = (): void => this.#fail({ words: abortedWords });

  #stopWaiting(): void {
    this.#failure = undefined;
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
  }

  #fail(failure: ApiFailure): void {
    if (this.#ended) return;
    this.#stopWaiting();
    this.#ended = true;
    const { metadata } = this.#span;
    // A call that was answered in part has its model and usage from there.
    if (metadata.response === undefined) {
      // An error that the API answers with is free; what it did for a call that nobody waited for is not known.
      this.#span.nameModel(this.#requestModel, failure.status === undefined ? undefined : 0);
    }
    if (failure.answer !== undefined) metadata.response = failure.answer;
    if (failure.status !== undefined) metadata.http_status = failure.status;
    if (failure.type !== undefined) metadata.error_type = failure.type;
    if (failure.retryAfterMs !== undefined) metadata.retry_after_ms = failure.retryAfterMs;
    metadata.request_id ??= failure.requestId;
    this.#span.fail(failure.words);
  }

  #end(): void {
    if (this.#ended) return;
    this.#stopWaiting();
    this.#ended = true;
    this.#span.end();
  }
}
