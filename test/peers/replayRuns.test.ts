import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import { apiMessage, type Json, type Reply } from '../tools/messagesApi.ts';
import { type Agent, cleanUp, record, serve } from './replay.ts';

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
});
