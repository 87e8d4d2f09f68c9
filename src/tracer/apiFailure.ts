import { fieldsOf, textOf } from '../core/fields.ts';
import { retryAfterMs } from '../net/retryAfter.ts';

/** Why an attempt failed. */
export interface ApiFailure {
  readonly words: string;
  /** Undefined where no answer came. */
  readonly status?: number;
  readonly type?: string | undefined;
  readonly requestId?: string | undefined;
  /** Milliseconds that the server asked to wait. */
  readonly retryAfterMs?: number | undefined;
  /** What the server said, as JSON where it is. */
  readonly answer?: unknown;
}

export function failureOf(response: Response, body: string): ApiFailure {
  const { status, headers } = response;
  const answer = parsed(body);
  const error = fieldsOf(fieldsOf(answer).error);
  const type = textOf(error.type);
  const message = textOf(error.message) ?? (typeof answer === 'string' ? answer.slice(0, 500) : '');
  return {
    words: [status, type && `${type}:`, message].filter(Boolean).join(' '),
    status,
    type,
    requestId: requestIdOf(response),
    retryAfterMs: retryAfterMs(headers),
    answer: answer === '' ? undefined : answer,
  };
}

export const requestIdOf = ({ headers }: Response): string | undefined =>
  headers.get('request-id') ?? undefined;

/** Whether the SDK tries again after such an answer, as it documents it: by status, or as the server says. */
export function isRetried({ status, headers }: Response): boolean {
  const said = headers.get('x-should-retry');
  if (said === 'true' || said === 'false') return said === 'true';
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy in between answers in its own words.
    return text;
  }
}
