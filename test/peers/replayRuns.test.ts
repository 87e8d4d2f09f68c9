import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import Anthropic from '@anthropic-ai/sdk';
import { requestText } from '../../src/core/replay/normalRequest.ts';
import { apiMessage, type Json, type Reply, startMessagesApi } from '../tools/messagesApi.ts';
import { randomMessage } from '../tools/randomMessage.ts';
import { Random } from '../tools/sample/random.ts';
import { call } from '../unit/support/replay.ts';
import { type Agent, cleanUp, key, record, serve } from './replay.ts';

const model = 'claude-haiku-4-5';
const usage = {
  input_tokens: 100,
  cache_creation_input_tokens: 700,
  cache_read_input_tokens: 2000,
  cache_creation: { ephemeral_5m_input_tokens: 300, ephemeral_1h_input_tokens: 400 },
  output_tokens: 50,
  output_tokens_details: { thinking_tokens: 12 },
  service_tier: 'standard',
};
const asks = apiMessage({
  id: 'msg_01',
  content: [
    { type: 'thinking', thinking: 'I should look both up, äöü 🙂.', signature: 'c2lnbmF0dXJl' },
    { type: 'redacted_thinking', data: 'b3BhcXVl' },
    { type: 'text', text: 'Let me look.' },
    {
      type: 'tool_use',
      id: 'toolu_1',
      name: 'search',
      input: { query: 'ice', deep: { n: [1, 2] } },
    },
    { type: 'tool_use', id: 'toolu_2', name: 'clock', input: {} },
  ],
  stop_reason: 'tool_use',
  usage,
});
const answers = apiMessage({
  id: 'msg_02',
  content: [
    {
      type: 'server_tool_use',
      id: 'srvtoolu_1',
      name: 'web_search',
      input: { query: 'glaciers' },
    },
    {
      type: 'web_search_tool_result',
      tool_use_id: 'srvtoolu_1',
      content: [
        { type: 'web_search_result', title: 'Ice', url: 'https://a.example', page_age: null },
      ],
    },
    {
      type: 'text',
      text: 'The ice melts '.repeat(40),
      citations: [
        { type: 'char_location', cited_text: 'melts', document_index: 0, start_char_index: 1 },
        { type: 'char_location', cited_text: 'ice', document_index: 0, start_char_index: 9 },
      ],
    },
  ],
  usage: { ...usage, server_tool_use: { web_search_requests: 1, web_fetch_requests: 0 } },
});
const overloaded: Reply = {
  status: 529,
  error: { type: 'overloaded_error', message: 'Overloaded' },
  headers: { 'retry-after-ms': '20' },
};

type Params = Anthropic.MessageCreateParamsNonStreaming;
type Ask = (client: Anthropic, params: Params) => Promise<unknown>;
const whole: Ask = (client, params) => client.messages.create(params);
const streamed: Ask = (client, params) => client.messages.stream(params).finalMessage();
const beta: Ask = (client, params) =>
  client.beta.messages
    .stream(params as Anthropic.Beta.MessageCreateParamsNonStreaming)
    .finalMessage();

/** Asks until no tool is wanted any more; the answers, as they came, and what the tools were asked. */
const loop =
  (ask: Ask, toolResult = (name: string) => `found by ${name}`): Agent =>
  async client => {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'How is the ice?' }];
    const seen: string[] = [];
    const tools: Json[] = [];
    for (;;) {
      const answer = (await ask(client, { model, max_tokens: 500, messages })) as Anthropic.Message;
      seen.push(JSON.stringify(answer));
      const uses = answer.content.filter(block => block.type === 'tool_use');
      if (uses.length === 0) return { seen, tools };
      tools.push(...uses.map(({ id, name, input }) => ({ id, name, input })));
      messages.push(
        { role: 'assistant', content: answer.content },
        {
          role: 'user',
          content: uses.map(({ id, name }) => ({
            type: 'tool_result',
            tool_use_id: id,
            content: toolResult(name),
          })),
        },
      );
    }
  };

const inTurn =
  (...replies: Reply[]) =>
  (_: unknown, count: number): Reply =>
    replies[count] ?? { refuse: true };
const twoTurns = inTurn({ message: asks }, overloaded, { message: answers });

describe('A replayed run', () => {
  afterEach(cleanUp);

  for (const [title, ask] of [
    ['whole', whole],
    ['streamed', streamed],
    ['beta', beta],
  ] as const) {
    it(`gives the real SDK the same answers, byte by byte, and the same tool calls: ${title}`, async () => {
      const { script, result } = await record(twoTurns, loop(ask));
      const { client, events, server } = await serve(script);
      assert.deepEqual(await loop(ask)(client, undefined), result);
      const { seen, tools } = result as { seen: string[]; tools: Json[] };
      assert.deepEqual([seen.length, tools.length], [2, 2]);
      assert.deepEqual(
        events.flatMap(event =>
          event.kind === 'matched' ? [[event.call.call, event.how, event.attempt]] : [],
        ),
        [
          [1, 'content', 1],
          [2, 'content', 1],
          [2, 'content', 2],
        ],
      );
      assert.deepEqual(server.summary, {
        requests: 3,
        answered: 3,
        live: 0,
        stopped: 0,
        differed: 0,
        refused: 0,
        asked: 2,
        calls: 2,
        firstDifference: undefined,
      });
    });
  }

  it('answers in the way it is asked, whichever way was recorded', async () => {
    for (const [recorded, replayed] of [
      [whole, streamed],
      [streamed, whole],
    ] as const) {
      const { script, result } = await record(twoTurns, loop(recorded));
      const { client } = await serve(script);
      const parsed = (value: unknown) =>
        (value as { seen: string[] }).seen.map(one => {
          const { parsed_output: _, ...message } = JSON.parse(one);
          return message;
        });
      assert.deepEqual(parsed(await loop(replayed)(client, undefined)), parsed(result));
    }
  });

  it('stops at the request after a tool that gave another result, and says what differs', async () => {
    const { script } = await record(twoTurns, loop(streamed));
    const { client, events } = await serve(script);
    const changed = loop(streamed, name => (name === 'clock' ? 'noon' : `found by ${name}`));
    const stopped = await changed(client, undefined).catch(error => error);
    assert.ok(stopped instanceof Anthropic.UnprocessableEntityError, String(stopped));
    assert.match(stopped.message, /differs from call 2 .*recorded “found by clock”, now “noon”/);
    assert.deepEqual(
      events.map(event => event.kind),
      ['matched', 'ended', 'differed', 'stopped', 'ended'],
      'the SDK does not ask again',
    );
    const differed = events.find(event => event.kind === 'differed');
    assert.ok(differed?.mismatch.kind === 'differs');
    const { difference, recorded, now } = differed.mismatch;
    assert.deepEqual(difference, {
      path: 'messages[2].content[1].content[0].text',
      tool: 'clock',
      recorded: 'found by clock',
      now: 'noon',
    });
    const [before, after] = [requestText(recorded), requestText(now)].map(text => text.split('\n'));
    assert.deepEqual(
      before?.flatMap((line, at) =>
        line === after?.[at] ? [] : [line.trim(), after?.[at]?.trim()],
      ),
      ['"text": "found by clock",', '"text": "noon",'],
    );
  });

  it('goes on with the nearest recorded answer where that was asked', async () => {
    const { script, result } = await record(twoTurns, loop(whole));
    const { client, server } = await serve(script, { onDifference: 'nearest' });
    assert.deepEqual(await loop(whole, () => 'other')(client, undefined), result);
    const { answered, differed, asked } = server.summary;
    assert.deepEqual([answered, differed, asked], [3, 1, 2]);
  });

  it('answers sub-agents that work side by side, in another order than they were recorded', async () => {
    const names = ['north', 'south', 'east', 'west'];
    const reply = ({ body }: { body: Json }): Reply => {
      const messages = body.messages as { content: string }[];
      const said = `${messages[0]?.content} ${messages.length}`;
      return { message: apiMessage({ id: said, content: [{ type: 'text', text: said }], usage }) };
    };
    const subAgents =
      (order: (name: string) => number): Agent =>
      async client => {
        const found: Record<string, string[]> = {};
        const one = async (name: string) => {
          await sleep(order(name));
          const messages: Anthropic.MessageParam[] = [{ role: 'user', content: `Go ${name}.` }];
          const ids: string[] = [];
          for (let turn = 0; turn < 3; turn++) {
            const { content, id } = await client.messages.create({
              model,
              max_tokens: 9,
              messages,
            });
            ids.push(id);
            messages.push({ role: 'assistant', content }, { role: 'user', content: 'And then?' });
          }
          found[name] = ids;
        };
        await Promise.all(names.map(one));
        return names.map(name => found[name]);
      };
    const { script, result } = await record(
      reply,
      subAgents(name => names.indexOf(name) * 15),
    );
    const { client, server } = await serve(script);
    assert.deepEqual(
      await subAgents(name => 45 - names.indexOf(name) * 15)(client, undefined),
      result,
    );
    assert.deepEqual([server.summary.answered, server.summary.differed], [12, 0]);
  });

  it('is answered up to a span; there with an edited answer, and with none after that', async () => {
    const { script } = await record(twoTurns, loop(whole));
    const second = script.exchanges[1]?.spanId ?? '';
    const edited = apiMessage({
      id: 'msg_edited',
      content: [{ type: 'text', text: 'No.' }],
      usage,
    });
    const until = await serve(script, { until: 1 });
    await assert.rejects(
      loop(whole)(until.client, undefined),
      /Replay stopped\. The replay stops here, at call 2 .*, as was asked\./,
    );
    const edits = new Map([[second, edited]]);
    const { client } = await serve(script, { until: 1, edits });
    const { seen } = (await loop(whole)(client, undefined)) as { seen: string[] };
    assert.equal(seen[1], JSON.stringify(edited));
  });

  it('goes on with the real API from a span on, with the headers of the program', async () => {
    const { script, result } = await record(twoTurns, loop(streamed));
    const api = await startMessagesApi(() => ({ message: answers, betweenMs: 1 }));
    try {
      const options = { until: 1, fromUntil: 'live', liveUrl: `${api.baseURL}/` } as const;
      const { client, events, server } = await serve(script, options);
      assert.deepEqual(await loop(beta)(client, undefined), result);
      const [request] = api.requests;
      assert.deepEqual([api.requests.length, request?.url], [1, '/v1/messages']);
      const { authorization, 'x-api-key': apiKey, ...headers } = request?.headers ?? {};
      assert.ok([`Bearer ${key}`, key].includes(authorization ?? String(apiKey)));
      assert.ok(headers['anthropic-version'] && headers['x-stainless-helper-method'] === 'stream');
      assert.ok(!JSON.stringify([events, server.summary]).includes(key));
      assert.deepEqual([server.summary.live, server.summary.answered], [1, 1]);
    } finally {
      await api.close();
    }
  });

  it('takes as long as the API did where that was asked', async () => {
    const slow = { message: answers, betweenMs: 8 };
    const { script } = await record(() => slow, loop(streamed));
    const { client } = await serve(script, { timing: true });
    const { firstToken = 0, duration = 0 } = script.exchanges[0] ?? {};
    assert.ok(duration > 100 && firstToken > 0);
    const from = performance.now();
    const stream = client.messages.stream({
      model,
      max_tokens: 500,
      messages: [{ role: 'user', content: 'How is the ice?' }],
    });
    await stream.finalMessage();
    // A lower bound: a busy machine is only ever slower.
    assert.ok(performance.now() - from >= duration * 0.9);
  });

  it('gives the real SDK answers that no one thought of, byte by byte', async () => {
    const messages = Array.from({ length: 60 }, (_, seed) => randomMessage(new Random(seed)));
    const ask = (at: number) => ({
      model,
      max_tokens: 9,
      messages: [{ role: 'user' as const, content: `Answer ${at}` }],
    });
    const script = {
      runId: 'r',
      name: 'run',
      exchanges: messages.map((response, at) => call(String(at), { request: ask(at), response })),
    };
    const { client } = await serve(script, { onDifference: 'nearest' });
    for (const [at, message] of messages.entries()) {
      const { parsed_output: _, ...put } = JSON.parse(
        JSON.stringify(await client.messages.stream(ask(at)).finalMessage()),
      );
      assert.deepEqual(put, message, `answer ${at}`);
      const again = await client.messages.create(ask(at));
      assert.equal(JSON.stringify(again), JSON.stringify(message));
    }
  });
});
