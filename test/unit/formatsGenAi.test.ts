import assert from 'node:assert/strict';
import type { RecordedSpan } from '../../src/core/recordedSpan.ts';
import { createRedactor } from '../../src/core/redaction.ts';
import { exportedSpan } from '../../src/formats/exportedSpan.ts';
import { conventionsVersion, genAiAttributes } from '../../src/formats/genAiAttributes.ts';
import { otlpOfSpan } from '../../src/formats/otlpOfSpan.ts';
import { recorded } from './support/recordedSpan.ts';

const attributesOf = (span: RecordedSpan, redactor?: Parameters<typeof exportedSpan>[1]) =>
  Object.fromEntries(
    genAiAttributes(exportedSpan(span, redactor)).map(({ key, value }) => [key, value]),
  );
const json = (value: unknown) => JSON.parse(String(value));

const call = recorded({
  span: {
    name: 'chat',
    kind: 'llm',
    model: 'claude-haiku-4-5-20251001',
    usage: {
      input: 12,
      cacheRead: 1900,
      cacheWrite5m: 30,
      cacheWrite1h: 70,
      output: 55,
      reasoning: 9,
    },
    cost: 0.001,
    costSource: 'recorded',
  },
  sessionId: 's1',
  metadata: {
    kind: 'llm',
    request: {
      model: 'claude-haiku-4-5',
      max_tokens: 500,
      temperature: 0.5,
      stop_sequences: ['END'],
      system: 'Be brief.',
      tools: [{ name: 'search', description: 'finds', input_schema: { type: 'object' } }],
      messages: [
        { role: 'user', content: 'What is it?' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm', signature: 'x' },
            { type: 'tool_use', id: 't1', name: 'search', input: { q: 'it' } },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'found' }] },
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } },
          ],
        },
      ],
    },
    response: {
      id: 'msg_1',
      model: 'claude-haiku-4-5-20251001',
      content: [{ type: 'text', text: 'It.' }],
      stop_reason: 'end_turn',
    },
    usage: { input_tokens: 12 },
    time_to_first_token_ms: 250,
    'app.step': 3,
    tags: { team: 'a' },
  },
});

describe(`GenAI conventions ${conventionsVersion}`, () => {
  it('say of a call what was recorded of it', () => {
    const found = attributesOf(call);
    const {
      'gen_ai.input.messages': messages,
      'gen_ai.output.messages': answer,
      ...others
    } = found;
    assert.deepEqual(json(messages), [
      { role: 'user', parts: [{ type: 'text', content: 'What is it?' }] },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'hm' },
          { type: 'tool_call', id: 't1', name: 'search', arguments: { q: 'it' } },
        ],
      },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 't1', response: 'found' }] },
      {
        role: 'user',
        parts: [{ type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AA==' }],
      },
    ]);
    assert.deepEqual(json(answer), [
      { role: 'assistant', parts: [{ type: 'text', content: 'It.' }], finish_reason: 'stop' },
    ]);
    assert.deepEqual(json(others['gen_ai.system_instructions']), [
      { type: 'text', content: 'Be brief.' },
    ]);
    assert.deepEqual(json(others['gen_ai.tool.definitions']), [
      { type: 'function', name: 'search', description: 'finds', parameters: { type: 'object' } },
    ]);
    const { 'gen_ai.system_instructions': _, 'gen_ai.tool.definitions': __, ...small } = others;
    assert.deepEqual(small, {
      'app.step': 3n,
      'agent_trace.tags': '{"team":"a"}',
      'gen_ai.operation.name': 'chat',
      'gen_ai.conversation.id': 's1',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'claude-haiku-4-5',
      'gen_ai.response.model': 'claude-haiku-4-5-20251001',
      'gen_ai.request.max_tokens': 500n,
      'gen_ai.request.temperature': 0.5,
      'gen_ai.request.stop_sequences': ['END'],
      'gen_ai.response.id': 'msg_1',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 2012n,
      'gen_ai.usage.output_tokens': 55n,
      'gen_ai.usage.cache_read.input_tokens': 1900n,
      'gen_ai.usage.cache_creation.input_tokens': 100n,
      'gen_ai.usage.cache_write.input_tokens': 100n,
      'anthropic.usage.cache_creation.ephemeral_5m_input_tokens': 30n,
      'anthropic.usage.cache_creation.ephemeral_1h_input_tokens': 70n,
      'gen_ai.usage.reasoning.output_tokens': 9n,
      'gen_ai.usage.cost': 0.001,
      'gen_ai.response.time_to_first_chunk': 0.25,
    });
  });

  it('say of chat completions the same', () => {
    const found = attributesOf(
      recorded({
        span: { kind: 'llm', model: 'gpt-5' },
        metadata: {
          request: {
            messages: [
              { role: 'system', content: 'Be brief.' },
              {
                role: 'assistant',
                content: null,
                tool_calls: [
                  { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
                ],
              },
              { role: 'tool', tool_call_id: 'c1', content: 'found' },
              {
                role: 'user',
                content: [{ type: 'image_url', image_url: { url: 'https://a/b.png' } }],
              },
            ],
          },
          response: {
            choices: [
              { message: { role: 'assistant', content: 'Yes' }, finish_reason: 'tool_calls' },
            ],
          },
        },
      }),
    );
    assert.deepEqual(json(found['gen_ai.input.messages']), [
      { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
      {
        role: 'assistant',
        parts: [{ type: 'tool_call', id: 'c1', name: 'f', arguments: { a: 1 } }],
      },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'found' }] },
      { role: 'user', parts: [{ type: 'uri', modality: 'image', uri: 'https://a/b.png' }] },
    ]);
    assert.deepEqual(json(found['gen_ai.output.messages']), [
      { role: 'assistant', parts: [{ type: 'text', content: 'Yes' }], finish_reason: 'tool_call' },
    ]);
    assert.equal(found['gen_ai.provider.name'], 'openai');
  });

  it('say of tools and agents what they did, and of a failure its class', () => {
    const tool = attributesOf(
      recorded({
        span: { kind: 'tool', name: 'search', toolName: 'search', status: 'error' },
        error: 'no',
        metadata: {
          tool_name: 'search',
          tool_use_id: 't1',
          tool_input: { q: 1 },
          tool_result: 'no',
          source: { file: '/a.ts', line: 7, function: 'f' },
        },
        events: [{ time: 1, name: 'exception', attributes: '{"exception.type":"TypeError"}' }],
      }),
    );
    assert.deepEqual(tool, {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'search',
      'gen_ai.tool.call.id': 't1',
      'gen_ai.tool.call.arguments': '{"q":1}',
      'gen_ai.tool.call.result': 'no',
      'code.file.path': '/a.ts',
      'code.line.number': 7n,
      'code.function.name': 'f',
      'error.type': 'TypeError',
    });
    const agent = attributesOf(
      recorded({
        span: { kind: 'agent', name: 'research' },
        metadata: { input: 'Go', output: 'Done' },
      }),
    );
    assert.equal(agent['gen_ai.agent.name'], 'research');
    assert.equal(json(agent['gen_ai.output.messages'])[0].parts[0].content, 'Done');
  });

  it('hold no content where content is left out', () => {
    const found = attributesOf(call, createRedactor({ mode: 'metadata' }));
    for (const key of [
      'input.messages',
      'output.messages',
      'system_instructions',
      'tool.definitions',
    ]) {
      assert.ok(!(`gen_ai.${key}` in found), key);
    }
    assert.equal(found['gen_ai.usage.input_tokens'], 2012n);
    assert.doesNotMatch(
      JSON.stringify(found, (_, one) => (typeof one === 'bigint' ? `${one}` : one)),
      /What is it|Be brief|found|It\./,
    );
  });

  it('end an open span of a run that is over when the run ended, and leave out others', () => {
    const open = exportedSpan(
      recorded({ span: { kind: 'agent', end: undefined, status: 'running' } }),
    );
    assert.equal(otlpOfSpan(open, {}), undefined);
    assert.equal(
      otlpOfSpan(open, { openEnd: 1_700_000_009 })?.span.endNanos,
      1_700_000_009_000_000_000n,
    );
    assert.equal(otlpOfSpan(open, { exact: true })?.span.endNanos, 0n);
    const none = exportedSpan(recorded({ span: { kind: 'agent', start: undefined } }));
    assert.equal(otlpOfSpan(none, { exact: true }), undefined);
  });
});
