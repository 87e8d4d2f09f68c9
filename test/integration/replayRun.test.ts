// The sample agent, a program of its own, run again under the debugger of VS Code.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { Step } from '../../src/extension/errors.ts';
import { questions, scriptedModel } from '../tools/agent/script.ts';
import { startMessagesApi } from '../tools/messagesApi.ts';
import {
  api,
  closeEverything,
  extensionId,
  runRows,
  saidWhile,
  spansBelow,
  tabs,
  until,
  workspaceFile,
  write,
} from './support.ts';

const [question] = questions;
const key = 'sk-ant-api03-the-marked-key-0123456789abcdef';
/** Desktop VS Code's own executable is a Node only where it is told so. */
const asNode = { ELECTRON_RUN_AS_NODE: '1', NODE_NO_WARNINGS: '1' };

const source = (...path: string[]): vscode.Uri => {
  const extension = vscode.extensions.getExtension(extensionId);
  assert.ok(extension);
  return vscode.Uri.joinPath(extension.extensionUri, 'test', ...path);
};
const program = () => source('peers', 'replayProgram.ts').fsPath;

/** Records a run of the agent, as a program of its own. */
async function record(name: string): Promise<vscode.Uri> {
  const uri = workspaceFile(name);
  const model = await startMessagesApi(scriptedModel());
  const env = { ANTHROPIC_BASE_URL: model.baseURL, ANTHROPIC_API_KEY: key };
  try {
    const args = [program(), question, uri.fsPath];
    await promisify(execFile)(process.execPath, args, {
      env: { ...process.env, ...asNode, ...env },
    });
  } finally {
    await model.close();
  }
  return uri;
}

interface Configuration {
  readonly name: string;
  readonly out: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Writes .vscode/launch.json, and waits until VS Code has read it. */
async function launchFile(...configurations: readonly Configuration[]): Promise<void> {
  const json = configurations.map(({ name, out, env }) => ({
    name,
    type: 'node',
    request: 'launch',
    program: program(),
    args: [question, `\${workspaceFolder}/${out}`],
    runtimeExecutable: process.execPath,
    env: { ...asNode, ...env },
    skipFiles: ['<node_internals>/**'],
  }));
  await write('.vscode/launch.json', JSON.stringify({ version: '0.2.0', configurations: json }));
  await until('VS Code has read launch.json', () => {
    const seen = vscode.workspace.getConfiguration('launch').get<Configuration[]>('configurations');
    return seen?.length === json.length && seen[0]?.name === json[0]?.name;
  });
}

interface Call {
  readonly name: string;
  readonly request: string;
  readonly response: string;
  readonly toolInput: string;
  readonly toolResult: string;
}

/** What a run asked and got, byte by byte, in its order. */
async function callsOf(uri: vscode.Uri): Promise<Call[]> {
  const { files } = await api();
  const [row] = await runRows(uri);
  assert.ok(row);
  const calls: Call[] = [];
  for (const { file, span } of await spansBelow(row)) {
    const text = await files.use(file, reader =>
      reader.text(file, span.spanId, 'metadata', 0, 1e6),
    );
    const { request, response, tool_input, tool_result } = JSON.parse(text?.text ?? '{}');
    const [asked, got] = [JSON.stringify(request) ?? '', JSON.stringify(response) ?? ''];
    const tool = [tool_input, tool_result].map(value => JSON.stringify(value) ?? '');
    const [toolInput = '', toolResult = ''] = tool;
    calls.push({ name: span.name, request: asked, response: got, toolInput, toolResult });
  }
  return calls;
}

async function rootOf(uri: vscode.Uri): Promise<{ file: string; spanId: string }> {
  const [row] = await runRows(uri);
  assert.ok(row);
  return { file: row.file, spanId: row.run.rootSpanId };
}

async function ended(): Promise<void> {
  const { replaying } = await api();
  assert.ok(replaying, 'there are processes here');
  await until('the replay is over', () => replaying.runs.text === undefined);
}

/** Runs a command to its end: until nothing is replayed any more, and that was said. */
const replayed = (command: string, argument: unknown): Promise<string[]> =>
  saidWhile(async () => {
    await vscode.commands.executeCommand(`agentTraces.${command}`, argument);
    await ended();
    await until('no session is left', () => vscode.debug.activeDebugSession === undefined);
  });

describe('Replay Run in VS Code', function () {
  this.timeout(120_000);
  afterEach(async () => {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await vscode.debug.stopDebugging();
    await closeEverything();
  });

  it('runs the sample agent under the debugger: the same answers and tool calls, and its breakpoint is hit', async () => {
    const first = await record('first.agent-traces.db');
    await launchFile({ name: 'Sample agent', out: 'again.agent-traces.db' });
    const agent = source('tools', 'agent', 'research.ts');
    const lines = (await vscode.workspace.openTextDocument(agent)).getText().split('\n');
    const line = lines.findIndex(text => text.includes("messages.push({ role: 'assistant'"));
    assert.ok(line > 0);
    const at = new vscode.Location(agent, new vscode.Position(line, 0));
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(at)]);
    const hits: unknown[] = [];
    const tracking = vscode.debug.registerDebugAdapterTrackerFactory('*', {
      createDebugAdapterTracker: session => ({
        async onDidSendMessage({ type, event, body }) {
          if (type !== 'event' || event !== 'stopped') return;
          const { threadId, reason } = body;
          const { stackFrames } = await session.customRequest('stackTrace', { threadId });
          const [top] = stackFrames;
          // A path, or its uri where VS Code itself is remote.
          hits.push([reason, top.source.path.slice(-agent.path.length), top.line]);
          await session.customRequest('continue', { threadId });
        },
      }),
    });
    const before = await vscode.workspace.fs.readFile(first);
    const said = await replayed('replayRun', {
      ...(await rootOf(first)),
      replay: { configuration: 'Sample agent' },
    });
    tracking.dispose();
    const hit = ['breakpoint', agent.path, line + 1];
    assert.deepEqual(hits, [hit, hit, hit], 'once a turn');
    assert.deepEqual(said, [
      'Replayed 3 of 3 calls of “research_agent”; 4 requests: 4 as recorded. Nothing differed.',
    ]);
    const again = await callsOf(workspaceFile('again.agent-traces.db'));
    assert.deepEqual(again, await callsOf(first));
    assert.equal(again.filter(call => call.toolResult).length, 3);
    assert.deepEqual(await vscode.workspace.fs.readFile(first), before);
  });

  it('stops at the request that a changed tool makes another, says what differs, and shows it', async () => {
    const first = await record('first.agent-traces.db');
    const env = { LIBRARY: JSON.stringify({ 'glaciers/retreat': 'It grew.' }) };
    await launchFile({ name: 'Changed agent', out: 'changed.agent-traces.db', env });
    const { onDidSay } = await api();
    let show: Step | undefined;
    const listening = onDidSay(({ steps }) => {
      show ??= steps.find(step => step.title === 'Show Difference');
    });
    const said = await replayed('replayRunUnderDebugger', {
      ...(await rootOf(first)),
      replay: { configuration: 'Changed agent' },
    });
    assert.equal(said.length, 2, said.join('\n'));
    assert.match(
      said[0] ?? '',
      /^This request is not as recorded\. It differs from call 2 \(.+\) at messages\[2\]\.content\[0\]\.content\[0\]\.text, of the tool search: recorded “.+”, now “.+It grew\.…?.*”\. The replay stopped there\.$/,
    );
    assert.match(
      said[1] ?? '',
      /2 of 3 calls .* 1 as recorded, 1 stopped\. One request differed\.$/,
    );
    listening.dispose();
    await show?.act();
    await until('both requests stand side by side', () =>
      tabs().some(({ input }) => input instanceof vscode.TabInputTextDiff),
    );
  });
});
