// What the tests of the tracer beside the real SDK share: a scripted API, a client, and all that was recorded.
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { instrumentAnthropic, type SpanRow } from '../../src/tracer/main.ts';
import {
  apiMessage,
  type Json,
  type MessagesApi,
  type Reply,
  startMessagesApi,
} from '../tools/messagesApi.ts';
import { memoryTracer } from '../unit/support/memoryTracer.ts';

export const model = 'claude-haiku-4-5';
export const key = 'sk-ant-api03-the-key-of-the-user-0123456789abcdef';
export const usage = {
  input_tokens: 100,
  cache_read_input_tokens: 2000,
  cache_creation_input_tokens: 700,
  cache_creation: { ephemeral_5m_input_tokens: 300, ephemeral_1h_input_tokens: 400 },
  output_tokens: 50,
  service_tier: 'standard',
};
/** By hand, from the price list: 1 in, 0.1 read, 1.25 and 2 written, 5 out, per million. */
export const cost = (100 * 1 + 2000 * 0.1 + 300 * 1.25 + 400 * 2 + 50 * 5) / 1e6;
export const textAnswer = apiMessage({
  content: [{ type: 'text', text: 'Forty-two, äöü 🙂.' }],
  usage,
});
export const toolAnswer = apiMessage({
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
export const request = {
  model,
  max_tokens: 500,
  temperature: 0.5,
  system: [
    { type: 'text' as const, text: 'Be brief.', cache_control: { type: 'ephemeral' as const } },
  ],
  messages: [{ role: 'user' as const, content: 'What is the answer?' }],
};
export const overloaded: Reply = {
  status: 529,
  error: { type: 'overloaded_error', message: 'Overloaded' },
  headers: { 'retry-after-ms': '30' },
};

export interface Recorded {
  readonly row: SpanRow;
  readonly metadata: Json;
  readonly events: readonly (readonly [string, Json])[];
}

/** For the tests of a `describe`: each starts an API of its own, which ends with it. */
export function recordedSdk() {
  let api: MessagesApi | undefined;
  afterEach(async () => {
    await api?.close();
    api = undefined;
  });

  async function start(...replies: Reply[]) {
    api = await startMessagesApi((_, count) => replies[Math.min(count, replies.length - 1)]!);
    const { tracer, memory, said } = memoryTracer();
    const { baseURL, requests } = api;
    const options = { apiKey: key, baseURL, maxRetries: 2 };
    const plain = new Anthropic(options);
    const client = instrumentAnthropic(new Anthropic(options), tracer);
    /** All that was recorded, in the order of their starts; nothing of the tracer may have failed. */
    const recorded = async (): Promise<Recorded[]> => {
      assert.equal(await tracer.flush(), true);
      assert.deepEqual(said, []);
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
    return { tracer, client, plain, recorded, call, requests, baseURL };
  }
  return start;
}

export const assertCost = (row: SpanRow): void => {
  assert.ok(Math.abs((row.costUsd ?? Number.NaN) - cost) < 1e-12, `${row.costUsd} is ${cost}`);
};
