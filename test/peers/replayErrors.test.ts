import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { apiMessage, type Reply } from '../tools/messagesApi.ts';
import { type Agent, cleanUp, record, serve } from './replay.ts';

const params = {
  model: 'claude-haiku-4-5',
  max_tokens: 500,
  messages: [{ role: 'user' as const, content: 'How is the ice?' }],
};
const usage = { input_tokens: 10, output_tokens: 50 };
const message = apiMessage({
  content: [
    { type: 'text', text: 'The ice melts faster than it did. '.repeat(4) },
    { type: 'tool_use', id: 'toolu_1', name: 'search', input: { query: 'how fast does it melt?' } },
  ],
  usage,
});
const error = (status: number, type: string, headers: Record<string, string> = {}): Reply => ({
  status,
  error: { type, message: `said by the API: ${type}` },
  headers,
});
const overloaded = error(529, 'overloaded_error', { 'retry-after-ms': '10' });

/** All that a program can see of a call: each event, and the error at its end. */
const streamed: Agent = async client => {
  const seen: unknown[] = [];
  try {
    const stream = client.messages.stream(params);
    stream.on('streamEvent', (_, snapshot) => {
      seen.splice(0, seen.length, JSON.stringify(snapshot));
    });
    seen.push(JSON.stringify(await stream.finalMessage()));
  } catch (thrown) {
    seen.push(...seenOf(thrown));
  }
  return seen;
};

const whole =
  (options: Anthropic.RequestOptions = {}): Agent =>
  async client => {
    try {
      return JSON.stringify(await client.messages.create(params, options));
    } catch (thrown) {
      return seenOf(thrown);
    }
  };

function seenOf(thrown: unknown): unknown[] {
  assert.ok(thrown instanceof Anthropic.AnthropicError, String(thrown));
  const { status, error, requestID, headers } = thrown as InstanceType<typeof Anthropic.APIError>;
  const wait = headers?.get('retry-after');
  return [thrown.constructor.name, thrown.message, status, error, requestID, wait];
}

const inTurn =
  (...replies: Reply[]) =>
  (_: unknown, count: number): Reply =>
    replies[Math.min(count, replies.length - 1)] ?? { refuse: true };

describe('What went wrong in a recorded run', () => {
  afterEach(cleanUp);

  for (const [title, agent, requests, ...replies] of [
    ['400', whole(), 1, error(400, 'invalid_request_error')],
    [
      '429 that is the last attempt',
      whole({ maxRetries: 0 }),
      1,
      error(429, 'rate_limit_error', { 'retry-after': '20' }),
    ],
    ['401', whole(), 1, error(401, 'authentication_error')],
    ['413, streamed', streamed, 1, error(413, 'request_too_large')],
    ['529 until the SDK gives up', whole(), 3, overloaded],
    ['529 once, with a program that never tries again', whole({ maxRetries: 0 }), 1, overloaded],
    ['a lost connection, then an answer', whole(), 2, { refuse: true }, { message }],
    ['500 twice, then an answer', streamed, 3, error(500, 'api_error'), overloaded, { message }],
    [
      'an error in mid-stream',
      streamed,
      1,
      { message, events: 9, after: { type: 'overloaded_error', message: 'Busy' } },
    ],
    ['a stream that ends too soon', streamed, 1, { message, events: 9, after: 'end' }],
    ['a stream that ends before it began', streamed, 1, { message, events: 0, after: 'end' }],
    ['a cut stream', streamed, 1, { message, events: 9, after: 'cut' }],
    ['a stream that is cut within arguments', streamed, 1, { message, events: 28, after: 'cut' }],
  ] as const) {
    it(`happens again: ${title}`, async () => {
      const { script, result } = await record(inTurn(...replies), agent);
      const { client, server } = await serve(script);
      assert.deepEqual(await agent(client, undefined), result);
      const { answered, asked, calls } = server.summary;
      assert.deepEqual([answered, asked, calls], [requests, 1, 1]);
    });
  }

  const waits: (string | null)[][] = [];

  it('happens again where 429 says how long to wait, without the wait', async () => {
    const limited = error(429, 'rate_limit_error', { 'retry-after': '1' });
    const agent = whole({ maxRetries: 1 });
    const { script } = await record(inTurn(limited, { message }), agent);
    const [failure] = script.exchanges[0]?.retried ?? [];
    assert.ok(failure?.kind === 'status' && failure.retryAfterMs === 1000);
    const { client } = await serve(script);
    const seen = (await agent(
      client.withOptions({
        fetch: async (...args: Parameters<typeof fetch>) => {
          const response = await fetch(...args);
          waits.push([response.headers.get('retry-after'), response.headers.get('retry-after-ms')]);
          return response;
        },
      }),
      undefined,
    )) as string;
    assert.equal(seen, JSON.stringify(message));
    assert.deepEqual(waits.splice(0), [
      ['1', '1'],
      [null, null],
    ]);
  });
  it('ends where it ended when it was recorded, though the program would try more often now', async () => {
    const { script, result } = await record(inTurn(overloaded), whole({ maxRetries: 0 }));
    const { client, server } = await serve(script);
    assert.deepEqual(await whole({ maxRetries: 5 })(client, undefined), result);
    assert.equal(server.summary.requests, 1);
  });

  it('happens again where the program aborted: it is given as much, and aborts again', async () => {
    const aborting: Agent = async client => {
      const stream = client.messages.stream(params);
      stream.on('text', (_, all) => all.length > 20 && stream.abort());
      return stream.finalMessage().catch(thrown => seenOf(thrown));
    };
    const { script, result } = await record(
      () => ({ message, events: 6, after: 'hang' }),
      aborting,
    );
    const { client, events } = await serve(script);
    assert.deepEqual(await aborting(client, undefined), result);
    while (!events.some(event => event.kind === 'ended')) await new Promise(setImmediate);
    assert.deepEqual(
      events.map(event => (event.kind === 'ended' ? event.ending : event.kind)),
      ['matched', 'gone'],
    );
  });

  it('happens in the same way to a program that does not stream', async () => {
    const thrownAfter = async (after: 'cut' | { type: string; message: string }) => {
      const { script } = await record(() => ({ message, events: 9, after }), streamed);
      const { client } = await serve(script);
      return client.messages.create(params).then(
        () => assert.fail('was answered'),
        thrown => thrown,
      );
    };
    const busy = await thrownAfter({ type: 'overloaded_error', message: 'Busy' });
    assert.ok(busy instanceof Anthropic.InternalServerError);
    assert.deepEqual([busy.status, busy.type], [529, 'overloaded_error']);
    assert.ok(!((await thrownAfter('cut')) instanceof assert.AssertionError));
  });
});
