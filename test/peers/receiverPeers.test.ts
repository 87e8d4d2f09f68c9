import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createAnthropic } from '@ai-sdk/anthropic';
import { OpenTelemetry } from '@ai-sdk/otel';
import Anthropic from '@anthropic-ai/sdk';
import { AnthropicInstrumentation } from '@arizeai/openinference-instrumentation-anthropic';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { AnthropicInstrumentation as Traceloop } from '@traceloop/instrumentation-anthropic';
import { generateText, jsonSchema, registerTelemetry, stepCountIs, tool } from 'ai';
import * as sdkBefore1 from 'anthropic-sdk-0';
import { readRequest, readResponse } from '../../src/core/conversation.ts';
import type { Receiver } from '../../src/node/receiver.ts';
import { apiMessage, type MessagesApi, startMessagesApi } from '../tools/messagesApi.ts';
import { tempFolder } from './python.ts';
import { aSpan, attribute, receiveInto, send, shownOf } from './receiving.ts';
import { clock, openInReader } from './views.ts';

const model = 'claude-haiku-4-5';
const usage = {
  input_tokens: 100,
  cache_read_input_tokens: 2000,
  cache_creation_input_tokens: 700,
  output_tokens: 50,
};
/** By hand, from the price list: 1 in, 0.1 read, 1.25 written, 5 out, per million. */
const cost = (100 * 1 + 2000 * 0.1 + 700 * 1.25 + 50 * 5) / 1e6;
const asks = apiMessage({
  content: [
    { type: 'text', text: 'Let me look.' },
    { type: 'tool_use', id: 'toolu_1', name: 'search', input: { query: 'answer' } },
  ],
  stop_reason: 'tool_use',
  usage,
});
const answers = apiMessage({ content: [{ type: 'text', text: 'Forty-two.' }], usage });
const request = {
  model,
  max_tokens: 500,
  system: 'Be brief.',
  messages: [{ role: 'user' as const, content: 'What is the answer?' }],
};

describe('What is recorded by the real packages of others reaches the receiver', () => {
  let folder = '';
  let api: MessagesApi;
  let receiver: Receiver;
  let file = '';
  let provider: BasicTracerProvider;
  before(() => {
    folder = tempFolder();
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });
  beforeEach(async () => {
    api = await startMessagesApi(({ body }, count) =>
      body.max_tokens === 1
        ? { status: 400, error: { type: 'invalid_request_error', message: 'max_tokens: too few' } }
        : { message: count === 0 ? asks : answers },
    );
    ({ receiver, file } = await receiveInto(folder));
    const exporter = new OTLPTraceExporter({ url: `${receiver.url}/v1/traces` });
    provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
    trace.setGlobalTracerProvider(provider);
  });
  afterEach(async () => {
    trace.disable();
    await api.close();
    await receiver.close();
  });
  after(() => {
    context.disable();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** Its calls and tools, as the inspector shows them. */
  async function shown() {
    await provider.shutdown();
    const { runs, spansOf, detail } = await shownOf(file);
    assert.equal(runs.length, 1);
    const spans = await spansOf(runs[0]?.runId ?? '');
    const seen = async (spanId = '') => JSON.parse((await detail(spanId)).metadata?.text ?? '{}');
    const llm = spans.filter(span => span.kind === 'llm');
    const tools = spans.filter(span => span.kind === 'tool');
    return { run: runs[0], llm, tools, seen };
  }

  function isPaid(span: Awaited<ReturnType<typeof shown>>['llm'][number] | undefined): void {
    assert.match(span?.model ?? '', /^claude-haiku-4-5/);
    const { input, cacheRead, cacheWrite5m, output } = span?.usage ?? {};
    assert.deepEqual([input, cacheRead, cacheWrite5m, output], [100, 2000, 700, 50]);
    assert.ok(Math.abs((span?.cost ?? 0) - cost) < 1e-12, `${span?.cost} is ${cost}`);
  }

  const textsOf = (read: ReturnType<typeof readRequest>): string =>
    JSON.stringify(read?.messages ?? []);

  it('the Anthropic SDK’s own OpenTelemetry', async () => {
    const client = new Anthropic({
      apiKey: 'k',
      baseURL: api.baseURL,
      openTelemetry: { tracerProvider: provider, traces: { contentMode: 'content' } },
    } as never);
    await client.messages.create(request);
    const { llm, seen } = await shown();
    assert.equal(llm.length, 1);
    isPaid(llm[0]);
    const { request: asked, response } = await seen(llm[0]?.spanId);
    assert.match(textsOf(readRequest(asked)), /What is the answer\?/);
    assert.match(textsOf(readResponse(response)), /Let me look\..*search.*answer/);
  });

  it('OpenInference', async () => {
    const instrumentation = new AnthropicInstrumentation({ tracerProvider: provider as never });
    instrumentation.manuallyInstrument(Anthropic as never);
    try {
      const own = { openTelemetry: false } as never;
      const client = new Anthropic({ apiKey: 'k', baseURL: api.baseURL, ...(own as object) });
      await client.messages.create(request);
    } finally {
      instrumentation.disable();
    }
    const { llm, seen } = await shown();
    assert.equal(llm.length, 1);
    isPaid(llm[0]);
    const { request: asked, response } = await seen(llm[0]?.spanId);
    assert.match(textsOf(readRequest(asked)), /What is the answer\?/);
    assert.match(textsOf(readResponse(response)), /Let me look\..*search/);
  });

  it('Traceloop, whose tokens of the input are those that no cache gave', async () => {
    const instrumentation = new Traceloop();
    instrumentation.setTracerProvider(provider);
    // It fails on 1.x, which has no completions any more.
    instrumentation.manuallyInstrument(sdkBefore1 as never);
    const tool = {
      name: 'search',
      input_schema: { type: 'object' as const, properties: { query: { type: 'string' } } },
    };
    const client = new sdkBefore1.Anthropic({ apiKey: 'k', baseURL: api.baseURL });
    const task = trace.getTracer('agent').startSpan('task');
    await context.with(trace.setSpan(context.active(), task), async () => {
      const first = await client.messages.create({ ...request, tools: [tool] });
      const result = { type: 'tool_result' as const, tool_use_id: 'toolu_1', content: 'found' };
      await client.messages.create({
        ...request,
        tools: [tool],
        messages: [
          ...request.messages,
          { role: 'assistant', content: first.content },
          { role: 'user', content: [result] },
        ],
      });
    });
    task.end();
    const { run, llm, seen } = await shown();
    assert.equal(llm.length, 2);
    for (const call of llm) isPaid(call);
    assert.ok(Math.abs((run?.cost ?? 0) - 2 * cost) < 1e-12);
    const [first, second] = [await seen(llm[0]?.spanId), await seen(llm[1]?.spanId)];
    assert.match(JSON.stringify(readRequest(first.request)), /Be brief\..*What is the answer\?/);
    assert.match(textsOf(readResponse(first.response)), /Let me look\..*search.*answer/);
    assert.match(textsOf(readRequest(second.request)), /search.*found/);
    assert.match(textsOf(readResponse(second.response)), /Forty-two\./);
  });

  it('the Vercel AI SDK, with the tool that it calls', async () => {
    registerTelemetry(new OpenTelemetry());
    const anthropic = createAnthropic({ apiKey: 'k', baseURL: `${api.baseURL}/v1` });
    const { text } = await generateText({
      model: anthropic(model),
      system: 'Be brief.',
      prompt: 'What is the answer?',
      tools: {
        search: tool({
          description: 'Searches',
          inputSchema: jsonSchema<{ query: string }>({
            type: 'object',
            properties: { query: { type: 'string' } },
          }),
          execute: async ({ query }) => `found ${query}`,
        }),
      },
      stopWhen: stepCountIs(3),
    });
    assert.equal(text, 'Forty-two.');
    const { run, llm, tools, seen } = await shown();
    assert.equal(llm.length, 2, 'what is around the calls counts nothing');
    for (const call of llm) isPaid(call);
    assert.ok(Math.abs((run?.cost ?? 0) - 2 * cost) < 1e-12);
    assert.deepEqual(
      tools.map(span => span.toolName ?? span.name),
      ['search'],
    );
    const { request: asked, response } = await seen(llm[0]?.spanId);
    assert.match(textsOf(readRequest(asked)), /What is the answer\?/);
    assert.match(textsOf(readResponse(response)), /search/);
    const { tool_input, tool_result } = await seen(tools[0]?.spanId);
    assert.deepEqual(tool_input, { query: 'answer' });
    assert.match(JSON.stringify(tool_result), /found answer/);
  });

  it('pydantic-ai, by the names of its documentation, since its package is Python’s', async () => {
    const part = (content: string) => ({ type: 'text', content });
    const call = { type: 'tool_call', id: 'toolu_1', name: 'search' };
    const asked = [{ role: 'user', parts: [part('What is the answer?')] }];
    const uses = [
      {
        role: 'assistant',
        parts: [part('Let me look.'), { ...call, arguments: { query: 'answer' } }],
        finish_reason: 'tool_call',
      },
    ];
    const result = { ...call, type: 'tool_call_response', result: 'found answer' };
    const given = [...asked, ...uses, { role: 'user', parts: [result] }];
    const says = [{ role: 'assistant', parts: [part('Forty-two.')], finish_reason: 'stop' }];
    const traceId = 'a'.repeat(32);
    const root = 'b'.repeat(16);
    const spanOf = (name: string, more: Record<string, string | number>, below = true) =>
      aSpan({
        ...{ name, traceId, ...(below ? { parentSpanId: root } : { spanId: root }) },
        attributes: Object.entries(more).map(([key, value]) => attribute(key, value)),
      });
    const chat = (input: unknown, output: unknown) =>
      spanOf(`chat ${model}`, {
        'gen_ai.operation.name': 'chat',
        'gen_ai.system': 'anthropic',
        'gen_ai.request.model': model,
        'gen_ai.response.model': model,
        'gen_ai.system_instructions': JSON.stringify([part('Be brief.')]),
        'gen_ai.input.messages': JSON.stringify(input),
        'gen_ai.output.messages': JSON.stringify(output),
        'gen_ai.usage.input_tokens': 2800,
        'gen_ai.usage.output_tokens': 50,
        'gen_ai.usage.details.cache_read_input_tokens': 2000,
        'gen_ai.usage.details.cache_creation_input_tokens': 700,
        'operation.cost': cost,
        model_request_parameters: '{"function_tools": []}',
      });
    const spans = [
      spanOf(
        'agent run',
        {
          ...{ 'gen_ai.agent.name': 'helper', agent_name: 'helper', model_name: model },
          ...{ 'gen_ai.usage.input_tokens': 5600, 'gen_ai.usage.output_tokens': 100 },
          'pydantic_ai.all_messages': JSON.stringify([...given, ...says]),
          final_result: 'Forty-two.',
        },
        false,
      ),
      chat(asked, uses),
      spanOf('running tool', {
        ...{ 'gen_ai.tool.name': 'search', 'gen_ai.tool.call.id': 'toolu_1' },
        ...{ tool_arguments: '{"query":"answer"}', tool_response: 'found answer' },
      }),
      chat(given, says),
    ];
    const scopeSpans = [{ scope: { name: 'pydantic-ai', version: '1.26.0' }, spans }];
    const body = JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans }] });
    assert.equal((await send(`${receiver.url}/v1/traces`, body)).status, 200);
    const { run, llm, tools, seen } = await shown();
    assert.equal(llm.length, 2);
    for (const one of llm) isPaid(one);
    assert.ok(Math.abs((run?.cost ?? 0) - 2 * cost) < 1e-12, 'its sum counts nothing');
    assert.equal((await seen(root)).kind, 'agent');
    const first = await seen(llm[0]?.spanId);
    assert.match(JSON.stringify(readRequest(first.request)), /Be brief\..*What is the answer\?/);
    assert.match(textsOf(readResponse(first.response)), /Let me look\..*search.*answer/);
    const { tool_input, tool_result } = await seen(tools[0]?.spanId);
    assert.deepEqual([tool_input, tool_result], [{ query: 'answer' }, 'found answer']);
    assert.deepEqual(
      tools.map(span => span.toolName),
      ['search'],
    );
  });

  describe('around an SDK that records its calls itself', () => {
    /** A call that ends well, one that streams, and one that fails. */
    async function calls(client: Pick<Anthropic, 'messages'>): Promise<void> {
      await trace.getTracer('agent').startActiveSpan('agent', async agent => {
        await client.messages.create(request);
        const stream = await client.messages.create({ ...request, stream: true });
        for await (const _ of stream);
        await assert.rejects(client.messages.create({ ...request, max_tokens: 1 }));
        agent.end();
      });
    }

    it('OpenInference counts each of them once', async () => {
      const instrumentation = new AnthropicInstrumentation({ tracerProvider: provider as never });
      instrumentation.manuallyInstrument(Anthropic as never);
      try {
        await calls(new Anthropic({ apiKey: 'k', baseURL: api.baseURL, maxRetries: 0 }));
      } finally {
        instrumentation.disable();
      }
      const { run, llm } = await shown();
      assert.deepEqual(
        llm.map(span => [span.name, span.status]),
        ['ok', 'ok', 'error'].map(status => ['Anthropic Messages', status]),
      );
      for (const call of llm.slice(0, 2)) isPaid(call);
      assert.equal(run?.spans, 7, 'all that came is kept');
      assert.ok(Math.abs((run?.cost ?? 0) - 2 * cost) < 1e-12);
      assert.deepEqual([run?.usage.input, run?.usage.output], [200, 100]);
      const reader = await openInReader(file);
      const asked = { filter: 'all', by: 'model', zone: 0, clock: clock() } as const;
      const { rows } = await reader.costs(file, asked);
      assert.equal(
        rows.reduce((sum, row) => sum + row.calls, 0),
        3,
      );
    });
  });
});
