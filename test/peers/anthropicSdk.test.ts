import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import { instrumentAnthropic } from '../../src/tracer/main.ts';
import type { Json } from '../tools/messagesApi.ts';
import { memoryTracer } from '../unit/support/memoryTracer.ts';
import {
  assertCost,
  model,
  type Recorded,
  recordedSdk,
  request,
  textAnswer,
  toolAnswer,
  usage,
} from './recordedSdk.ts';

describe('The tracer with the real SDK', () => {
  const start = recordedSdk();

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
    const { client, plain, call, baseURL } = await start({ message: textAnswer });
    const promise = client.messages.create(request);
    assert.equal(promise.constructor, plain.messages.create(request).constructor);
    const { data, response, request_id } = await promise.withResponse();
    assert.deepEqual(data, textAnswer);
    assert.match(String(request_id), /^req_/);
    assert.equal(response.url, `${baseURL}/v1/messages`);
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
    const { tracer: other, said } = memoryTracer();
    assert.equal(instrumentAnthropic(old, other), old);
    assert.match(said.join(), /no middleware/);
  });
});
