import assert from 'node:assert/strict';
import { readRequest, readResponse } from '../../src/core/conversation.ts';
import { type OtelSpan, otelRows } from '../../src/formats/otelSpan.ts';

const base: OtelSpan = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  parentSpanId: '00f067aa0ba902b7',
  name: 'a span',
  start: 1_760_000_000_000,
  end: 1_760_000_001_500,
  statusCode: 0,
  attributes: {},
  events: [],
  resource: {},
  scope: 'test',
};
const rowsOf = (attributes: Record<string, unknown>, more: Partial<OtelSpan> = {}) => {
  const { span, events, unpriced } = otelRows({ ...base, attributes, ...more });
  const metadata = JSON.parse(JSON.stringify(span.metadata));
  /** `role: texts` of the conversation, as the inspector shows it. */
  const shown = (all: ReturnType<typeof readRequest>) =>
    all?.messages.map(({ role, blocks }) => {
      const texts = blocks.map(block =>
        block.type === 'toolUse'
          ? `${block.name}(${block.input.text.replace(/\s/g, '')})${block.result ? ' answered' : ''}`
          : block.type === 'text' || block.type === 'thinking'
            ? block.text.text
            : block.type,
      );
      return `${role}: ${texts.join(' | ')}`;
    });
  return {
    span,
    events,
    unpriced,
    metadata,
    request: shown(readRequest(metadata.request)),
    response: shown(readResponse(metadata.response)),
  };
};
const near = (actual: number | undefined, expected: number): void =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) < 1e-12, `${actual} is ${expected}`);

describe('Spans of OpenTelemetry become rows', () => {
  it('with ids, times in seconds and status; what has no place of its own is kept', () => {
    const { span, metadata } = rowsOf({ 'app.step': 3, 'code.file.path': '/a/b.ts' });
    assert.deepEqual(
      [span.runId, span.spanId, span.parentSpanId, span.startTime, span.endTime, span.status],
      [base.traceId, base.spanId, base.parentSpanId, 1_760_000_000, 1_760_000_001.5, 'ok'],
    );
    assert.deepEqual(metadata, { 'app.step': 3, 'code.file.path': '/a/b.ts' });
    assert.deepEqual([span.costUsd, span.model, span.error], [0, '', undefined]);
    assert.equal(rowsOf({}, { end: undefined }).span.status, 'running');
  });

  it('failed with the words of the status, the exception or the type of the error', () => {
    const exception = { name: 'exception', time: 1, attributes: { 'exception.message': 'thrown' } };
    const failed = (more: Partial<OtelSpan>, attributes = {}) =>
      rowsOf(attributes, { statusCode: 2, ...more }).span.error;
    assert.equal(failed({ statusMessage: 'said', events: [exception] }), 'said');
    assert.equal(failed({ events: [exception] }), 'thrown');
    assert.equal(failed({}, { 'error.type': 'timeout' }), 'timeout');
    assert.equal(failed({}), 'error');
    assert.equal(rowsOf({}, { events: [exception] }).span.status, 'ok');
  });

  it('without headers that carry keys', () => {
    const { metadata, events } = rowsOf(
      {
        'http.request.header.x-api-key': ['k1'],
        'http.request.header.x_api_key': 'k2',
        'http.request.header.Authorization': 'k3',
        'http.request.header.accept': 'text',
      },
      { events: [{ name: 'e', time: 1, attributes: { cookie: 'k4', step: 1 } }] },
    );
    assert.deepEqual(metadata, { 'http.request.header.accept': 'text' });
    assert.deepEqual(events[0]?.attributes, { step: 1 });
  });

  it('of OpenInference', () => {
    const input = 'llm.input_messages';
    const call = 'message.tool_calls.0.tool_call';
    const { span, metadata, request, response } = rowsOf({
      'openinference.span.kind': 'LLM',
      'llm.model_name': 'claude-haiku-4-5',
      'llm.invocation_parameters': '{"max_tokens":64,"system":"Be brief."}',
      [`${input}.0.message.role`]: 'user',
      [`${input}.0.message.content`]: 'Weather?',
      [`${input}.1.message.role`]: 'assistant',
      [`${input}.1.message.contents.0.message_content.type`]: 'text',
      [`${input}.1.message.contents.0.message_content.text`]: 'I look.',
      [`${input}.1.${call}.id`]: 't1',
      [`${input}.1.${call}.function.name`]: 'weather',
      [`${input}.1.${call}.function.arguments`]: '{"city":"Paris"}',
      [`${input}.2.message.role`]: 'tool',
      [`${input}.2.message.tool_call_id`]: 't1',
      [`${input}.2.message.content`]: 'rain',
      'llm.tools.0.tool.json_schema': '{"name":"weather"}',
      'llm.output_messages.0.message.role': 'assistant',
      'llm.output_messages.0.message.content': 'It rains.',
      'llm.token_count.prompt': 2312,
      'llm.token_count.prompt_details.cache_write': 1900,
      'llm.token_count.completion': 58,
      'session.id': 's1',
      'user.id': 'u1',
    });
    assert.deepEqual(request, [
      'system: Be brief.',
      'tools: json',
      'user: Weather?',
      'assistant: I look. | weather({"city":"Paris"}) answered',
      'tool: toolResult',
    ]);
    assert.deepEqual(response, ['assistant: It rains.']);
    assert.deepEqual(metadata.usage, {
      input_tokens: 412,
      cache_creation_input_tokens: 1900,
      output_tokens: 58,
    });
    near(span.costUsd, (412 + 1900 * 1.25 + 58 * 5) / 1e6);
    assert.deepEqual([metadata.session_id, metadata.user_id, span.inputTokens], ['s1', 'u1', 412]);
    const left = Object.keys(metadata).filter(key => key.startsWith('llm.'));
    assert.deepEqual(left, [], 'nothing is kept twice');
  });

  it('of OpenInference with the body of the request, which is kept as it is', () => {
    const body = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], tools: [] };
    const usage = {
      input_tokens: 5,
      cache_creation: { ephemeral_1h_input_tokens: 7 },
      cache_creation_input_tokens: 7,
      output_tokens: 1,
    };
    const answer = { type: 'message', content: [{ type: 'text', text: 'Ho' }], usage };
    const { metadata, span, unpriced } = rowsOf({
      'openinference.span.kind': 'LLM',
      'llm.model_name': 'm',
      'input.value': JSON.stringify(body),
      'output.value': JSON.stringify(answer),
      'llm.input_messages.0.message.role': 'user',
      'llm.output_messages.0.message.role': 'assistant',
      'llm.token_count.prompt': 12,
    });
    assert.deepEqual([metadata.request, metadata.response], [body, answer]);
    assert.equal(metadata.usage.cache_creation.ephemeral_1h_input_tokens, 7);
    assert.deepEqual([span.costUsd, unpriced], [undefined, 'm'], 'unpriced, not 0');
  });

  it('of OpenLLMetry with numbered attributes, whose Anthropic input leaves the cache out', () => {
    const { span, metadata, request, response } = rowsOf(
      {
        'llm.request.type': 'chat',
        'traceloop.span.kind': 'llm',
        'gen_ai.request.model': 'claude-haiku-4-5',
        'gen_ai.prompt.10.role': 'user',
        'gen_ai.prompt.10.content': 'last',
        'gen_ai.prompt.2.role': 'user',
        'gen_ai.prompt.2.content': '[{"type":"text","text":"first"}]',
        'llm.request.functions.0.name': 'weather',
        'llm.request.functions.0.parameters': '{"type":"object"}',
        'gen_ai.completion.0.role': 'assistant',
        'gen_ai.completion.0.finish_reason': 'tool_use',
        'gen_ai.completion.0.tool_calls.0.id': 't1',
        'gen_ai.completion.0.tool_calls.0.name': 'weather',
        'gen_ai.completion.0.tool_calls.0.arguments': '{"city":"Oslo"}',
        'gen_ai.usage.prompt_tokens': 4000,
        'gen_ai.usage.completion_tokens': 9,
        'gen_ai.usage.cache_read_input_tokens': 1900,
        'traceloop.association.properties.session_id': 's2',
      },
      { scope: '@traceloop/instrumentation-anthropic' },
    );
    assert.deepEqual(request, ['tools: json', 'user: first', 'user: last']);
    assert.deepEqual(response, ['assistant: weather({"city":"Oslo"})']);
    assert.deepEqual(metadata.request.tools, [
      { name: 'weather', input_schema: { type: 'object' } },
    ]);
    near(span.costUsd, (4000 + 1900 * 0.1 + 9 * 5) / 1e6);
    assert.equal(metadata.session_id, 's2');
  });

  it('of the AI SDK: the inner call counts, the outer one does not', () => {
    const usage = { 'ai.usage.inputTokens': 100, 'ai.usage.outputTokens': 10 };
    const { span, metadata, request, response } = rowsOf({
      ...usage,
      'ai.operationId': 'ai.streamText.doStream',
      'ai.model.id': 'gpt-5',
      'ai.model.provider': 'openai.responses',
      'ai.usage.cachedInputTokens': 40,
      'ai.prompt.messages': JSON.stringify([
        { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
        {
          role: 'assistant',
          content: [
            { type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: { city: 'Rome' } },
          ],
        },
        {
          role: 'tool',
          content: [
            {
              type: 'tool-result',
              toolCallId: 'c1',
              toolName: 'weather',
              output: { type: 'text', value: 'sun' },
            },
          ],
        },
      ]),
      'ai.prompt.tools': ['{"type":"function","name":"weather"}'],
      'ai.response.text': 'Sunny.',
      'ai.response.finishReason': 'stop',
      'ai.response.msToFirstChunk': 120,
      'ai.telemetry.metadata.sessionId': 's3',
    });
    assert.deepEqual(request?.slice(1), [
      'user: Weather?',
      'assistant: weather({"city":"Rome"}) answered',
      'user: toolResult',
    ]);
    assert.deepEqual(response, ['assistant: Sunny.']);
    assert.deepEqual(
      [span.inputTokens, metadata.usage.cache_read_input_tokens, metadata.time_to_first_token_ms],
      [60, 40, 120],
    );
    const outer = rowsOf({
      ...usage,
      'ai.operationId': 'ai.streamText',
      'ai.response.text': 'Sunny.',
    });
    assert.deepEqual(
      [outer.metadata.kind, outer.span.inputTokens, outer.metadata.usage, outer.metadata.output],
      ['chain', 0, undefined, 'Sunny.'],
    );
    const tool = rowsOf({
      'ai.operationId': 'ai.toolCall',
      'ai.toolCall.name': 'weather',
      'ai.toolCall.id': 'c1',
      'ai.toolCall.args': '{"city":"Rome"}',
      'ai.toolCall.result': '"sun"',
    });
    const { kind, tool_name, tool_use_id, tool_input } = tool.metadata;
    assert.deepEqual(
      [kind, tool_name, tool_use_id, tool_input],
      ['tool', 'weather', 'c1', { city: 'Rome' }],
    );
  });

  it('of the conventions before 1.37, whose messages are events', () => {
    const event = (name: string, attributes: Record<string, unknown>) => ({
      name,
      time: 1,
      attributes,
    });
    const { request, response, events } = rowsOf(
      { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-5' },
      {
        events: [
          event('gen_ai.system.message', { content: 'Be brief.' }),
          event('gen_ai.user.message', { content: 'Hi' }),
          event('gen_ai.choice', { index: 0, finish_reason: 'stop', message: '{"content":"Ho"}' }),
          event('note', { a: 1 }),
        ],
      },
    );
    assert.deepEqual([request, response], [['system: Be brief.', 'user: Hi'], ['assistant: Ho']]);
    assert.deepEqual(
      events.map(({ name }) => name),
      ['note'],
    );
  });

  it('of Claude Code, whose input leaves the cache out', () => {
    const { span, metadata } = rowsOf(
      {
        'span.type': 'llm_request',
        model: 'claude-haiku-4-5',
        input_tokens: '3000',
        cache_read_tokens: 2000,
        cache_creation_tokens: 10,
        output_tokens: 5,
        ttft_ms: 90,
      },
      { name: 'claude_code.llm_request' },
    );
    near(span.costUsd, (3000 + 2000 * 0.1 + 10 * 1.25 + 5 * 5) / 1e6);
    assert.deepEqual(
      [metadata.kind, span.model, metadata.time_to_first_token_ms],
      ['llm', 'claude-haiku-4-5', 90],
    );
  });

  it('of Claude Code, which says in an attribute that something failed, and marks the larger window', () => {
    const call = { 'span.type': 'llm_request', model: 'claude-opus-5[1m]', input_tokens: 1000 };
    const of = (attributes: object, name = 'claude_code.llm_request') =>
      rowsOf({ ...call, ...attributes }, { name }).span;
    const failed = of({ success: 'false', error: 'Overloaded' });
    assert.deepEqual([failed.status, failed.error], ['error', 'Overloaded']);
    near(of({ success: true }).costUsd, (1000 * 5) / 1e6);
    assert.equal(of({ success: true }).status, 'ok');
    const tool = rowsOf(
      { 'span.type': 'tool', tool_name: 'Bash', success: false },
      { name: 'claude_code.tool' },
    );
    assert.deepEqual([tool.span.status, tool.span.error], ['error', 'error']);
    assert.equal(
      rowsOf({ success: false }).span.status,
      'ok',
      'of others it is no word on the span',
    );
  });

  it('of an agent of pydantic-ai by its older name, which repeats the tokens of its calls', () => {
    const run = { agent_name: 'helper', model_name: 'm', 'gen_ai.usage.input_tokens': 300 };
    const { span, metadata } = rowsOf(run, { name: 'agent run' });
    assert.deepEqual([metadata.kind, span.inputTokens, span.costUsd], ['agent', 0, 0]);
  });

  it('with the cost that was recorded, and with none for the agent around a call', () => {
    const call = { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 5 };
    assert.equal(rowsOf({ ...call, 'operation.cost': 0.25 }).span.costUsd, 0.25);
    const agent = rowsOf({ ...call, 'gen_ai.operation.name': 'invoke_agent' });
    assert.deepEqual(
      [agent.span.inputTokens, agent.span.costUsd, agent.metadata['gen_ai.usage.input_tokens']],
      [0, 0, 5],
    );
  });

  it('whatever they hold', () => {
    const odd = [null, '', '{', '[1', Number.NaN, {}, [], [null], { a: 1n }, 'x'.repeat(10)];
    const keys = [
      'gen_ai.input.messages',
      'gen_ai.usage.input_tokens',
      'llm.input_messages.0.message.contents.0.message_content.type',
      'llm.tools.0',
      'gen_ai.prompt.0',
      'gen_ai.prompt.__proto__.x',
      'ai.prompt.messages',
      'ai.response.toolCalls',
      'llm.invocation_parameters',
    ];
    for (const value of odd) {
      for (const kind of ['LLM', 'TOOL', 'AGENT', '']) {
        const attributes = Object.fromEntries(keys.map(key => [key, value]));
        otelRows({ ...base, attributes: { ...attributes, 'openinference.span.kind': kind } });
      }
    }
    assert.equal(Object.hasOwn(Object.prototype, 'x'), false);
  });
});
