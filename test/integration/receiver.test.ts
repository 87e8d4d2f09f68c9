import assert from 'node:assert/strict';
import { context, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import * as vscode from 'vscode';
import { api, closeEverything, rowsOf, saidWhile, until } from './support.ts';

const port = 'agentTraces.receiver.port';
const terminals = 'agentTraces.receiver.terminals';
const token = 'agentTraces.receiver.token';
const set = (key: string, value: unknown) =>
  vscode.workspace.getConfiguration().update(key, value, vscode.ConfigurationTarget.Global);

const oneSpan = JSON.stringify({
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: [
            {
              ...{ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), name: 'one' },
              ...{
                startTimeUnixNano: '1795474998576000000',
                endTimeUnixNano: '1795474998628000000',
              },
            },
          ],
        },
      ],
    },
  ],
});

describe('the receiver', () => {
  before(() => set(port, 0));
  after(async () => {
    await set(port, undefined);
    await set(terminals, undefined);
    await set(token, undefined);
  });
  afterEach(async () => {
    await (await api()).receiving?.stop();
    await closeEverything();
  });

  it('is started by its command, and the tree shows a run of OpenTelemetry’s SDK while it happens', async () => {
    const { receiving, files } = await api();
    assert.ok(receiving);
    const said = await saidWhile(() => vscode.commands.executeCommand('agentTraces.startReceiver'));
    assert.match(
      said.join(),
      /^Programs that send OpenTelemetry to http:\/\/127\.0\.0\.1:\d+ are recorded\.$/,
    );
    assert.equal(receiving.text, '$(inbox) 0 spans');
    const { uri, url } = receiving;
    assert.ok(files.get(uri.toString()), 'its file is listed');
    const exporter = new OTLPTraceExporter({ url: `${url}/v1/traces` });
    const provider = new BasicTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    });
    const otel = provider.getTracer('agent');
    const root = otel.startSpan('invoke_agent live', {
      attributes: { 'gen_ai.operation.name': 'invoke_agent' },
    });
    const inside = trace.setSpan(context.active(), root);
    const call = otel.startSpan(
      'chat claude-haiku-4-5',
      {
        attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'claude-haiku-4-5' },
      },
      inside,
    );
    call.end();
    await provider.forceFlush();
    const runId = root.spanContext().traceId;
    const runOf = async () => {
      const rows = await rowsOf(uri);
      return rows
        .flatMap(row => (row.type === 'run' ? [row.run] : []))
        .find(run => run.runId === runId);
    };
    // Its root is still open, and so not sent.
    await until('the run is there', runOf);
    root.end();
    await provider.shutdown();
    await until('its root is there', async () => (await runOf())?.name === 'invoke_agent live');
    await until('the status bar counts', () => receiving.text === '$(inbox) 2 spans');
    await vscode.commands.executeCommand('agentTraces.stopReceiver');
    assert.equal(receiving.text, undefined);
    await assert.rejects(fetch(`${url}/v1/traces`));
    assert.ok(await runOf(), 'what it received stays');
  });

  it('gives terminals the variables where that is switched on, and takes them back', async () => {
    const { receiving } = await api();
    await set(terminals, true);
    await receiving?.start();
    assert.equal(receiving?.variable('OTEL_EXPORTER_OTLP_ENDPOINT'), receiving?.url);
    assert.equal(receiving?.variable('CLAUDE_CODE_ENABLE_TELEMETRY'), '1');
    // What is set anew meanwhile would not have this one.
    receiving?.['variables'].replace('AGENT_TRACES_MARK', '1');
    await fetch(`${receiving?.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: oneSpan,
    });
    await until('the span is counted', () => receiving?.text === '$(inbox) 1 span');
    assert.equal(receiving?.variable('AGENT_TRACES_MARK'), '1', 'counts leave them alone');
    await set(terminals, false);
    await until(
      'they are gone',
      () => receiving?.variable('OTEL_EXPORTER_OTLP_ENDPOINT') === undefined,
    );
  });

  it('asks for a token where that is switched on, and gives it to terminals', async () => {
    const { receiving } = await api();
    await set(token, true);
    await set(terminals, true);
    const { url = '' } = (await receiving?.start()) ?? {};
    const given = receiving?.variable('OTEL_EXPORTER_OTLP_HEADERS') ?? '';
    const [name = '', value = ''] = given.split('=');
    const sent = (headers: Record<string, string>) =>
      fetch(`${url}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{}',
      });
    assert.equal((await sent({})).status, 401);
    assert.equal((await sent({ [name]: value })).status, 200);
    await receiving?.stop();
    await receiving?.start();
    assert.equal(receiving?.variable('OTEL_EXPORTER_OTLP_HEADERS'), given, 'it stays the same');
  });

  it('says that its port is taken', async () => {
    const { receiving } = await api();
    const other = (await import('node:http')).createServer();
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    const { port: taken } = other.address() as { port: number };
    await set(port, taken);
    const said = await saidWhile(() => vscode.commands.executeCommand('agentTraces.startReceiver'));
    assert.deepEqual(said, [`Another program, perhaps another window, has the port ${taken}.`]);
    assert.equal(receiving?.url, undefined);
    other.close();
    await set(port, 0);
  });

  it('ends with a word where its process is killed', async () => {
    const { receiving } = await api();
    const { pid = 0 } = (await receiving?.start()) ?? {};
    const said = await saidWhile(async () => {
      process.kill(pid, 'SIGKILL');
      await until('it has ended', () => receiving?.url === undefined);
    });
    assert.deepEqual(said, ['The receiver has ended: SIGKILL. What it answered is stored.']);
  });
});
