import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type OtlpServer, startOtlpServer } from '../tools/otlpServer.ts';
import { closeEverything, copySample, runRows, saidWhile } from './support.ts';

const accept = () => vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
const next = () => vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
/** Behind the five kinds of files and the six destinations before it. */
const placeOfPhoenix = 11;

describe('Export in VS Code', () => {
  let server: OtlpServer | undefined;
  afterEach(async () => {
    delete process.env.PHOENIX_COLLECTOR_ENDPOINT;
    await server?.close();
    await closeEverything();
  });

  it('sends a run where it was told to, after it said what, and without content', async () => {
    const uri = await copySample('exported.agent-traces.db');
    const [run] = await runRows(uri);
    assert.ok(run);
    server = await startOtlpServer();
    process.env.PHOENIX_COLLECTOR_ENDPOINT = server.origin;
    const said = await saidWhile(async () => {
      let done = false;
      const exporting = Promise.resolve(
        vscode.commands.executeCommand('agentTraces.export', run),
      ).finally(() => {
        done = true;
      });
      await pause(1000);
      for (let at = 0; at < placeOfPhoenix; at++) await next();
      // Where to, what may leave, and whether it may.
      for (let tries = 0; !done && tries < 20; tries++) {
        await accept();
        await pause(700);
      }
      await exporting;
    });
    assert.match(said.join('\n'), /^Sent \d+ spans to 127\.0\.0\.1:\d+\./);
    const spans = server.received.flatMap(one => one.spans);
    assert.equal(spans.length, run.run.spans);
    assert.equal(server.received[0]?.path, '/v1/traces');
    const keys = new Set(spans.flatMap(span => span.attributes.map(({ key }) => key)));
    assert.ok(keys.has('openinference.span.kind') && !keys.has('gen_ai.input.messages'));
  });
});
