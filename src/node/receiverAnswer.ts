import type http from 'node:http';
import {
  encodeAnswer,
  encodeAnswerJson,
  encodeRefusal,
  type OtlpAnswer,
} from '../formats/otlpAnswer.ts';
import type { BodyType, Refusal, Signal } from './receiverGuard.ts';

const contentTypes: Readonly<Record<BodyType, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** Taken, perhaps not all of it. */
export function sendAnswer(
  response: http.ServerResponse,
  type: BodyType,
  signal: Signal,
  answer: OtlpAnswer,
): void {
  const counted = signal === 'logs' ? 'rejectedLogRecords' : 'rejectedSpans';
  const body = type === 'json' ? encodeAnswerJson(answer, counted) : encodeAnswer(answer);
  send(response, 200, type, body, {});
}

/** Not taken; said in the type in which was sent, and in JSON where that is neither of the two. */
export function sendRefusal(
  response: http.ServerResponse,
  type: BodyType | undefined,
  { status, code, message, headers }: Refusal,
): void {
  const body =
    type === 'protobuf' ? encodeRefusal({ code, message }) : JSON.stringify({ code, message });
  send(response, status, type ?? 'json', body, headers ?? {});
}

function send(
  response: http.ServerResponse,
  status: number,
  type: BodyType,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>>,
): void {
  response
    .writeHead(status, {
      'content-type': contentTypes[type],
      'content-length': Buffer.byteLength(body),
      // What a page could get at all, it is not to take for something else.
      'x-content-type-options': 'nosniff',
      ...headers,
    })
    .end(body);
}
