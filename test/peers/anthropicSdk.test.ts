import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Anthropic from '@anthropic-ai/sdk';
import {
  AgentTracer,
  instrumentAnthropic,
  MemoryBackend,
  type SpanRow,
} from '../../src/tracer/main.ts';
import {
  apiMessage,
  type Json,
  type MessagesApi,
  type Reply,
  startMessagesApi,
} from '../tools/messagesApi.ts';
import { tempFolder } from './python.ts';
import { clock, openInReader } from './views.ts';

const model = 'claude-haiku-4-5';
const key = 'sk-ant-api03-the-key-of-the-user-0123456789abcdef';
const usage = {
  input_tokens: 100,
  cache_read_input_tokens: 2000,
  cache_creation_input_tokens: 700,
  cache_creation: { ephemeral_5m_input_tokens: 300, ephemeral_1h_input_tokens: 400 },
  output_tokens: 50,
  service_tier: 'standard',
};
/** By hand, from the price list: 1 in, 0.1 read, 1.25 and 2 written, 5 out, per million. */
const cost = (100 * 1 + 2000 * 0.1 + 300 * 1.25 + 400 * 2 + 50 * 5) / 1e6;
const textAnswer = apiMessage({ content: [{ type: 'text', text: 'Forty-two, äöü 🙂.' }], usage });
const toolAnswer = apiMessage({
  id: 'msg_02',
  content: [
    { type: 'thinking', thinking: 'I should look it up.', signature: 'c2ln' },
    { type: 'text', text: 'Let me look.' },
    {
      type: 'tool_use',
      id: 'toolu_1',
      name: 'search',
      input: { query: 'answer', deep: { n: [1, 2] } },
    },
    { type: 'tool_use', id: 'toolu_2', name: 'clock', input: {} },
  ],
  stop_reason: 'tool_use',
  usage: { ...usage, output_tokens_details: { thinking_tokens: 12 } },
});
const request = {
  model,
  max_tokens: 500,
  temperature: 0.5,
  system: [
    { type: 'text' as const, text: 'Be brief.', cache_control: { type: 'ephemeral' as const } },
  ],
  messages: [{ role: 'user' as const, content: 'What is the answer?' }],
};
const overloaded: Reply = {
  status: 529,
  error: { type: 'overloaded_error', message: 'Overloaded' },
  headers: { 'retry-after-ms': '30' },
};

interface Recorded {
  readonly row: SpanRow;
  readonly metadata: Json;
  readonly events: readonly (readonly [string, Json])[];
}

describe('The tracer with the real SDK', () => {
  let api: MessagesApi | undefined;
  afterEach(async () => {
    await api?.close();
    api = undefined;
  });

  async function start(...replies: Reply[]) {
    api = await startMessagesApi((_, count) => replies[Math.min(count, replies.length - 1)]!);
    const memory = new MemoryBackend();
    const errors: string[] = [];
    const log = { error: (text: string) => void errors.push(text), info: () => undefined };
    const tracer = new AgentTracer({ backend: memory, log, git: false, signals: false });
    const plain = new Anthropic({ apiKey: key, baseURL: api.baseURL, maxRetries: 2 });
    const client = instrumentAnthropic(
      new Anthropic({ apiKey: key, baseURL: api.baseURL, maxRetries: 2 }),
      tracer,
    );
    /** All that was recorded, in the order of their starts; nothing of the tracer may have failed. */
    const recorded = async (): Promise<Recorded[]> => {
      assert.equal(await tracer.flush(), true);
      assert.deepEqual(errors, []);
      const all = JSON.stringify([...memory.spans.values(), memory.events]);
      assert.ok(!all.includes(key) && !/x-api-key|authorization/i.test(all), 'holds no key');
      return [...memory.spans.values()]
        .sort((a, b) => a.startTime - b.startTime || (a.spanId < b.spanId ? -1 : 1))
        .map(row => ({
          row,
          metadata: JSON.parse(row.metadata) as Json,
          events: memory.events
            .filter(event => event.spanId === row.spanId)
            .map(event => [event.name, JSON.parse(event.attributes) as Json] as const),
        }));
    };
    const call = async (): Promise<Recorded> => {
      const found = (await recorded()).filter(one => one.metadata.kind === 'llm');
      assert.equal(found.length, 1);
      return found[0]!;
    };
    return { tracer, client, plain, recorded, call, requests: api.requests };
  }

  const assertCost = (row: SpanRow): void => {
    assert.ok(Math.abs((row.costUsd ?? Number.NaN) - cost) < 1e-12, `${row.costUsd} is ${cost}`);
  };

  it('records create: request, answer, usage, cost with the cache, request id and place', async () => {
    const { client, tracer, recorded, requests } = await start({ message: textAnswer });
    const answer = await tracer.run('agent', undefined, () => client.messages.create(request));
    assert.deepEqual(answer, textAnswer);
    assert.equal(answer._request_id, 'req_0001');
    const [run, { row, metadata, events }] = (await recorded()) as [Recorded, Recorded];
    assert.deepEqual(
      [row.name, row.status, row.parentSpanId, row.model, row.inputTokens, row.outputTokens],
      [`chat ${model}`, 'ok', run.row.spanId, 'claude-haiku-4-5-20251001', 100, 50],
    );
    assertCost(row);
    assert.deepEqual(metadata.request, request);
    assert.deepEqual(metadata.request, requests[0]?.body);
    assert.deepEqual(metadata.response, textAnswer);
    assert.deepEqual(metadata.usage, usage);
    assert.equal(metadata.request_id, 'req_0001');
    assert.match(String((metadata.source as Json).file), /anthropicSdk\.test\.ts$/);
    assert.deepEqual(events, []);
    const versions = run.metadata.versions as Json;
    assert.match(String(versions['@anthropic-ai/sdk']), /^1\./);
    assert.equal(versions.node, process.versions.node);
    assert.deepEqual([run.row.costUsd, (run.metadata.totals as Json).cost_usd], [0, row.costUsd]);
  });

  it('sends the headers of a call on, such as those of Helicone’s sessions, and records none', async () => {
    const { client, tracer, call, requests } = await start({ message: textAnswer });
    const headers = {
      'Helicone-Auth': 'Bearer sk-helicone-1',
      'Helicone-Session-Id': 'session-1',
      'Helicone-Session-Path': '/research/answer',
      'Helicone-Session-Name': 'research',
    };
    await tracer.run('agent', undefined, () => client.messages.create(request, { headers }));
    for (const [name, value] of Object.entries(headers)) {
      assert.equal(requests[0]?.headers[name.toLowerCase()], value);
    }
    assert.doesNotMatch(JSON.stringify(await call()), /helicone/i);
  });

  for (const [title, message, said] of [
    ['text', textAnswer, 'Forty-two, äöü 🙂.'],
    ['thinking and tools', toolAnswer, 'Let me look.'],
  ] as const) {
    it(`puts a streamed answer together as the SDK does: ${title}`, async () => {
      const { client, call } = await start({ message, betweenMs: 1 });
      const stream = client.messages.stream(request);
      let text = '';
      stream.on('text', piece => {
        text += piece;
      });
      const final = await stream.finalMessage();
      const { row, metadata } = await call();
      // The SDK adds a field for callers that ask for JSON.
      const { parsed_output: _, ...sent } = JSON.parse(JSON.stringify(final));
      assert.deepEqual(metadata.response, sent);
      assert.deepEqual(metadata.response, message);
      assert.equal(row.status, 'ok');
      assertCost(row);
      const first = Number(metadata.time_to_first_token_ms);
      assert.ok(first >= 0 && first / 1000 <= row.endTime! - row.startTime);
      assert.deepEqual(metadata.request, { ...request, stream: true });
      assert.match(String((metadata.source as Json).file), /anthropicSdk\.test\.ts$/);
      assert.equal(text, said, 'the caller got all of it');
    });
  }

  it('has ended a streamed call before the caller gets its last event', async () => {
    const { client, tracer, recorded } = await start({ message: textAnswer });
    await tracer.run('agent', undefined, async () => {
      const stream = await client.messages.create({ ...request, stream: true });
      for await (const event of stream) if (event.type === 'message_stop') break;
    });
    const [run, llm] = (await recorded()) as [Recorded, Recorded];
    assert.equal(llm.row.status, 'ok');
    assert.equal((run.metadata.totals as Json).llm_calls, 1);
  });

  it('gives the caller what an SDK without it gives: class, raw response, events', async () => {
    const { client, plain, call } = await start({ message: textAnswer });
    const promise = client.messages.create(request);
    assert.equal(promise.constructor, plain.messages.create(request).constructor);
    const { data, response, request_id } = await promise.withResponse();
    assert.deepEqual(data, textAnswer);
    assert.match(String(request_id), /^req_/);
    assert.equal(response.url, `${api?.baseURL}/v1/messages`);
    await call();
    const raw = await client.messages.create(request).asResponse();
    assert.equal(raw.bodyUsed, false);
    assert.deepEqual(await raw.json(), textAnswer);
    const eventsFrom = async (sdk: Anthropic) => {
      const events: unknown[] = [];
      for await (const event of await sdk.messages.create({ ...request, stream: true })) {
        events.push(event);
      }
      return events;
    };
    assert.deepEqual(await eventsFrom(client), await eventsFrom(plain));
    assert.deepEqual(Object.keys(client.messages), Object.keys(plain.messages));
  });

  it('records 529 answers as retries, with status and wait, of one call', async () => {
    const { client, call } = await start(overloaded, overloaded, { message: textAnswer });
    await client.messages.create(request);
    const { row, metadata, events } = await call();
    assert.deepEqual([row.status, metadata.retries, metadata.request_id], ['ok', 2, 'req_0003']);
    assertCost(row);
    assert.deepEqual(
      events.map(([name, { wait_ms, ...fields }]) => [name, fields, Number(wait_ms) >= 29]),
      [2, 3].map(attempt => [
        'retry',
        {
          attempt,
          error: '529 overloaded_error: Overloaded',
          status: 529,
          error_type: 'overloaded_error',
          request_id: `req_000${attempt - 1}`,
          retry_after_ms: 30,
        },
        true,
      ]),
    );
  });

  it('records a call whose retries are used up as failed, with the error that the caller gets', async () => {
    const { client, call } = await start(overloaded);
    await assert.rejects(client.messages.create(request, { maxRetries: 1 }), /Overloaded/);
    const { row, metadata, events } = await call();
    assert.deepEqual(
      [row.status, row.error, row.model, row.costUsd, metadata.http_status, events.length],
      ['error', '529 overloaded_error: Overloaded', model, 0, 529, 1],
    );
  });

  it('records 400 as failed, with what the API said', async () => {
    const error = { type: 'invalid_request_error', message: 'messages: too many' };
    const { client, plain, call } = await start({ status: 400, error });
    const thrown = await client.messages.create(request).catch(caught => caught);
    const expected = await plain.messages.create(request).catch(caught => caught);
    assert.ok(thrown instanceof Anthropic.BadRequestError);
    assert.equal(thrown.constructor, expected.constructor);
    assert.deepEqual(thrown.error, { type: 'error', error, request_id: 'req_0001' });
    const { row, metadata, events } = await call();
    assert.deepEqual(
      [row.status, row.error, metadata.http_status, metadata.error_type, metadata.request_id],
      ['error', '400 invalid_request_error: messages: too many', 400, error.type, 'req_0001'],
    );
    assert.deepEqual(metadata.request, request);
    assert.deepEqual([(metadata.response as Json).error, events], [error, []]);
  });

  it('records 401 as failed at once, without the key', async () => {
    const error = { type: 'authentication_error', message: 'the key is not valid' };
    const { client, call, requests } = await start({ status: 401, error });
    await assert.rejects(client.messages.create(request), Anthropic.AuthenticationError);
    const { row, metadata, events } = await call();
    assert.deepEqual(
      [row.status, row.error, metadata.http_status, metadata.error_type, row.costUsd, events],
      ['error', `401 authentication_error: ${error.message}`, 401, error.type, 0, []],
    );
    assert.equal(requests.length, 1, 'a wrong key is not tried again');
  });

  it('records a server that does not answer in time as retries and then as the failure', async () => {
    const { client, call, requests } = await start({ silent: true });
    const answer = client.messages.create(request, { timeout: 60, maxRetries: 1 });
    await assert.rejects(answer, Anthropic.APIConnectionTimeoutError);
    const { row, metadata, events } = await call();
    assert.deepEqual([row.status, metadata.retries, requests.length], ['error', 1, 2]);
    const words = 'timed out: no answer within 60 ms';
    assert.equal(row.error, words);
    assert.deepEqual(
      events.map(([name, { error }]) => [name, error]),
      [['retry', words]],
    );
  });

  it('records a call without a stream that the caller aborts as aborted, once', async () => {
    const { client, call, requests } = await start({ silent: true });
    const controller = new AbortController();
    const answer = client.messages.create(request, { signal: controller.signal });
    while (requests.length === 0) await sleep(5);
    controller.abort();
    await assert.rejects(answer, Anthropic.APIUserAbortError);
    const { row, metadata, events } = await call();
    assert.deepEqual(
      [row.status, row.error, metadata.retries, events, requests.length],
      ['error', 'aborted by the caller', undefined, [], 1],
    );
    assert.deepEqual([row.model, row.costUsd], [model, undefined], 'what it cost is not known');
  });

  it('records lost connections as retries and then as the failure', async () => {
    const { client, call } = await start({ refuse: true });
    await assert.rejects(
      client.messages.create(request, { maxRetries: 1 }),
      Anthropic.APIConnectionError,
    );
    const { row, events } = await call();
    assert.equal(row.status, 'error');
    assert.match(String(row.error), /fetch failed/);
    assert.equal(events.length, 1);
  });

  it('keeps what had arrived of a stream that the caller aborts, with its usage and cost so far', async () => {
    const { client, call } = await start({ message: textAnswer, events: 4, after: 'hang' });
    const stream = client.messages.stream(request);
    stream.on('text', (_, all) => all.length >= 14 && stream.abort());
    await assert.rejects(stream.finalMessage(), Anthropic.APIUserAbortError);
    const { row, metadata } = await call();
    assert.deepEqual(
      [row.status, row.error, metadata.incomplete],
      ['error', 'aborted by the caller', true],
    );
    const { content, stop_reason } = metadata.response as Json;
    assert.deepEqual([content, stop_reason], [[{ type: 'text', text: 'Forty-two, äöü' }], null]);
    assert.deepEqual([row.inputTokens, row.outputTokens], [100, 1]);
    assert.ok(Math.abs((row.costUsd ?? 0) - (cost - (49 * 5) / 1e6)) < 1e-12);
  });

  const readSome = async (events: AsyncIterable<{ type: string }>): Promise<void> => {
    for await (const event of events) if (event.type === 'content_block_stop') break;
  };
  for (const [title, read] of [
    [
      'the events of create',
      async (client: Anthropic) =>
        readSome(await client.messages.create({ ...request, stream: true })),
    ],
    ['stream', (client: Anthropic) => readSome(client.messages.stream(request))],
    ['stream of the beta', (client: Anthropic) => readSome(client.beta.messages.stream(request))],
  ] as const) {
    it(`records a reader that has read enough as stopped early, not as failed: ${title}`, async () => {
      const { client, tracer, recorded } = await start({
        message: toolAnswer,
        events: 9,
        after: 'hang',
      });
      await tracer.run('agent', undefined, () => read(client));
      const [run, llm] = (await recorded()) as [Recorded, Recorded];
      const { stopped_early, incomplete, response } = llm.metadata;
      assert.deepEqual(
        [llm.row.status, llm.row.error, stopped_early, incomplete],
        ['ok', undefined, true, true],
      );
      const { content } = response as { content: Json[] };
      assert.deepEqual(content[0], (toolAnswer.content as Json[])[0]);
      assert.equal(llm.row.outputTokens, 1, 'as far as it was reported');
      assert.equal((run.metadata.totals as Json).failed_spans, 0);
    });
  }

  it('records a stream whose AbortController is used as aborted', async () => {
    const { client, call } = await start({ message: toolAnswer, events: 9, after: 'hang' });
    const controller = new AbortController();
    const { signal } = controller;
    const events = await client.messages.create({ ...request, stream: true }, { signal });
    for await (const event of events) if (event.type === 'content_block_stop') controller.abort();
    const { row, metadata } = await call();
    assert.deepEqual(
      [row.status, row.error, metadata.incomplete, metadata.stopped_early],
      ['error', 'aborted by the caller', true, undefined],
    );
  });

  it('records no call that was never sent', async () => {
    const { client, recorded } = await start({ message: toolAnswer });
    const aborted = new AbortController();
    aborted.abort();
    await assert.rejects(client.messages.create(request, { signal: aborted.signal }));
    assert.deepEqual(await recorded(), []);
  });

  it('ends a call that is aborted while it waits to be tried again', async () => {
    const waiting = { ...overloaded, headers: { 'retry-after': '20' } } as Reply;
    const { client, call } = await start(waiting);
    const controller = new AbortController();
    const answer = client.messages.create(request, { signal: controller.signal });
    answer.catch(() => undefined);
    while (api?.requests.length === 0) await sleep(5);
    await sleep(60);
    controller.abort();
    const { row } = await call();
    assert.deepEqual([row.status, row.error], ['error', 'aborted by the caller']);
    const left = getEventListeners(controller.signal, 'abort').length;
    assert.ok(left <= 1, `${left} listeners left`);
  });

  for (const [title, after, error] of [
    ['cut', 'cut', /^the answer broke off: /],
    ['ended too soon', 'end', /^the stream ended before the answer was whole$/],
    [
      'failed',
      { type: 'overloaded_error', message: 'Overloaded' },
      /^overloaded_error: Overloaded$/,
    ],
  ] as const) {
    it(`keeps what had arrived of a stream that is ${title}`, async () => {
      const { client, plain, call } = await start({ message: toolAnswer, events: 12, after });
      const read = async (sdk: Anthropic) => {
        const stream = await sdk.messages.create({ ...request, stream: true });
        const events: unknown[] = [];
        try {
          for await (const event of stream) events.push(event);
        } catch (caught) {
          return [events.length, (caught as Error).constructor.name];
        }
        return [events.length];
      };
      const seen = await read(client);
      assert.deepEqual(seen, await read(plain));
      const { row, metadata } = await call();
      assert.equal(row.status, 'error');
      assert.match(String(row.error), error);
      const { content } = metadata.response as { content: Json[] };
      assert.deepEqual(content[0], (toolAnswer.content as Json[])[0]);
      assert.equal(row.inputTokens, 100);
    });
  }

  it('records the tool runner: its calls and its tools, linked by their ids', async () => {
    const { client, tracer, recorded } = await start(
      { message: toolAnswer },
      { message: textAnswer },
    );
    const tools = [
      {
        type: 'custom' as const,
        name: 'search',
        input_schema: { type: 'object' as const },
        parse: (input: unknown) => input as { query: string },
        run: async ({ query }: { query: string }) => {
          await sleep(2);
          return `found ${query}`;
        },
      },
      {
        type: 'custom' as const,
        name: 'clock',
        input_schema: { type: 'object' as const },
        parse: (input: unknown) => input,
        run: () => {
          throw new Error('no clock here');
        },
      },
    ];
    const own = tools.map(tool => tool.run);
    const final = await tracer.run('agent', undefined, async () =>
      client.beta.messages.toolRunner({ ...request, tools, max_iterations: 3 }),
    );
    assert.deepEqual(final.content, textAnswer.content);
    assert.deepEqual(
      tools.map(tool => tool.run),
      own,
      "the agent's tools are as they were",
    );
    const all = await recorded();
    const run = all[0]!;
    assert.deepEqual(
      all.map(({ row }) => [row.name, row.status, row.parentSpanId === run.row.spanId]),
      [
        ['agent', 'ok', false],
        [`chat ${model}`, 'ok', true],
        ['search', 'ok', true],
        ['clock', 'error', true],
        [`chat ${model}`, 'ok', true],
      ],
    );
    const [search, clockTool] = [all[2]!.metadata, all[3]!];
    const { tool_name, tool_input, tool_use_id, tool_result } = search;
    assert.deepEqual(
      [tool_name, tool_input, tool_use_id, tool_result],
      ['search', { query: 'answer', deep: { n: [1, 2] } }, 'toolu_1', 'found answer'],
    );
    assert.deepEqual(
      [clockTool.row.error, clockTool.metadata.tool_use_id],
      ['no clock here', 'toolu_2'],
    );
    const { file } = search.source as Json;
    assert.match(String(file), /anthropicSdk\.test\.ts$/, 'not where the SDK calls it');
    const { messages } = all[4]!.metadata.request as { messages: { content: Json[] }[] };
    assert.deepEqual(messages.at(-1)?.content[0]?.content, 'found answer');
  });

  it('records the tool runner that streams and starts tools early', async () => {
    const { client, tracer, recorded } = await start(
      { message: toolAnswer, betweenMs: 1 },
      { message: textAnswer },
    );
    const run = (_: unknown, context?: { toolUse: { id: string } }) => `for ${context?.toolUse.id}`;
    const tools = ['search', 'clock'].map(name => ({
      type: 'custom' as const,
      name,
      input_schema: { type: 'object' as const },
      parse: (input: unknown) => input,
      run,
    }));
    const params = { ...request, tools, stream: true as const, runToolsEagerly: true };
    const texts: string[] = [];
    await tracer.run('agent', undefined, async () => {
      for await (const stream of client.beta.messages.toolRunner(params)) {
        stream.on('text', text => texts.push(text));
        await stream.done();
      }
    });
    const [run0, ...all] = await recorded();
    assert.deepEqual(
      all.map(({ row, metadata }) => [row.name, row.status, metadata.tool_result]).sort(),
      [
        [`chat ${model}`, 'ok', undefined],
        [`chat ${model}`, 'ok', undefined],
        ['clock', 'ok', 'for toolu_2'],
        ['search', 'ok', 'for toolu_1'],
      ],
    );
    assert.ok(all.every(({ row }) => row.parentSpanId === run0?.row.spanId));
    const [first, last] = all.filter(({ metadata }) => metadata.kind === 'llm');
    assert.deepEqual([first?.metadata.response, last?.metadata.response], [toolAnswer, textAnswer]);
    assert.equal(texts.join(''), 'Let me look.Forty-two, äöü 🙂.');
  });

  it('records parallel calls and clients made with withOptions, each call below its own span', async () => {
    const { client, tracer, recorded } = await start({ message: textAnswer, betweenMs: 1 });
    const derived = client.withOptions({ maxRetries: 0 });
    await Promise.all(
      ['a', 'b', 'c'].map(name =>
        tracer.run(name, undefined, async () => {
          await derived.beta.messages.create({ ...request, betas: ['context-1m-2025-08-07'] });
          await client.messages.stream(request).finalMessage();
        }),
      ),
    );
    const all = await recorded();
    const runs = all.filter(({ row }) => row.parentSpanId === undefined);
    assert.equal(runs.length, 3);
    for (const run of runs) {
      const calls = all.filter(({ row }) => row.parentSpanId === run.row.spanId);
      assert.deepEqual(
        calls.map(({ metadata }) => metadata.betas),
        [['context-1m-2025-08-07'], undefined],
      );
    }
    assert.equal(all.length, 9);
  });

  it('leaves other requests alone, and a client is instrumented once', async () => {
    const { client, tracer, recorded } = await start({ message: { input_tokens: 5 } });
    assert.equal(instrumentAnthropic(client, tracer), client);
    await client.messages.countTokens({ model, messages: request.messages });
    assert.deepEqual([await recorded(), client.middleware.length], [[], 1]);
    const old = {};
    const said: string[] = [];
    const log = { error: (text: string) => void said.push(text), info: () => undefined };
    const other = new AgentTracer({
      backend: new MemoryBackend(),
      log,
      git: false,
      signals: false,
    });
    assert.equal(instrumentAnthropic(old, other), old);
    assert.match(said.join(), /no middleware/);
  });

  it('is read by our reader: cost, conversation, and the cause of a failed tool', async () => {
    const folder = tempFolder();
    try {
      api = await startMessagesApi((_, count) => ({
        message: count === 0 ? toolAnswer : textAnswer,
      }));
      const file = path.join(folder, 'agent_traces.db');
      const tracer = new AgentTracer({ file, git: false, signals: false });
      const client = instrumentAnthropic(
        new Anthropic({ apiKey: key, baseURL: api.baseURL }),
        tracer,
      );
      const search = tracer.tracedTool(
        'search',
        (block: { id: string; input: unknown }) => {
          throw new Error(`no index for ${JSON.stringify(block.input)}`);
        },
        { toolUseId: block => block.id },
      );
      const failing = tracer.run('agent', undefined, async () => {
        const answer = await client.messages.create(request);
        for (const block of answer.content) if (block.type === 'tool_use') search(block);
      });
      await assert.rejects(failing, /no index/);
      await tracer.close();
      const reader = await openInReader(file);
      const { runs } = await reader.runs(file, {
        filter: 'all',
        offset: 0,
        limit: 9,
        clock: clock(),
      });
      assert.equal(runs[0]?.status, 'error');
      assert.ok(Math.abs((runs[0]?.cost ?? 0) - cost) < 1e-12);
      const { span, cause } = await reader.span(file, runs[0]?.failingSpanId ?? '', clock());
      assert.deepEqual([span.toolName, cause?.rule], ['search', 'tool-use-id']);
      const asked = await reader.span(file, cause?.span.spanId ?? '', clock());
      assert.equal(asked.span.usage.cacheWrite1h, 400);
      assert.ok(!fs.readFileSync(file).includes(key));
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
