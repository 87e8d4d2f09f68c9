import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type Anthropic from '@anthropic-ai/sdk';
import type { ServedKeeping } from '../../src/core/replay/replayServing.ts';
import { sendMessages } from '../../src/net/messagesApi.ts';
import { keepRows } from '../../src/node/replayFile.ts';
import { apiMessage, type Reply, startMessagesApi } from '../tools/messagesApi.ts';
import { type Agent, cleanUp, key, newFolder, record, scriptOf, serve } from './replay.ts';
import { clock, openInReader } from './views.ts';

const model = 'claude-haiku-4-5';
const usage = { input_tokens: 1000, output_tokens: 200 };
const said = (id: string, text: string) =>
  apiMessage({ id, model, content: [{ type: 'text', text }], usage });
const overloaded: Reply = {
  status: 529,
  error: { type: 'overloaded_error', message: 'Overloaded' },
  headers: { 'retry-after-ms': '5' },
};
const inTurn =
  (...replies: Reply[]) =>
  (_: unknown, count: number): Reply =>
    replies[count] ?? { refuse: true };

/** Asks twice, streamed and not. */
const agent =
  (second = 'And then?'): Agent =>
  async client => {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'First?' }];
    const one = await client.messages.create({ model, max_tokens: 9, messages });
    messages.push({ role: 'assistant', content: one.content }, { role: 'user', content: second });
    const two = await client.messages.stream({ model, max_tokens: 9, messages }).finalMessage();
    return [one.id, two.id];
  };

describe('A call that is sent again', () => {
  it('brings no key back, though the server repeats it in its headers and types', async () => {
    const server = http.createServer((request, response) => {
      request.resume();
      const type = `wrong_${key}`;
      response.writeHead(400, {
        'content-type': 'application/json',
        'request-id': `req_${key}`,
      });
      response.end(JSON.stringify({ type: 'error', error: { type, message: type } }));
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const body = JSON.stringify({ model, max_tokens: 1, messages: [] });
    const baseUrl = `http://127.0.0.1:${port}`;
    const sent = await sendMessages({ apiKey: key, body, baseUrl });
    server.close();
    server.closeAllConnections();
    assert.deepEqual([sent.requestId, sent.errorType], ['req_[API key]', 'wrong_[API key]']);
    assert.ok(!JSON.stringify([sent, sent.error?.message]).includes(key));
  });
});

describe('A replay of a run is kept', () => {
  afterEach(cleanUp);

  const keepingIn = (folder: string): ServedKeeping & { readonly path: string } => {
    const file = path.join(folder, 'replays.db');
    return {
      path: file,
      file: '/traces/agent_traces.db',
      git: { commit: 'abc1234' },
      versions: { node: '1' },
      keep: rows => keepRows(file, rows),
      failed: error => assert.fail(String(error)),
    };
  };
  const keptIn = async (file: string) => {
    const reader = await openInReader(file);
    const [replay, ...others] = await reader.replays(file, clock());
    assert.ok(replay, 'it is listed');
    const { runId } = replay.run;
    const { spans } = await reader.spans(file, runId, { offset: 0, limit: 99 });
    const metadata = async (spanId: string) =>
      JSON.parse((await reader.text(file, spanId, 'metadata', 0, 1_000_000))?.text ?? '{}');
    const root = await metadata(runId);
    const calls = spans.filter(span => span.kind === 'llm');
    const fields = await Promise.all(calls.map(({ spanId }) => metadata(spanId)));
    return { reader, replay, others, root, calls, fields };
  };

  it('as a run of its own, with what was asked and given; what the recording answered costs nothing', async () => {
    const { script } = await record(
      inTurn({ message: said('msg_1', 'one') }, overloaded, { message: said('msg_2', 'two') }),
      agent(),
    );
    const keeping = keepingIn(newFolder());
    const { client, server } = await serve(script, { keeping });
    assert.deepEqual(await agent()(client, undefined), ['msg_1', 'msg_2']);
    await server.close();
    await server.stored();
    const { replay, others, root, calls, fields, reader } = await keptIn(keeping.path);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [replay.ofRun, replay.ofSpan, replay.ofFile, replay.calls, replay.run.status],
      [script.runId, script.rootSpanId, keeping.file, 3, 'ok'],
    );
    assert.deepEqual([root.git, root.replay_served.answered], [{ commit: 'abc1234' }, 3]);
    assert.deepEqual(
      calls.map(call => [call.status, call.cost, call.costSource, call.model]),
      [
        ['ok', 0, 'recorded', model],
        ['ok', 0, 'recorded', model],
      ],
    );
    assert.deepEqual([replay.run.cost, replay.run.unpricedCalls], [0, 0]);
    assert.deepEqual(
      fields.map(one => [one.answered_by, one.response.id, one.replay_of_span, one.retries]),
      script.exchanges.map(({ spanId }, at) => [
        'recording',
        `msg_${at + 1}`,
        spanId,
        at === 1 ? 1 : undefined,
      ]),
    );
    assert.deepEqual(fields[1].request.messages, script.exchanges[1]?.request?.messages);
    const second = await reader.span(keeping.path, calls[1]?.spanId ?? '', clock());
    assert.deepEqual(
      second.events.map(event => event.name),
      ['retry'],
    );
    // What was kept has all that a recorded run has, so that it can be replayed itself.
    const again = await serve(await scriptOf(keeping.path, async () => undefined));
    assert.deepEqual(await agent()(again.client, undefined), ['msg_1', 'msg_2']);
  });

  it('with what differed, where it stopped, and live answers at their price; never with a key', async () => {
    const { script } = await record(
      inTurn({ message: said('msg_1', 'one') }, { message: said('msg_2', 'two') }),
      agent(),
    );
    const api = await startMessagesApi(() => ({ message: said('msg_live', `You sent ${key}.`) }));
    try {
      const stopping = keepingIn(newFolder());
      const stopped = await serve(script, { keeping: stopping });
      await assert.rejects(agent(`Now with ${key}?`)(stopped.client, undefined));
      await stopped.server.close();
      await stopped.server.stored();
      const first = await keptIn(stopping.path);
      assert.equal(first.replay.run.status, 'error');
      assert.match(
        first.calls[1]?.error ?? '',
        /^422 invalid_request_error: .*differs from call 2/,
      );
      assert.match(first.fields[1].replay_difference, /recorded “And then\?”, now/);
      assert.ok(!JSON.stringify(first.fields).includes(key));

      const keeping = keepingIn(newFolder());
      const live = { onDifference: 'live', liveUrl: api.baseURL } as const;
      const { client, server } = await serve(script, { keeping, ...live });
      const ids = await agent(`Now with ${key}?`)(client, undefined);
      assert.deepEqual(ids, ['msg_1', 'msg_live']);
      await server.close();
      await server.stored();
      const { calls, fields, replay, root } = await keptIn(keeping.path);
      assert.deepEqual([replay.run.status, fields[1].answered_by], ['ok', 'live']);
      assert.equal(calls[1]?.costSource, 'recorded');
      assert.ok((calls[1]?.cost ?? 0) > 0 && replay.run.cost === calls[1]?.cost);
      assert.equal(fields[1].response.content[0].text, 'You sent [API key].');
      assert.ok(!JSON.stringify([root, fields]).includes(key));
      assert.ok(api.requests[0]?.text.includes(key), 'it was sent as it was asked');
    } finally {
      await api.close();
    }
  });

  it('anew where the program is started again; not at all where nothing is asked', async () => {
    const { script } = await record(() => ({ message: said('msg_1', 'one') }), agent());
    const keeping = keepingIn(newFolder());
    const { client, server } = await serve(script, { keeping });
    await agent()(client, undefined);
    server.again();
    await agent()(client, undefined);
    server.again();
    await server.close();
    await server.stored();
    const { others, replay } = await keptIn(keeping.path);
    assert.equal(others.length, 1);
    assert.deepEqual([replay.calls, others[0]?.calls], [2, 2]);
  });

  it('as far as it can be: the program is answered all the same, and it is said once', async () => {
    const { script, result } = await record(() => ({ message: said('msg_1', 'one') }), agent());
    const said_: unknown[] = [];
    const keeping: ServedKeeping = {
      ...keepingIn(newFolder()),
      keep: () => Promise.reject(new Error('disk full')),
      failed: error => said_.push(error),
    };
    const { client, server } = await serve(script, { keeping });
    assert.deepEqual(await agent()(client, undefined), result);
    await server.close();
    await server.stored();
    assert.equal(said_.length, 1);
  });
});
