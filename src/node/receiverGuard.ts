import { randomBytes } from 'node:crypto';
import type http from 'node:http';
import { isEqual, isFromPage, isLoopbackHost } from './loopbackGuard.ts';

/** What OTLP sends; the last is taken and not kept. */
export type Signal = 'traces' | 'logs' | 'metrics';
export type Coding = 'identity' | 'gzip' | 'deflate';
export type BodyType = 'protobuf' | 'json';

/** What a request sends, by what stands before its body. */
export interface Admitted {
  readonly signal: Signal;
  readonly type: BodyType;
  readonly coding: Coding;
}

/** Why a request is not taken: an HTTP status, and `google.rpc.Status` for its body. */
export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const signals: ReadonlyMap<string, Signal> = new Map([
  ['/v1/traces', 'traces'],
  ['/v1/logs', 'logs'],
  ['/v1/metrics', 'metrics'],
]);
const types: ReadonlyMap<string, BodyType> = new Map([
  ['application/x-protobuf', 'protobuf'],
  ['application/protobuf', 'protobuf'],
  ['application/json', 'json'],
]);
const codings: ReadonlyMap<string, Coding> = new Map([
  ['identity', 'identity'],
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
]);

/** The header that holds the token, where one is asked for: exporters send what OTEL_EXPORTER_OTLP_HEADERS says. */
export const tokenHeader = 'x-agent-traces-token';

export const receiverToken = (): string => randomBytes(24).toString('base64url');

/**
 * What a request sends, or why it is refused, before its body is read.
 *
 * No token is asked for unless whoever starts the receiver wants one: agents that are instrumented already
 * send to http://localhost:4318 without one, and the receiver gives nothing away: it only takes. Pages in a
 * browser are what must not write here; they cannot hide where they come from, nor the name that they asked
 * for, and without an answer to their preflight they may not send these types at all.
 */
export function admitOtlp(
  { headers, url = '', method }: Pick<http.IncomingMessage, 'headers' | 'url' | 'method'>,
  port: number,
  token: string | undefined,
): Admitted | Refusal {
  if (!isLoopbackHost(headers, port)) {
    return {
      status: 403,
      code: 7,
      message: 'Send to 127.0.0.1 or localhost: other names are refused.',
    };
  }
  if (isFromPage(headers)) {
    return { status: 403, code: 7, message: 'Requests of pages in a browser are refused.' };
  }
  const given = headers[tokenHeader];
  if (token !== undefined && !(typeof given === 'string' && isEqual(given, token))) {
    const message = `Send the receiver's token in the header ${tokenHeader}: set OTEL_EXPORTER_OTLP_HEADERS as it says.`;
    return { status: 401, code: 16, message };
  }
  const [path = ''] = url.split('?');
  const signal = signals.get(path.replace(/\/$/, ''));
  if (!signal) {
    const message =
      'There is /v1/traces and /v1/logs here: set OTEL_EXPORTER_OTLP_ENDPOINT to the address without a path.';
    return { status: 404, code: 5, message };
  }
  if (method !== 'POST') {
    return { status: 405, code: 12, message: 'Send with POST.', headers: { allow: 'POST' } };
  }
  const type = bodyType(headers['content-type']);
  if (!type) {
    const message =
      'Send application/x-protobuf or application/json: set OTEL_EXPORTER_OTLP_PROTOCOL to http/protobuf or http/json.';
    return { status: 415, code: 3, message };
  }
  const coding = codings.get((headers['content-encoding'] ?? 'identity').trim().toLowerCase());
  if (!coding) {
    const message = 'Send bodies as they are, or compressed with gzip or deflate.';
    return { status: 415, code: 3, message, headers: { 'accept-encoding': 'gzip, deflate' } };
  }
  return { signal, type, coding };
}

/** What `content-type` names, whatever stands behind it. */
export const bodyType = (contentType: string | undefined): BodyType | undefined =>
  types.get((contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '');
