import assert from 'node:assert/strict';
import { exportedSpan } from '../../src/formats/exportedSpan.ts';
import { otlpSpans } from '../../src/formats/runSpans.ts';
import { destinations } from '../../src/net/destinations/all.ts';
import { recorded } from './support/recordedSpan.ts';

const root = recorded({
  span: { name: 'research', kind: 'agent', spanId: 's1' },
  sessionId: 'session-1',
  metadata: { user_id: 'me', tags: { team: 'a', size: 2 }, input: 'Why?', output: 'So.' },
});
const thought = { type: 'thinking', thinking: 'Two rooms.', signature: 'x' };
const call = recorded({
  span: {
    spanId: 's2',
    parentSpanId: 's1',
    name: 'chat a/b',
    kind: 'llm',
    model: 'claude-haiku-4-5',
    usage: {
      input: 10,
      cacheRead: 100,
      cacheWrite5m: 20,
      cacheWrite1h: 30,
      output: 50,
      reasoning: 7,
    },
  },
  metadata: {
    time_to_first_token_ms: 250,
    attempt: 2,
    request: {
      model: 'claude-haiku-4-5',
      max_tokens: 100,
      temperature: 1,
      top_k: 5,
      tools: [{ name: 'sum', description: 'Adds', input_schema: { type: 'object' } }],
      messages: [
        { role: 'user', content: 'Why?' },
        {
          role: 'assistant',
          content: [
            thought,
            { type: 'text', text: 'Let me add.' },
            { type: 'tool_use', id: 't1', name: 'sum', input: { a: 1 } },
            { type: 'tool_use', id: 't2', name: 'sum', input: { a: 2 } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 't1', content: 'one' },
            { type: 'tool_result', tool_use_id: 't2', content: 'two' },
            { type: 'text', text: 'Go on.' },
          ],
        },
      ],
    },
    response: { content: [{ type: 'text', text: 'So.' }], stop_reason: 'max_tokens' },
  },
});

async function sentTo(id: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const destination = destinations.find(one => one.id === id)!;
  async function* spans() {
    yield exportedSpan(root);
    yield exportedSpan(call);
  }
  const found: Record<string, unknown>[] = [];
  const run = { status: 'ok', end: 1, lastActivity: undefined } as const;
  const options = { attributes: destination.attributes };
  for await (const { span } of otlpSpans(run, spans(), options, { open: 0, leftOut: 0 })) {
    const keys = span.attributes.map(({ key }) => key);
    assert.deepEqual(keys, [...new Set(keys)], 'each name once');
    found.push(Object.fromEntries(span.attributes.map(({ key, value }) => [key, value])));
  }
  return found;
}

function has(all: Readonly<Record<string, unknown>> | undefined, expected: object): void {
  for (const [key, value] of Object.entries(expected)) assert.deepEqual(all?.[key], value, key);
}

describe('Spans under the names of their destinations', () => {
  it('have name, user, session and tags of the trace on each, for Langfuse', async () => {
    const [first, second] = await sentTo('langfuse');
    for (const one of [first, second]) {
      has(one, {
        'langfuse.trace.name': 'research',
        'session.id': 'session-1',
        'user.id': 'me',
        'langfuse.trace.tags': ['team:a', 'size:2'],
      });
    }
    has(first, {
      'langfuse.observation.type': 'agent',
      'langfuse.trace.input': '[{"role":"user","parts":[{"type":"text","content":"Why?"}]}]',
    });
    has(second, {
      'langfuse.trace.input': undefined,
      'langfuse.observation.usage_details':
        '{"input":10,"output":50,"input_cached_tokens":100,"input_cache_creation_5m":20,"input_cache_creation_1h":30}',
      'langfuse.observation.cost_details': undefined,
      'langfuse.observation.completion_start_time': '2023-11-14T22:13:20.250Z',
      'langfuse.observation.metadata.attempt': '2',
    });
  });

  it('have each message, result and thought in its place, for Phoenix', async () => {
    const [first, second] = await sentTo('phoenix');
    has(first, { 'openinference.span.kind': 'AGENT', 'agent.name': 'research' });
    has(second, {
      'session.id': 'session-1',
      'user.id': 'me',
      'tag.tags': ['team:a', 'size:2'],
      metadata: '{"attempt":2}',
      'llm.invocation_parameters': '{"temperature":1,"top_k":5,"max_tokens":100}',
      'llm.finish_reason': 'length',
      'llm.token_count.prompt': 160n,
      'llm.token_count.completion': 50n,
      'llm.token_count.total': 210n,
      'llm.token_count.prompt_details.cache_read': 100n,
      'llm.token_count.prompt_details.cache_write': 50n,
      'llm.token_count.completion_details.reasoning': 7n,
      'llm.tools.0.tool.json_schema':
        '{"type":"function","function":{"name":"sum","description":"Adds","parameters":{"type":"object"}}}',
      'llm.input_messages.1.message.contents.0.message_content.type': 'reasoning',
      'llm.input_messages.1.message.contents.0.message_content.text': 'Two rooms.',
      'llm.input_messages.1.message.contents.1.message_content.type': 'text',
      'llm.input_messages.1.message.contents.1.message_content.text': 'Let me add.',
      'llm.input_messages.1.message.tool_calls.1.tool_call.id': 't2',
      'llm.input_messages.1.message.tool_calls.1.tool_call.function.name': 'sum',
      'llm.input_messages.1.message.tool_calls.1.tool_call.function.arguments': '{"a":2}',
      'llm.input_messages.2.message.role': 'tool',
      'llm.input_messages.2.message.content': 'one',
      'llm.input_messages.2.message.tool_call_id': 't1',
      'llm.input_messages.2.message.name': 'sum',
      'llm.input_messages.3.message.content': 'two',
      'llm.input_messages.3.message.tool_call_id': 't2',
      'llm.input_messages.4.message.role': 'user',
      'llm.input_messages.4.message.content': 'Go on.',
    });
  });

  it('are turns of a thread, for Weave', async () => {
    const [first, second] = await sentTo('weave');
    has(first, { 'wandb.thread_id': 'session-1', 'wandb.is_turn': true });
    has(second, { 'wandb.thread_id': 'session-1', 'wandb.is_turn': false });
  });

  it('are steps of a session, for Helicone', async () => {
    const [first, second] = await sentTo('helicone');
    assert.equal(first?.['llm.request.type'], undefined);
    has(second, {
      'traceloop.association.properties.Helicone-Session-Path': '/research/chat a-b',
      'traceloop.association.properties.Helicone-Session-Name': 'research',
      'traceloop.association.properties.Helicone-User-Id': 'me',
      'gen_ai.prompt.2.content': expectedResults,
    });
  });
});

const expectedResults = [
  '{"type":"tool_call_response","id":"t1","response":"one"}',
  '{"type":"tool_call_response","id":"t2","response":"two"}',
  'Go on.',
].join('\n');
