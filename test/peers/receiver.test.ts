import assert from 'node:assert/strict';
import fs from 'node:fs';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Receiver } from '../../src/node/receiver.ts';
import { tempFolder } from './python.ts';
import { receiveInto, rowsIn, shownOf } from './receiving.ts';

describe('The receiver', () => {
  let folder = '';
  let receiver: Receiver | undefined;
  before(() => {
    folder = tempFolder();
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });
  afterEach(() => receiver?.close());
  after(() => {
    context.disable();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const start = async () => {
    const started = await receiveInto(folder);
    receiver = started.receiver;
    return started;
  };

  for (const [how, Exporter, compression] of [
    ['protobuf', ProtobufExporter, 'none'],
    ['JSON', JsonExporter, 'none'],
    ['protobuf in gzip', ProtobufExporter, 'gzip'],
    ['JSON in gzip', JsonExporter, 'gzip'],
  ] as const) {
    it(`takes what OpenTelemetry's own SDK exports as ${how}`, async () => {
      const { receiver: it, file } = await start();
      const exporter = new Exporter({
        url: `${it.url}/v1/traces`,
        compression: compression as never,
      });
      const spanProcessors = [new BatchSpanProcessor(exporter)];
      const provider = new BasicTracerProvider({ spanProcessors });
      const otel = provider.getTracer('test-agent');
      await otel.startActiveSpan('invoke_agent research', async agent => {
        agent.setAttribute('gen_ai.operation.name', 'invoke_agent');
        otel.startActiveSpan('chat claude-haiku-4-5', chat => {
          chat.setAttributes({
            'gen_ai.operation.name': 'chat',
            'gen_ai.request.model': 'claude-haiku-4-5',
            'gen_ai.input.messages': JSON.stringify([
              { role: 'user', parts: [{ type: 'text', content: 'What is the answer? äöü 🙂' }] },
            ]),
            'gen_ai.usage.input_tokens': 1000,
            'gen_ai.usage.output_tokens': 100,
            'app.ratio': 0.5,
            'app.tags': ['a', 'b'],
          });
          chat.addEvent('retry', { attempt: 2 });
          chat.end();
        });
        otel.startActiveSpan('execute_tool search', tool => {
          tool.setAttributes({
            'gen_ai.operation.name': 'execute_tool',
            'gen_ai.tool.name': 'search',
          });
          tool.setStatus({ code: SpanStatusCode.ERROR, message: 'no network' });
          tool.end();
        });
        agent.end();
      });
      await provider.shutdown();
      const { runs, spansOf, detail } = await shownOf(file);
      const [run] = runs;
      assert.deepEqual([runs.length, run?.name, run?.spans], [1, 'invoke_agent research', 3]);
      const spans = await spansOf(run?.runId ?? '');
      assert.deepEqual(
        spans.map(span => [span.name, span.kind, span.status]),
        [
          ['invoke_agent research', 'agent', 'ok'],
          ['chat claude-haiku-4-5', 'llm', 'ok'],
          ['execute_tool search', 'tool', 'error'],
        ],
      );
      const [, chat, tool] = spans;
      assert.deepEqual(
        [chat?.model, chat?.usage.input, chat?.usage.output],
        ['claude-haiku-4-5', 1000, 100],
      );
      // 1 and 5 dollars a million, by the price list.
      assert.ok(Math.abs((chat?.cost ?? 0) - 0.0015) < 1e-12);
      assert.equal(tool?.error, 'no network');
      const seen = await detail(chat?.spanId ?? '');
      const metadata = JSON.parse(seen.metadata?.text ?? '');
      assert.equal(metadata.request.messages[0].parts[0].content, 'What is the answer? äöü 🙂');
      assert.deepEqual([metadata['app.ratio'], metadata['app.tags']], [0.5, ['a', 'b']]);
      assert.deepEqual(
        seen.events.map(event => event.name),
        ['retry'],
      );
      assert.deepEqual(it.counts, { requests: 1, spans: 3, logs: 0, rejected: 0, refused: 0 });
    });
  }

  it('keeps records of the log with the span in which they were written, whichever comes first', async () => {
    const { receiver: it, file } = await start();
    const exporter = new OTLPLogExporter({ url: `${it.url}/v1/logs` });
    const logs = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
    const provider = new BasicTracerProvider({
      spanProcessors: [new BatchSpanProcessor(new JsonExporter({ url: `${it.url}/v1/traces` }))],
    });
    const logger = logs.getLogger('test');
    const write = (span: ReturnType<ReturnType<typeof provider.getTracer>['startSpan']>) =>
      logger.emit({
        eventName: 'gen_ai.client.inference.operation.details',
        attributes: {
          'gen_ai.input.messages': JSON.stringify([
            { role: 'user', parts: [{ type: 'text', content: 'Hi' }] },
          ]),
        },
        context: trace.setSpan(context.active(), span),
      });
    const otel = provider.getTracer('test');
    for (const first of ['log', 'span']) {
      const span = otel.startSpan(`${first} first`, {
        attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'claude-haiku-4-5' },
      });
      if (first === 'log') {
        write(span);
        await logs.forceFlush();
      }
      span.end();
      await provider.forceFlush();
      if (first === 'span') write(span);
    }
    await logs.shutdown();
    await provider.shutdown();
    const rows = rowsIn(file, 'SELECT name, metadata FROM spans ORDER BY name');
    assert.deepEqual(
      rows.map(row => [row.name, JSON.parse(String(row.metadata)).request[0].parts[0].content]),
      [
        ['log first', 'Hi'],
        ['span first', 'Hi'],
      ],
    );
    assert.equal(it.counts.logs, 2);
  });
});
