// A server on this machine that speaks the wire format of the Messages API, for the real SDK to talk to.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Json = Record<string, unknown>;

export interface ApiRequest {
  readonly headers: http.IncomingHttpHeaders;
  readonly url: string;
  readonly body: Json;
  /** As it came. */
  readonly text: string;
}

/** What the server answers with. */
export type Reply =
  | { readonly message: Json; readonly betweenMs?: number }
  /** Sends so many events of the answer, then closes the connection, says an error, or holds it open. */
  | {
      readonly message: Json;
      readonly events: number;
      readonly after: 'cut' | 'hang' | 'end' | { readonly type: string; readonly message: string };
    }
  | {
      readonly status: number;
      readonly error: { readonly type: string; readonly message: string };
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** No answer at all: the connection is closed, or held open. */
  | { readonly refuse: true }
  | { readonly silent: true }
  /** Anything else. */
  | { readonly raw: (response: http.ServerResponse) => unknown };

export interface MessagesApi {
  readonly baseURL: string;
  readonly requests: readonly ApiRequest[];
  close(): Promise<void>;
}

/** @param answer gives the reply to each request, counted from 0 */
export async function startMessagesApi(
  answer: (request: ApiRequest, count: number) => Reply | Promise<Reply>,
): Promise<MessagesApi> {
  const requests: ApiRequest[] = [];
  const server = http.createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const body = JSON.parse(text || '{}') as Json;
    const request = { headers: incoming.headers, url: incoming.url ?? '', body, text };
    requests.push(request);
    const id = `req_${String(requests.length).padStart(4, '0')}`;
    const reply = await answer(request, requests.length - 1);
    await send(response, reply, body.stream === true, id);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function send(
  response: http.ServerResponse,
  reply: Reply,
  stream: boolean,
  id: string,
): Promise<void> {
  if ('silent' in reply) return;
  if ('refuse' in reply) {
    response.destroy();
    return;
  }
  if ('raw' in reply) {
    await reply.raw(response);
    return;
  }
  if ('status' in reply) {
    const { status, error, headers } = reply;
    response.writeHead(status, {
      'content-type': 'application/json',
      'request-id': id,
      ...headers,
    });
    response.end(JSON.stringify({ type: 'error', error, request_id: id }));
    return;
  }
  if (!stream) {
    response.writeHead(200, { 'content-type': 'application/json', 'request-id': id });
    response.end(JSON.stringify(reply.message));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': id });
  const write = (event: Json): void => void response.write(eventText(event));
  const all = eventsOf(reply.message);
  const events = 'events' in reply ? all.slice(0, reply.events) : all;
  for (const [at, event] of events.entries()) {
    write(event);
    if (at === 1) response.write('event: ping\ndata: {"type": "ping"}\n\n');
    if ('betweenMs' in reply && reply.betweenMs) await sleep(reply.betweenMs);
  }
  if (!('after' in reply)) response.end();
  else if (reply.after === 'end') response.end();
  else if (reply.after === 'cut') {
    await sleep(20);
    response.destroy();
  } else if (reply.after !== 'hang') {
    write({ type: 'error', error: reply.after });
    response.end();
  }
}

/** An event as it stands in a stream, also where it is none. */
export const eventText = (event: unknown): string =>
  `event: ${(event as Json | null)?.type ?? 'x'}\ndata: ${JSON.stringify(event)}\n\n`;

/** Answers with this body, whatever it is. */
export const rawReply = (
  type: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Reply => ({
  raw: response => response.writeHead(200, { 'content-type': type, ...headers }).end(body),
});

/** Sends the piece again and again, until the caller lets go. */
export const endlessReply = (type: string, piece: Uint8Array): Reply => ({
  raw: response => {
    response.writeHead(200, { 'content-type': type });
    const more = (): void => {
      while (!response.destroyed && response.write(piece));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  },
});

/** The events in which the API streams a message: counts first, then each block in pieces, then its end. */
export function eventsOf(message: Json): readonly Json[] {
  const { content, stop_reason, stop_sequence, usage, ...head } = message as Json & {
    content: Json[];
    usage: Json;
  };
  const { output_tokens, output_tokens_details, ...counts } = usage;
  return [
    {
      type: 'message_start',
      message: {
        ...head,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { ...counts, output_tokens: 1 },
      },
    },
    ...content.flatMap(blockEvents),
    {
      type: 'message_delta',
      delta: { stop_reason, stop_sequence: stop_sequence ?? null },
      usage: {
        ...counts,
        output_tokens,
        ...(output_tokens_details ? { output_tokens_details } : {}),
      },
    },
    { type: 'message_stop' },
  ];
}

function blockEvents(block: Json, index: number): readonly Json[] {
  const delta = (fields: Json): Json => ({ type: 'content_block_delta', index, delta: fields });
  const pieces = (text: string): string[] => text.match(/[\s\S]{1,7}/g) ?? [];
  const [empty, deltas] = ((): [Json, Json[]] => {
    switch (block.type) {
      case 'text':
        return [
          { ...block, text: '' },
          pieces(String(block.text)).map(text => delta({ type: 'text_delta', text })),
        ];
      case 'thinking':
        return [
          { ...block, thinking: '', signature: '' },
          [
            ...pieces(String(block.thinking)).map(thinking =>
              delta({ type: 'thinking_delta', thinking }),
            ),
            delta({ type: 'signature_delta', signature: block.signature }),
          ],
        ];
      case 'tool_use':
        return [
          { ...block, input: {} },
          ['', ...pieces(JSON.stringify(block.input))].map(partial_json =>
            delta({ type: 'input_json_delta', partial_json }),
          ),
        ];
      default:
        return [block, []];
    }
  })();
  return [
    { type: 'content_block_start', index, content_block: empty },
    ...deltas,
    { type: 'content_block_stop', index },
  ];
}

/** A whole answer, as the API gives it. */
export const apiMessage = (fields: Json & { readonly usage: Json }): Json => ({
  id: 'msg_01',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-4-5-20251001',
  stop_reason: 'end_turn',
  stop_sequence: null,
  ...fields,
});
