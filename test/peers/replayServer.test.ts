import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import { startMessagesApi } from '../tools/messagesApi.ts';
import { cleanUp, key, type Replayed, serve } from './replay.ts';
import { type Answer, answer, ask, request, script, scriptOf } from './replayAsk.ts';

describe('The replay server', () => {
  afterEach(cleanUp);

  it('listens on this machine alone, and answers under each of its names', async () => {
    const { server } = await serve(scriptOf({ response: answer('a') }, { response: answer('b') }));
    const url = `${server.baseUrl}/v1/messages?beta=true`;
    assert.match(server.baseUrl, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}$/);
    assert.deepEqual((await ask(url)).body, answer('a'));
    const host = `localhost:${new URL(url).port}`;
    assert.deepEqual((await ask(url, { headers: { host } })).body, answer('b'));
  });

  it('answers from what a broken recorder wrote, or says that it cannot', async () => {
    const odd = 'line\r\nx-injected: 1 \u{1f642}';
    const { server } = await serve(
      scriptOf(
        { response: { ...answer('a'), id: odd, model: null, usage: [1] }, request_id: odd },
        { http_status: 99_999.5, error_type: odd, request_id: odd, retry_after_ms: 1e300 },
        { http_status: 400, response: { type: 'error', error: [], request_id: 5 } },
        { response: { role: 'assistant', content: [null, 1, 'x', { type: odd, input: null }] } },
        { response: { role: 'assistant', content: 'none' } },
      ),
    );
    const url = `${server.baseUrl}/v1/messages`;
    const answers: Answer[] = [];
    for (let count = 0; count < 5; count++) answers.push(await ask(url));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 599, 400, 200, 422],
    );
    assert.ok(answers.every(({ headers }) => headers['x-injected'] === undefined));
    assert.equal(answers[0]?.body.id, odd);
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
    assert.deepEqual(events.at(-1), { kind: 'ended', request: 1, ending: 'gone', live: false });
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
    assert.deepEqual(events.at(-1), { kind: 'ended', request: 1, ending: 'gone', live: false });
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
    assert.deepEqual(events.at(-1), { kind: 'ended', request: 1, ending: 'gone', live: false });
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
