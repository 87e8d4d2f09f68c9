import { TraceError } from '../core/errors.ts';
import { fieldsOf, textOf } from '../core/fields.ts';
import { formatDuration } from '../core/format.ts';
import { retryAfterMs } from './retryAfter.ts';

/** Who was asked, for the words of a failure. */
export interface Asked {
  /** Of the base URL. */
  readonly host: string;
  readonly model: string;
  readonly apiKey: string;
}

/** A failure that the API said itself. */
export interface SaidFailure {
  /** Undefined for one that came within a stream. */
  readonly status: number | undefined;
  /** `rate_limit_error` and its likes. */
  readonly type: string | undefined;
  readonly message: string;
  readonly retryAfterMs: number | undefined;
}

const mostChars = 500;

/** A foreign text in a sentence: on one line, bounded, without its full stop, and never with the key. */
export function quoted(text: string, apiKey: string): string {
  const line = withoutKey(text, apiKey).replace(/\s+/g, ' ').trim();
  const short = line.length > mostChars ? `${line.slice(0, mostChars)}…` : line;
  return short.replace(/\.$/, '');
}

export const withoutKey = (text: string, apiKey: string): string =>
  apiKey === '' ? text : text.replaceAll(apiKey, '[API key]');

/** What the body of an answer says that is an error; of other bodies, their beginning. */
export function saidIn(status: number | undefined, body: unknown, headers: Headers): SaidFailure {
  const error = fieldsOf(fieldsOf(body).error);
  const message =
    textOf(error.message) ??
    textOf(fieldsOf(body).error) ??
    textOf(fieldsOf(body).message) ??
    (typeof body === 'string' ? body : '');
  return {
    status,
    type: textOf(error.type),
    message: message || (status === undefined ? '' : `HTTP ${status}`),
    retryAfterMs: retryAfterMs(headers),
  };
}

/** A failure of the API in words, with a next step. */
export function failureWords(said: SaidFailure, asked: Asked): TraceError {
  const { host, model, apiKey } = asked;
  const words = quoted(said.message, apiKey);
  switch (kindOf(said)) {
    case 'key':
      return new TraceError('replayKeyRefused', [host, words]);
    case 'forbidden':
      return new TraceError('replayForbidden', [host, words]);
    case 'billing':
      return new TraceError('replayBilling', [host, words]);
    case 'missing':
      // `not_found_error: model: claude-x`; without that, nobody is there who knows models.
      return /model/i.test(said.message) && said.type === 'not_found_error'
        ? new TraceError('replayUnknownModel', [host, quoted(model, apiKey), words])
        : new TraceError('replayNoApi', [host, words]);
    case 'long':
      return new TraceError('replayTooLong', [host, words]);
    case 'limited': {
      const { retryAfterMs: wait } = said;
      const when = wait === undefined ? 'in a while' : `in ${formatDuration(wait)}`;
      return new TraceError('replayLimited', [host, words, when]);
    }
    case 'overloaded':
      return new TraceError('replayOverloaded', [host, words]);
    case 'failed':
      return new TraceError('replayServerFailed', [host, words]);
    case 'rejected':
      return new TraceError('replayRejected', [host, words]);
  }
}

type Kind =
  | 'key'
  | 'forbidden'
  | 'billing'
  | 'missing'
  | 'long'
  | 'limited'
  | 'overloaded'
  | 'failed'
  | 'rejected';

const kindsByType: Readonly<Record<string, Kind>> = {
  authentication_error: 'key',
  permission_error: 'forbidden',
  billing_error: 'billing',
  not_found_error: 'missing',
  request_too_large: 'long',
  rate_limit_error: 'limited',
  overloaded_error: 'overloaded',
  api_error: 'failed',
  timeout_error: 'failed',
  invalid_request_error: 'rejected',
};
const kindsByStatus: Readonly<Record<number, Kind>> = {
  401: 'key',
  402: 'billing',
  403: 'forbidden',
  404: 'missing',
  405: 'missing',
  413: 'long',
  429: 'limited',
  529: 'overloaded',
};

/** The status has the last word, since proxies in between answer without a type; a stream has none. */
function kindOf({ status, type }: SaidFailure): Kind {
  const byType = type === undefined ? undefined : kindsByType[type];
  if (status === undefined) return byType ?? 'failed';
  return kindsByStatus[status] ?? byType ?? (status >= 500 ? 'failed' : 'rejected');
}
