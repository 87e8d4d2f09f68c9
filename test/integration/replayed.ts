// What the tests of replayed runs share: the sample agent as a program of its own, recorded and run again.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { questions, scriptedModel } from '../tools/agent/script.ts';
import { startMessagesApi } from '../tools/messagesApi.ts';
import {
  api,
  extensionId,
  run,
  runRows,
  saidWhile,
  spansBelow,
  until,
  workspaceFile,
  write,
} from './support.ts';

export const [question] = questions;
const key = 'sk-ant-api03-the-marked-key-0123456789abcdef';
/** Desktop VS Code's own executable is a Node only where it is told so. */
const asNode = { ELECTRON_RUN_AS_NODE: '1', NODE_NO_WARNINGS: '1' };

export const source = (...path: string[]): vscode.Uri => {
  const extension = vscode.extensions.getExtension(extensionId);
  assert.ok(extension);
  return vscode.Uri.joinPath(extension.extensionUri, 'test', ...path);
};
export const program = () => source('peers', 'replayProgram.ts').fsPath;

/** Records a run of the agent, as a program of its own. */
export async function record(name: string): Promise<vscode.Uri> {
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
  /** Where the agent records. */
  readonly out: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another program than the agent. */
  readonly program?: string;
}

/** Writes .vscode/launch.json, and waits until VS Code has read it. */
export async function launchFile(...configurations: readonly Configuration[]): Promise<void> {
  const json = configurations.map(({ name, out, env, program: other }) => ({
    name,
    type: 'node',
    request: 'launch',
    program: other ?? program(),
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
export async function callsOf(uri: vscode.Uri): Promise<Call[]> {
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

export async function rootOf(uri: vscode.Uri): Promise<{ file: string; spanId: string }> {
  const [row] = await runRows(uri);
  assert.ok(row);
  return { file: row.file, spanId: row.run.rootSpanId };
}

export async function ended(): Promise<void> {
  const { replaying } = await api();
  assert.ok(replaying, 'there are processes here');
  await until('the replay is over', () => replaying.runs.text === undefined);
}

/** That run. `activeDebugSession` may go on naming one that ended as soon as it began. */
export const sessions = new Set<string>();
vscode.debug.onDidStartDebugSession(({ id, parentSession }) => {
  if (!parentSession) sessions.add(id);
});
vscode.debug.onDidTerminateDebugSession(({ id }) => sessions.delete(id));

/** Runs a command to its end: until nothing is replayed any more, and that was said. */
export const replayed = (command: string, argument: unknown): Promise<string[]> =>
  saidWhile(async () => {
    await run(command, argument);
    await ended();
    await until('no session is left', () => sessions.size === 0);
  });
