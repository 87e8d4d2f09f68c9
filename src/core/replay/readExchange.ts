import { type Fields, fieldsOf, textOf } from '../fields.ts';
import { jsonField } from '../jsonText.ts';
import type { SpanEvent, UnixMs } from '../model.ts';
import { keepRecorded } from '../recordedJson.ts';
import type { Exchange, Failure, Outcome } from './exchange.ts';
import { errorTypeOf, failureWords, saysLost } from './failureWords.ts';
import { nestsTooDeep } from './nesting.ts';

/** What a reader gives of the span of a call. */
export interface RecordedCall {
  readonly spanId: string;
  readonly name: string;
  readonly start: UnixMs | undefined;
  readonly end: UnixMs | undefined;
  readonly running: boolean;
  /** The whole text. */
  readonly error: string | undefined;
  /** JSON. */
  readonly metadata: string | undefined;
  readonly events: readonly SpanEvent[];
}

/** Reads what happened between a program and the API from the span of a call. Never throws. */
export function readExchange(call: RecordedCall): Exchange {
  const { spanId, name, start, events } = call;
  const deep = nestsTooDeep(call.metadata ?? '');
  const metadata = deep ? {} : parsedFields(call.metadata);
  const { request } = metadata;
  const retried = events.flatMap(event => (event.name === 'retry' ? [retryOf(event)] : []));
  return {
    spanId,
    name,
    start,
    request: Array.isArray(fieldsOf(request).messages) ? fieldsOf(request) : undefined,
    retried,
    outcome: deep
      ? { kind: 'missing', why: 'too-deep' }
      : outcomeOf(call, asRecorded(call, metadata)),
    duration: durationOf(call),
    firstToken: numberOf(metadata.time_to_first_token_ms),
  };
}

/** The answer beside its own text: a program in another language tells `1.0` from `1`. */
function asRecorded({ metadata: text = '' }: RecordedCall, metadata: Fields): Fields {
  const own = metadata.response === undefined ? undefined : jsonField(text, 'response');
  if (own === undefined) return metadata;
  // A copy: a part of a text keeps all of it in memory, and the rest is the request.
  const copy = ` ${own}`;
  const response: unknown = JSON.parse(copy);
  keepRecorded(response, copy);
  return { ...metadata, response };
}

function parsedFields(text: string | undefined): Fields {
  try {
    return fieldsOf(JSON.parse(text ?? '{}'));
  } catch {
    // Metadata that is no JSON holds no answer that could be given again.
    return {};
  }
}

function outcomeOf(call: RecordedCall, metadata: Fields): Outcome {
  const { response } = metadata;
  const requestId = idOf(metadata.request_id);
  const status = numberOf(metadata.http_status);
  if (status !== undefined && status >= 400) {
    return statusFailure(status, call.error ?? '', {
      type: metadata.error_type,
      body: response,
      requestId,
      retryAfterMs: numberOf(metadata.retry_after_ms),
    });
  }
  const message = isAnswer(response) ? fieldsOf(response) : undefined;
  if (metadata.incomplete === true) {
    // Who stopped early does so again.
    const how = metadata.stopped_early === true ? 'aborted' : howItBroke(call.error ?? '');
    return { kind: 'broken', message, how, requestId };
  }
  if (message) return { kind: 'message', message, requestId };
  if (response !== undefined && response !== null) return { kind: 'missing', why: 'foreign' };
  if (call.error === undefined) {
    return { kind: 'missing', why: call.running ? 'running' : 'unrecorded' };
  }
  if (call.error === 'aborted by the caller') {
    return { kind: 'broken', message: undefined, how: 'aborted', requestId };
  }
  const said = failureWords(call.error);
  if (said.status !== undefined) return statusFailure(said.status, call.error, { requestId });
  return saysLost(call.error) ? { kind: 'lost' } : { kind: 'missing', why: 'unrecorded' };
}

export const isAnswer = (value: unknown): boolean => {
  const { content, role, type } = fieldsOf(value);
  return Array.isArray(content) && (type === 'message' || role === 'assistant');
};

function howItBroke(error: string): Extract<Outcome, { kind: 'broken' }>['how'] {
  if (error === 'aborted by the caller') return 'aborted';
  if (error === 'the stream ended before the answer was whole') return 'ended';
  const [, type, message] = /^([a-z_]+_error): (.*)$/s.exec(error) ?? [];
  return type === undefined ? 'cut' : { type, message: message ?? '' };
}

function retryOf({ attributes }: SpanEvent): Failure {
  const fields = parsedFields(attributes);
  const status = numberOf(fields.status);
  if (status === undefined || status < 400) return { kind: 'lost' };
  return statusFailure(status, textOf(fields.error) ?? '', {
    type: fields.error_type,
    requestId: idOf(fields.request_id),
    retryAfterMs: numberOf(fields.retry_after_ms),
  });
}

interface Further {
  readonly type?: unknown;
  readonly body?: unknown;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

function statusFailure(
  status: number,
  words: string,
  { type, body, requestId, retryAfterMs }: Further,
): Failure {
  const said = failureWords(words);
  return {
    kind: 'status',
    // Anything else would be no status of HTTP, and the server could not send it.
    status: Math.min(599, Math.trunc(status)),
    type: textOf(type) ?? said.type ?? errorTypeOf(status),
    message: said.message,
    ...(fieldsOf(body).type === 'error' && { body }),
    requestId: requestId ?? idOf(said.requestId),
    retryAfterMs,
  };
}

/** Of the last attempt: what was waited between attempts is the program's own time. */
function durationOf({ start, end, events }: RecordedCall): number | undefined {
  const from = events.filter(event => event.name === 'retry').at(-1)?.time ?? start;
  if (from === undefined || end === undefined) return undefined;
  return Math.max(0, end - from);
}

/** It goes into a header, which takes no other characters. */
const idOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[\x21-\x7e]{1,200}$/.test(value) ? value : undefined;

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
