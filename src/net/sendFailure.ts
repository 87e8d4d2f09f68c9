import { TraceError } from '../core/errors.ts';
import { formatBytes, formatDuration } from '../core/format.ts';
import type { Ms } from '../core/model.ts';
import { type Asked, failureWords, quoted, saidIn } from './apiFailure.ts';
import { causeWords } from './causes.ts';

/** What came is not in the form of the Messages API. */
export class NotAnAnswer extends Error {}

export interface Circumstances {
  readonly cancelled: boolean;
  /** The head of an answer had come. */
  readonly answering: boolean;
  readonly ended: 'silence' | 'size' | undefined;
  readonly silenceMs: Ms;
  readonly mostBytes: number;
}

/** What a result says of a failure. */
export interface SendFailure {
  readonly error: TraceError;
  readonly status?: number | undefined;
  readonly errorType?: string | undefined;
  readonly retryAfterMs?: Ms | undefined;
  readonly requestId?: string;
}

/** Why a call failed, from what the SDK throws and from what is known beside it. */
export function sendFailure(error: unknown, asked: Asked, around: Circumstances): SendFailure {
  const { host, apiKey } = asked;
  if (error instanceof TraceError) return { error };
  if (around.cancelled) return { error: new TraceError('cancelled') };
  if (around.ended === 'size') {
    return { error: new TraceError('replayTooMuch', [host, formatBytes(around.mostBytes)]) };
  }
  const timedOut = (): SendFailure => ({
    error: new TraceError('replayTimedOut', [host, formatDuration(around.silenceMs)]),
  });
  if (around.ended === 'silence') return timedOut();
  if (error instanceof NotAnAnswer || error instanceof SyntaxError) {
    return { error: new TraceError('replayNoAnswer', [host, quoted(error.message, apiKey)]) };
  }
  const {
    name,
    status,
    error: said,
    headers,
  } = error as {
    readonly name?: unknown;
    readonly status?: unknown;
    readonly error?: unknown;
    readonly headers?: unknown;
  };
  if (name === 'APIConnectionTimeoutError') return timedOut();
  const ownStatus = typeof status === 'number' ? status : undefined;
  if (ownStatus !== undefined || said !== undefined) {
    const own = headers instanceof Headers ? headers : new Headers();
    const { type, retryAfterMs, ...others } = saidIn(ownStatus, said, own);
    const requestId = own.get('request-id');
    return {
      error: failureWords({ type, retryAfterMs, ...others }, asked),
      status: ownStatus,
      errorType: type,
      retryAfterMs,
      ...(requestId !== null && { requestId }),
    };
  }
  const words = quoted(causeWords(error), apiKey);
  // Only fetch's own words tell it from a server that nobody reaches.
  if (/\bredirect\b/.test(words)) return { error: new TraceError('replayRedirected', [host]) };
  const code = around.answering ? 'replayBrokeOff' : 'replayNoConnection';
  return { error: new TraceError(code, [host, words]) };
}
