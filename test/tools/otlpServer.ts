// A server on this machine that takes OTLP, and notes what came.
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';
import type { OtlpSpan } from '../../src/formats/otlp.ts';
import { decodeOtlpJson } from '../../src/formats/otlpJson.ts';
import { decodeTraces } from '../../src/formats/otlpProtobuf.ts';

export interface Received {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly spans: readonly OtlpSpan[];
}

export interface OtlpServer {
  readonly origin: string;
  /** Whole requests, in the order in which they came. */
  readonly received: Received[];
  close(): Promise<void>;
}

/**
 * What is answered to a request, counted from 0; undefined: 200 with nothing. `cut` ends the connection:
 * `cut-unanswered` after all was taken.
 */
export type Answer =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Uint8Array;
    }
  | 'cut-request'
  | 'cut-answer'
  | 'cut-unanswered'
  | undefined;

export async function startOtlpServer(
  answer: (count: number) => Answer | Promise<Answer> = () => undefined,
  tls?: { readonly key: string; readonly cert: string },
): Promise<OtlpServer> {
  const received: Received[] = [];
  let count = 0;
  const handle: http.RequestListener = async (request, response) => {
    const reply = await answer(count++);
    if (reply === 'cut-request') {
      request.once('data', () => request.socket.destroy());
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? zlib.gunzipSync(sent) : sent;
    const isJson = /json/.test(request.headers['content-type'] ?? '');
    if (typeof reply !== 'object' || reply.status === 200) {
      const traces = isJson ? decodeOtlpJson(body.toString()) : decodeTraces(body).value;
      received.push({
        path: request.url ?? '',
        headers: request.headers,
        body,
        resource: Object.fromEntries(
          traces.resourceSpans.flatMap(one =>
            one.resource.attributes.map(({ key, value }) => [key, value]),
          ),
        ),
        spans: traces.resourceSpans.flatMap(one => one.scopeSpans.flatMap(scope => scope.spans)),
      });
    }
    if (reply === 'cut-unanswered') {
      request.socket.destroy();
      return;
    }
    if (reply === 'cut-answer') {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 900 });
      response.write('{"partial');
      setImmediate(() => request.socket.destroy());
      return;
    }
    const type = isJson ? 'application/json' : 'application/x-protobuf';
    response.writeHead(reply?.status ?? 200, { 'Content-Type': type, ...reply?.headers });
    response.end(reply?.body ?? (isJson ? '{}' : ''));
  };
  const server = tls ? https.createServer(tls, handle) : http.createServer(handle);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
