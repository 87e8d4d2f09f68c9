import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { AgentTracer, TraceFileExporter, TraceFileProcessor } from '../../src/tracer/main.ts';
import { apiMessage, type MessagesApi, startMessagesApi } from '../tools/messagesApi.ts';
import { tempFolder } from './python.ts';
import { clock, runsIn } from './views.ts';

const near = (actual: number | undefined, expected: number): void =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) < 1e-12, `${actual} is ${expected}`);

describe('A trace file written from OpenTelemetry', () => {
  let folder = '';
  before(() => {
    folder = tempFolder();
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });
  let api: MessagesApi | undefined;
  afterEach(() => api?.close());
  after(() => {
    context.disable();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  function start(batched: boolean) {
    const file = path.join(fs.mkdtempSync(path.join(folder, 'f-')), 'agent_traces.db');
    const tracer = new AgentTracer({ file, git: false, signals: false, user: 'u1' });
    const processor = batched
      ? new BatchSpanProcessor(new TraceFileExporter(tracer))
      : new TraceFileProcessor(tracer);
    const provider = new BasicTracerProvider({ spanProcessors: [processor] });
    const read = async () => {
      await provider.forceFlush();
      const { reader, runs } = await runsIn(file);
      const detail = async (id: string | undefined) => reader.span(file, id ?? '', clock());
      const spans = async (runId: string) =>
        (await reader.spans(file, runId, { offset: 0, limit: 9 })).spans;
      return { runs, detail, spans };
    };
    const end = async () => {
      await provider.shutdown();
      await tracer.close();
    };
    return { provider, otel: provider.getTracer('test-agent'), read, end };
  }

  it('has what another program called as the root of a run of its own', async () => {
    const { otel, read, end } = start(false);
    const traceId = 'a'.repeat(32);
    const remote = { traceId, spanId: 'c'.repeat(16), traceFlags: 1, isRemote: true };
    const asked = trace.setSpanContext(context.active(), remote);
    const entry = otel.startSpan('POST /ask', {}, asked);
    otel.startSpan('work', {}, trace.setSpan(asked, entry)).end();
    entry.end();
    const { runs, spans, detail } = await read();
    assert.deepEqual(
      runs.map(run => [run.runId, run.name]),
      [[traceId, 'POST /ask']],
    );
    const found = await spans(traceId);
    assert.deepEqual(
      found.map(span => [span.name, span.parentSpanId]),
      [
        ['POST /ask', undefined],
        ['work', entry.spanContext().spanId],
      ],
    );
    const { metadata } = (await detail(entry.spanContext().spanId))!;
    assert.equal(JSON.parse(metadata?.text ?? '{}').remote_parent_span_id, remote.spanId);
    await end();
  });

  for (const batched of [false, true]) {
    it(`through the ${batched ? 'exporter' : 'processor'} is read by our reader, by value`, async () => {
      const { otel, read, end } = start(batched);
      await otel.startActiveSpan('invoke_agent research', async agent => {
        agent.setAttributes({
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.conversation.id': 'session-1',
          'gen_ai.usage.input_tokens': 3000,
        });
        await otel.startActiveSpan('chat claude-haiku-4-5', async chat => {
          chat.setAttributes({
            'gen_ai.operation.name': 'chat',
            'gen_ai.request.model': 'claude-haiku-4-5',
            'gen_ai.response.model': 'claude-haiku-4-5-20251001',
            'gen_ai.request.max_tokens': 500,
            'gen_ai.input.messages': JSON.stringify([
              { role: 'user', parts: [{ type: 'text', content: 'What is the answer?' }] },
            ]),
            'gen_ai.output.messages': JSON.stringify([
              {
                role: 'assistant',
                parts: [
                  { type: 'tool_call', id: 'call_1', name: 'search', arguments: { q: 'answer' } },
                ],
                finish_reason: 'tool_call',
              },
            ]),
            // With the cache in it, as the conventions have it.
            'gen_ai.usage.input_tokens': 3000,
            'gen_ai.usage.cache_read.input_tokens': 2000,
            'gen_ai.usage.cache_write.input_tokens': 700,
            'gen_ai.usage.output_tokens': 50,
            'http.request.header.x-api-key': ['sk-ant-secret'],
          });
          chat.addEvent('retry', { attempt: 2 });
          chat.end();
        });
        await otel.startActiveSpan('execute_tool search', async tool => {
          tool.setAttributes({
            'gen_ai.operation.name': 'execute_tool',
            'gen_ai.tool.name': 'search',
            'gen_ai.tool.call.id': 'call_1',
            'gen_ai.tool.call.arguments': '{"q":"answer"}',
          });
          tool.recordException(new Error('no index'));
          tool.setStatus({ code: SpanStatusCode.ERROR, message: 'no index' });
          tool.end();
        });
        agent.setStatus({ code: SpanStatusCode.ERROR });
        agent.end();
      });
      const { runs, detail } = await read();
      const [run] = runs;
      assert.deepEqual(
        [runs.length, run?.name, run?.status, run?.sessionId, run?.spans],
        [1, 'invoke_agent research', 'error', 'session-1', 3],
      );
      near(run?.cost, (300 * 1 + 2000 * 0.1 + 700 * 1.25 + 50 * 5) / 1e6);
      const failing = await detail(run?.failingSpanId);
      assert.deepEqual(
        [failing.span.name, failing.span.toolName, failing.span.error, failing.cause?.rule],
        ['execute_tool search', 'search', 'no index', 'tool-use-id'],
      );
      const chat = await detail(failing.cause?.span.spanId);
      const { input, cacheRead, cacheWrite5m, output } = chat.span.usage;
      assert.deepEqual([input, cacheRead, cacheWrite5m, output], [300, 2000, 700, 50]);
      assert.equal(chat.span.kind, 'llm');
      assert.ok(!JSON.stringify(chat).includes('sk-ant-secret'));
      await end();
    });
  }

  it('has spans that are still open, from the processor', async () => {
    const { otel, read, end } = start(false);
    const agent = otel.startSpan('invoke_agent', {
      attributes: { 'gen_ai.operation.name': 'invoke_agent' },
    });
    const open = await read();
    assert.deepEqual([open.runs[0]?.name, open.runs[0]?.status], ['invoke_agent', 'running']);
    agent.end();
    const ended = await read();
    assert.deepEqual([ended.runs.length, ended.runs[0]?.status], [1, 'ok']);
    await end();
  });

  it("holds the Anthropic SDK's own OpenTelemetry: call, cost with the cache, error", async () => {
    const usage = {
      input_tokens: 100,
      cache_read_input_tokens: 2000,
      cache_creation_input_tokens: 700,
      cache_creation: { ephemeral_5m_input_tokens: 300, ephemeral_1h_input_tokens: 400 },
      output_tokens: 50,
    };
    const message = apiMessage({ content: [{ type: 'text', text: 'Forty-two.' }], usage });
    api = await startMessagesApi((_, count) =>
      count === 0
        ? { message }
        : { status: 400, error: { type: 'invalid_request_error', message: 'too many' } },
    );
    const { provider, read, end } = start(false);
    const client = new Anthropic({
      apiKey: 'k',
      baseURL: api.baseURL,
      openTelemetry: { tracerProvider: provider, traces: { contentMode: 'content' } },
    });
    const request = {
      model: 'claude-haiku-4-5',
      max_tokens: 10,
      messages: [{ role: 'user' as const, content: 'What is the answer?' }],
    };
    await client.messages.create(request);
    await assert.rejects(client.messages.create(request), /too many/);
    const { runs, detail, spans } = await read();
    const [failed, answered] = [...runs].sort((a, b) => (a.status < b.status ? -1 : 1));
    assert.deepEqual([answered?.status, failed?.status], ['ok', 'error']);
    near(answered?.cost, (100 * 1 + 2000 * 0.1 + 300 * 1.25 + 400 * 2 + 50 * 5) / 1e6);
    const [call] = await spans(answered?.runId ?? '');
    const text = JSON.stringify(await detail(call?.spanId));
    assert.ok(text.includes('What is the answer?') && text.includes('Forty-two.'), text);
    assert.deepEqual([call?.kind, call?.model], ['llm', 'claude-haiku-4-5-20251001']);
    await end();
  });
});
