import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import Anthropic from '@anthropic-ai/sdk';
import type { Json, Reply } from '../tools/messagesApi.ts';
import {
  assertCost,
  cost,
  model,
  overloaded,
  type Recorded,
  recordedSdk,
  request,
  textAnswer,
  toolAnswer,
} from './recordedSdk.ts';

describe('The tracer with the real SDK', () => {
  const start = recordedSdk();

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
    const answer = client.messages.create(request, { timeout: 900, maxRetries: 1 });
    await assert.rejects(answer, Anthropic.APIConnectionTimeoutError);
    const { row, metadata, events } = await call();
    assert.deepEqual([row.status, metadata.retries, requests.length], ['error', 1, 2]);
    const words = 'timed out: no answer within 900 ms';
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
    const { client, call, requests } = await start(waiting);
    const controller = new AbortController();
    const answer = client.messages.create(request, { signal: controller.signal });
    answer.catch(() => undefined);
    while (requests.length === 0) await sleep(5);
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
});
