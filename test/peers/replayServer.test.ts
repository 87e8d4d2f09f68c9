import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import type { RunScript } from '../../src/core/replay/script.ts';
import { apiMessage, type Json, startMessagesApi } from '../tools/messagesApi.ts';
import { call } from '../unit/support/replay.ts';
import { cleanUp, key, type Replayed, serve } from './replay.ts';

const request = {
  model: 'claude-haiku-4-5',
  max_tokens: 50,
  messages: [{ role: 'user' as const, content: 'How is the ice?' }],
};
const answer = (text: string): Json =>
  apiMessage({ content: [{ type: 'text', text }], usage: { input_tokens: 7, output_tokens: 9 } });
const scriptOf = (...metadata: Json[]): RunScript => ({
  runId: 'r',
  name: 'run',
  exchanges: metadata.map((one, at) => call(String(at + 1), { request, ...one })),
});
const script = scriptOf({ response: answer('It melts.') });

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Json;
}

/** A request as any program could make it: fetch would not let its host be another. */
function ask(
  url: string,
  {
    method = 'POST',
    headers = {},
    body = JSON.stringify(request),
  }: {
    readonly method?: string;
    readonly headers?: http.OutgoingHttpHeaders;
    readonly body?: string | Buffer | undefined;
  } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = http.request(
      url,
      { method, headers: { 'x-api-key': key, ...headers } },
      response => {
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const { statusCode: status = 0, headers } = response;
          resolve({ status, headers, body: JSON.parse(text) });
        });
      },
    );
    sent.on('error', reject);
    sent.end(method === 'GET' ? undefined : body);
  });
}

describe('The replay server', () => {
  afterEach(cleanUp);

  const assertRefused = (
    { status, headers, body }: Answer,
    expected: number,
    type: string,
    words: RegExp,
  ) => {
    assert.equal(status, expected);
    assert.equal(headers['x-should-retry'], 'false');
    const error = body.error as Json;
    assert.deepEqual(
      [body.type, error.type, body.request_id],
      ['error', type, headers['request-id']],
    );
    assert.match(String(error.message), words);
  };

  for (const [title, change, options, status, type, words] of [
    [
      'another host',
      (url: string) => url,
      { headers: { host: 'evil.example' } },
      403,
      'permission_error',
      /only under the address/,
    ],
    [
      'another port',
      (url: string) => url,
      { headers: { host: '127.0.0.1:1' } },
      403,
      'permission_error',
      /only under the address/,
    ],
    [
      'a name that begins like this machine',
      (url: string) => url,
      { headers: { host: 'localhost.evil.example' } },
      403,
      'permission_error',
      /only under the address/,
    ],
    [
      'a web page',
      (url: string) => url,
      { headers: { origin: 'https://evil.example' } },
      403,
      'permission_error',
      /web pages/,
    ],
    [
      'a page without a name',
      (url: string) => url,
      { headers: { origin: 'null' } },
      403,
      'permission_error',
      /web pages/,
    ],
    [
      'a page of this machine',
      (url: string) => url,
      { headers: { 'sec-fetch-site': 'same-site' } },
      403,
      'permission_error',
      /web pages/,
    ],
    [
      'no token',
      (url: string) => url.replace(/\/[\w-]{32}/, ''),
      {},
      401,
      'authentication_error',
      /lacks the token/,
    ],
    [
      'a wrong token',
      (url: string) => url.replace(/\/[\w-]{32}/, `/${'x'.repeat(32)}`),
      {},
      401,
      'authentication_error',
      /lacks the token/,
    ],
    [
      'a part of the token',
      (url: string) => url.replace(/\/([\w-]{31})[\w-]/, '/$1'),
      {},
      401,
      'authentication_error',
      /lacks the token/,
    ],
    [
      'another path',
      (url: string) => url.replace('messages', 'models'),
      {},
      404,
      'not_found_error',
      /not POST \/v1\/models/,
    ],
    [
      'a path above',
      (url: string) => `${url}/../complete`,
      {},
      404,
      'not_found_error',
      /only \/v1\/messages/,
    ],
    [
      'reading instead of asking',
      (url: string) => url,
      { method: 'GET' },
      404,
      'not_found_error',
      /not GET \/v1\/messages/,
    ],
    [
      'no JSON',
      (url: string) => url,
      { body: '{"messages":' },
      400,
      'invalid_request_error',
      /no JSON object/,
    ],
    [
      'no messages',
      (url: string) => url,
      { body: '[]' },
      400,
      'invalid_request_error',
      /no JSON object/,
    ],
    [
      'lists within lists',
      (url: string) => url,
      { body: '['.repeat(1_000_000) },
      400,
      'invalid_request_error',
      /nests too deeply/,
    ],
    [
      '100 MB',
      (url: string) => url,
      { body: Buffer.alloc(100_000_000, 'x') },
      413,
      'request_too_large',
      /larger than the 32\.0 MB/,
    ],
    [
      'tokens of a prompt that was not recorded',
      (url: string) => `${url}/count_tokens`,
      { body: '{"messages":[]}' },
      404,
      'not_found_error',
      /No recorded call has this prompt/,
    ],
  ] as const) {
    it(`refuses ${title}, in the form of the API, and goes on`, async () => {
      const { server, events, client } = await serve(script);
      const url = change(`${server.baseUrl}/v1/messages`);
      assertRefused(await ask(url, options), status, type, words);
      assert.deepEqual(
        events.map(event => event.kind),
        ['refused'],
      );
      assert.ok(!JSON.stringify(events).includes(key));
      assert.deepEqual(await client.messages.create(request), answer('It melts.'));
    });
  }

  it('listens on this machine alone, and answers under each of its names', async () => {
    const { server } = await serve(scriptOf({ response: answer('a') }, { response: answer('b') }));
    const url = `${server.baseUrl}/v1/messages?beta=true`;
    assert.match(server.baseUrl, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}$/);
    assert.deepEqual((await ask(url)).body, answer('a'));
    const host = `localhost:${new URL(url).port}`;
    assert.deepEqual((await ask(url, { headers: { host } })).body, answer('b'));
  });

  it('counts the tokens of a prompt that was recorded', async () => {
    const { client, server } = await serve(script);
    const { max_tokens: _, ...counted } = request;
    assert.deepEqual(await client.messages.countTokens(counted), { input_tokens: 7 });
    assert.equal(server.summary.asked, 0);
  });

  /** Streams the answer, until something of it has come. */
  async function begun(client: Anthropic): Promise<ReturnType<Anthropic['messages']['stream']>> {
    const stream = client.messages.stream(request);
    stream.on('error', () => undefined);
    await new Promise<void>(resolve => stream.once('text', () => resolve()));
    return stream;
  }
  const slow = scriptOf(
    { response: answer('It melts. '.repeat(200)) },
    { response: answer('Next.') },
  );
  const slowly = {
    ...slow,
    exchanges: slow.exchanges.map(one => ({ ...one, firstToken: 1, duration: 5_000 })),
  };
  const until = async (done: () => boolean): Promise<void> => {
    while (!done()) await new Promise(resolve => setTimeout(resolve, 2));
  };

  it('goes on when a client went away in mid-stream', async () => {
    const { client, events } = await serve(slowly, { timing: true });
    (await begun(client)).abort();
    await until(() => events.some(event => event.kind === 'ended'));
    assert.deepEqual(events.at(-1), { kind: 'ended', request: 1, ending: 'gone' });
    await begun(client);
  });

  it('does not keep in memory what a client does not take, and ends with it', async () => {
    const { server, events } = await serve(scriptOf({ response: answer('x'.repeat(100_000_000)) }));
    const { port, pathname } = new URL(`${server.baseUrl}/v1/messages`);
    const socket = net.connect(Number(port), '127.0.0.1');
    const body = JSON.stringify({ ...request, stream: true });
    socket.write(
      `POST ${pathname} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await new Promise(resolve => socket.once('readable', resolve));
    assert.deepEqual(
      events.map(event => event.kind),
      ['matched'],
      'it waits for the client',
    );
    socket.destroy();
    await until(() => events.length > 1);
    assert.deepEqual(events.at(-1), { kind: 'ended', request: 1, ending: 'gone' });
  });

  it('gives an answer of 100 MB, and streams one of 20 MB to the real SDK', async function () {
    this.timeout(60_000);
    const [large, smaller] = ['It melts. '.repeat(10_000_000), 'It melts. '.repeat(2_000_000)];
    const { client, server } = await serve(
      scriptOf({ response: answer(large) }, { response: answer(smaller) }),
    );
    const { body } = await ask(`${server.baseUrl}/v1/messages`);
    assert.ok(JSON.stringify(body) === JSON.stringify(answer(large)));
    const { content } = await client.messages.stream(request).finalMessage();
    assert.ok(content[0]?.type === 'text' && content[0].text === smaller);
  });

  it('is closed in mid-stream: the program gets an error, and nothing is left', async () => {
    const { client, server, events } = await serve(slowly, { timing: true });
    const stream = await begun(client);
    await server.close();
    await assert.rejects(stream.finalMessage(), Anthropic.AnthropicError);
    assert.deepEqual(events.at(-1), { kind: 'ended', request: 1, ending: 'gone' });
    await assert.rejects(
      client.messages.create(request, { maxRetries: 0 }),
      Anthropic.APIConnectionError,
    );
    await server.close();
  });

  it('is closed while it waits for a body, and while the real API answers', async () => {
    const api = await startMessagesApi(() => ({ message: answer('It'), events: 3, after: 'hang' }));
    try {
      const live = { until: 0, fromUntil: 'live', liveUrl: api.baseURL } as const;
      const { client, server, events } = await serve(script, live);
      await begun(client);
      const { port, pathname } = new URL(`${server.baseUrl}/v1/messages`);
      const socket = net.connect(Number(port), '127.0.0.1');
      socket.write(
        `POST ${pathname} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-length: 9\r\n\r\n{`,
      );
      const closed = new Promise(resolve => socket.once('close', resolve));
      socket.on('error', () => undefined);
      await server.close();
      await closed;
      assert.deepEqual(
        events.map(event => event.kind),
        ['live', 'ended'],
      );
    } finally {
      await api.close();
    }
  });

  it('says that the real API cannot be reached, and names no key', async () => {
    const gone = await startMessagesApi(() => ({ refuse: true }));
    await gone.close();
    const { client, events } = await serve(script, {
      until: 0,
      fromUntil: 'live',
      liveUrl: gone.baseURL,
    });
    const thrown = await client.messages.create(request, { maxRetries: 0 }).catch(caught => caught);
    assert.ok(thrown instanceof Anthropic.InternalServerError);
    assert.match(
      thrown.message,
      /The real API at 127\.0\.0\.1:\d+ could not be reached: ECONNREFUSED/,
    );
    assert.ok(!JSON.stringify([thrown.message, thrown.error, events]).includes(key));
  });

  it('follows no redirect of the real API, which would take the key along', async () => {
    let carried: http.IncomingHttpHeaders | undefined;
    const other = await startMessagesApi(({ headers }) => {
      carried = headers;
      return { message: answer('x') };
    });
    const api = http.createServer((_, response) => {
      response.writeHead(307, { location: `${other.baseURL}/v1/messages` }).end();
    });
    await new Promise<void>(resolve => api.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = api.address() as net.AddressInfo;
      const liveUrl = `http://127.0.0.1:${port}`;
      const { client } = await serve(script, { until: 0, fromUntil: 'live', liveUrl });
      await assert.rejects(
        client.messages.create(request, { maxRetries: 0 }),
        /could not be reached/,
      );
      assert.equal(carried, undefined);
    } finally {
      api.closeAllConnections();
      api.close();
      await other.close();
    }
  });

  it('gives the errors of the real API as they are', async () => {
    const error = { type: 'authentication_error', message: 'invalid x-api-key' };
    const api = await startMessagesApi(() => ({
      status: 401,
      error,
      headers: { 'x-extra': 'kept' },
    }));
    try {
      const { client }: Replayed = await serve(scriptOf(), {
        onDifference: 'live',
        liveUrl: api.baseURL,
      });
      const thrown = await client.messages.create(request).catch(caught => caught);
      assert.ok(thrown instanceof Anthropic.AuthenticationError);
      assert.deepEqual([thrown.headers.get('x-extra'), thrown.requestID], ['kept', 'req_0001']);
    } finally {
      await api.close();
    }
  });
});
