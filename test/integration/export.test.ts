import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Said } from '../../src/extension/errors.ts';
import type { RunRow } from '../../src/extension/rows.ts';
import { decodeOtlpJson } from '../../src/formats/otlpJson.ts';
import { type OtlpServer, type Answer as Reply, startOtlpServer } from '../tools/otlpServer.ts';
import { type Answer, type Asking, startAsking } from './asking.ts';
import { api, closeEverything, copySample, runRows } from './support.ts';

const variables = ['PHOENIX_COLLECTOR_ENDPOINT', 'LANGFUSE_BASE_URL', 'LANGFUSE_SECRET_KEY'];
const [publicKey, secretKey] = ['pk-lf-MARKED-0123456789', 'sk-lf-MARKED-0123456789'];
const basic = (keys: string) => `Basic ${Buffer.from(keys).toString('base64')}`;

describe('Export in VS Code', () => {
  let server: OtlpServer;
  let reply: (count: number) => Reply;
  let asking: Asking;
  let said: Said[];
  let run: RunRow;
  let listening: vscode.Disposable;

  beforeEach(async () => {
    reply = () => undefined;
    server = await startOtlpServer(count => reply(count));
    process.env.PHOENIX_COLLECTOR_ENDPOINT = server.origin;
    process.env.LANGFUSE_BASE_URL = server.origin;
    asking = startAsking();
    said = [];
    listening = (await api()).onDidSay(one => said.push(one));
    const [first] = await runRows(await copySample('exported.agent-traces.db'));
    assert.ok(first);
    run = first;
  });
  afterEach(async () => {
    asking.end();
    listening.dispose();
    for (const name of variables) delete process.env[name];
    await server.close();
    await closeEverything();
  });

  const titled = (...labels: string[]): Answer[] =>
    labels.map(label => [`Export “${run.run.name}”`, label]);
  const exporting = () => vscode.commands.executeCommand('agentTraces.export', run);
  const words = (): string => said.map(one => one.words).join('\n');
  /** Presses the button of the latest notification, and answers what comes then. */
  const press = async (title: string, ...labels: string[]) => {
    const step = said.at(-1)?.steps.find(one => one.title === title);
    assert.ok(step, `${title} is offered`);
    said = [];
    await asking.during(async () => step.act(), titled(...labels));
  };
  const spans = () => server.received.flatMap(one => one.spans);

  it('sends a run where it was told to, without content, and once', async () => {
    await asking.during(exporting, titled('Arize Phoenix', 'Without Content', 'Send'));
    assert.match(words(), /^Sent \d+ spans to 127\.0\.0\.1:\d+\.$/);
    assert.equal(spans().length, run.run.spans);
    assert.equal(server.received[0]?.path, '/v1/traces');
    const keys = new Set(spans().flatMap(span => span.attributes.map(({ key }) => key)));
    assert.ok(keys.has('openinference.span.kind') && !keys.has('gen_ai.input.messages'));
    said = [];
    await asking.during(exporting, titled('Arize Phoenix', 'Without Content', 'Send'));
    assert.match(words(), /^Sent 0 spans to .+ Sent before, and left out: \d+ spans\.$/);
    assert.equal(spans().length, run.run.spans);
    said = [];
    await asking.during(exporting, titled('Arize Phoenix', 'Without Content', 'Send All Again'));
    assert.equal(spans().length, 2 * run.run.spans);
  });

  it('shows what would be sent, and sends nothing', async () => {
    await asking.during(exporting, [
      ...titled('Arize Phoenix', 'With Content, Redacted', 'Show What Would Be Sent'),
      [`Export “${run.run.name}”`, undefined],
    ]);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.languageId, 'jsonc');
    assert.match(document.getText(), /^\/\/ Nothing of this has been sent/);
    const shown = JSON.parse(document.getText().replace(/^\/\/.*$/gm, ''));
    assert.equal(shown.address, `${server.origin}/v1/traces`);
    const body = decodeOtlpJson(JSON.stringify(shown.body));
    const some = body.resourceSpans.flatMap(one => one.scopeSpans.flatMap(scope => scope.spans));
    assert.equal(some.length, Math.min(20, run.run.spans));
    assert.match(JSON.stringify(shown.body), /gen_ai\.input\.messages/);
    assert.deepEqual([server.received.length, said], [0, []]);
  });

  it('asks for a key, which is used, kept and never said; one that is refused is asked for anew', async () => {
    const body = `{"message":"no such key: ${basic('wrong:wrong')}"}`;
    reply = () => ({ status: 401, headers: { 'Content-Type': 'application/json' }, body });
    asking.type.push('wrong', 'wrong');
    await asking.during(exporting, titled('Langfuse', 'Without Content', 'Send'));
    assert.deepEqual(
      asking.typed.map(({ title, password, value }) => [title, password, value]),
      [
        ['Langfuse: LANGFUSE_PUBLIC_KEY', true, undefined],
        ['Langfuse: LANGFUSE_SECRET_KEY', true, undefined],
      ],
    );
    assert.match(
      words(),
      /refused the key: HTTP 401 no such key: \[key\]\. Give one that may write there\.$/,
    );
    reply = () => undefined;
    asking.type.push(publicKey, secretKey);
    await press('Enter Another Key…', 'Send');
    assert.match(words(), /^Sent \d+ spans/);
    const sentWith = () => server.received.at(-1)?.headers.authorization;
    assert.equal(sentWith(), basic(`${publicKey}:${secretKey}`));
    assert.equal(asking.typed.length, 4);
    // What was given here goes before the environment, and is not asked for again.
    process.env.LANGFUSE_SECRET_KEY = 'sk-lf-of-the-environment';
    await asking.during(exporting, titled('Langfuse', 'Without Content', 'Send All Again'));
    assert.equal(sentWith(), basic(`${publicKey}:${secretKey}`));
    assert.equal(asking.typed.length, 4);
    // Taken away here, that of the environment counts.
    asking.type.push('');
    await asking.during(exporting, [
      ...titled('Langfuse', 'Without Content', 'Change Key or Address…'),
      ['Langfuse', 'LANGFUSE_SECRET_KEY'],
      ...titled('Send'),
    ]);
    assert.equal(sentWith(), basic(`${publicKey}:sk-lf-of-the-environment`));
    const settings = vscode.workspace.getConfiguration('agentTraces');
    assert.ok(!/MARKED|wrong/.test(JSON.stringify(settings) + words()));
  });

  it('takes what a destination does without, and says what is wrong with it', async () => {
    process.env.PHOENIX_COLLECTOR_ENDPOINT = '';
    asking.type.push('nowhere', `${server.origin}/`);
    await asking.during(exporting, [
      ...titled('Arize Phoenix', 'Without Content', 'Change Key or Address…'),
      ['Arize Phoenix', 'PHOENIX_COLLECTOR_ENDPOINT'],
    ]);
    assert.match(words(), /“nowhere\/v1\/traces” is not an address that traces go to/);
    const step = said.at(-1)?.steps[0];
    assert.equal(step?.title, 'Change Key or Address…');
    await asking.during(
      async () => step?.act(),
      [['Arize Phoenix', 'PHOENIX_COLLECTOR_ENDPOINT'], ...titled('Send')],
    );
    assert.equal(spans().length, run.run.spans);
    asking.type.push('');
    await asking.during(exporting, [
      ...titled('Arize Phoenix', 'Without Content', 'Change Key or Address…'),
      ['Arize Phoenix', 'PHOENIX_COLLECTOR_ENDPOINT'],
      [`Export “${run.run.name}”`, undefined],
    ]);
  });

  it('gives the headers of one address to no other', async () => {
    const other = await startOtlpServer();
    try {
      asking.type.push(`${server.origin}/v1/traces`, 'x-token=MARKED-header');
      await asking.during(exporting, [
        ...titled('Other Address…', 'Without Content', 'Change Headers…'),
        [new URL(server.origin).host, 'OTEL_EXPORTER_OTLP_HEADERS'],
        ...titled('Send'),
      ]);
      assert.equal(server.received[0]?.headers['x-token'], 'MARKED-header');
      asking.type.push(`${other.origin}/v1/traces`);
      await asking.during(exporting, titled('Other Address…', 'Without Content', 'Send'));
      assert.equal(other.received.length, 1);
      assert.equal(other.received[0]?.headers['x-token'], undefined);
    } finally {
      await other.close();
    }
  });

  it('offers to leave out what may have arrived', async () => {
    reply = count => (count === 0 ? 'cut-unanswered' : undefined);
    await asking.during(exporting, titled('Arize Phoenix', 'Without Content', 'Send'));
    assert.match(words(), /broke off: .+ under the same ids, and the rest\.$/);
    await press('Export Again…', 'Send Without What May Have Arrived');
    assert.match(words(), /^Sent 0 spans to .+ Left out, as it may have arrived before: \d+/);
    assert.equal(spans().length, run.run.spans, 'it had arrived');
    said = [];
    await asking.during(exporting, titled('Arize Phoenix', 'Without Content', 'Send'));
    assert.match(words(), /^Sent \d+ spans to .+ May be there twice, .+: \d+ spans\.$/);
    const ids = new Set(spans().map(span => span.spanId));
    assert.equal(ids.size, run.run.spans, 'under the same ids');
  });
});
