// What the integration tests share: the extension's test api, files to open, and waiting.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/extension/activate.ts';
import type { Row, RunRow, SpanRow } from '../../src/extension/rows.ts';

export const extensionId = 'agent-trace-inspector.agent-trace-inspector';

export async function api(): Promise<TestApi> {
  const extension = vscode.extensions.getExtension<TestApi>(extensionId);
  assert.ok(extension, 'the extension is installed');
  return extension.activate();
}

export const workspaceFile = (name: string): vscode.Uri => {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'the tests run in a folder');
  return vscode.Uri.joinPath(folder.uri, name);
};

export const dist = (name: string): vscode.Uri => {
  const extension = vscode.extensions.getExtension(extensionId);
  assert.ok(extension);
  return vscode.Uri.joinPath(extension.extensionUri, 'dist', name);
};

/** A copy of the sample in the workspace. */
export async function copySample(name: string): Promise<vscode.Uri> {
  const uri = workspaceFile(name);
  await vscode.workspace.fs.copy(dist('sample.agent-traces.db'), uri, { overwrite: true });
  return uri;
}

export async function write(name: string, content: Uint8Array | string): Promise<vscode.Uri> {
  const uri = workspaceFile(name);
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  await vscode.workspace.fs.writeFile(uri, bytes);
  return uri;
}

/** What `look` gives, once it gives something. */
export async function until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const end = Date.now() + 45_000;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) assert.fail(`waited in vain until ${what}`);
    await new Promise(resolve => setTimeout(resolve, 25));
  }
}

/** What notifications say while something is done; they come at its end, at the latest. */
export async function saidWhile(work: () => PromiseLike<unknown>): Promise<string[]> {
  const words: string[] = [];
  const { onDidSay } = await api();
  const listening = onDidSay(said => words.push(said.words));
  try {
    await work();
  } finally {
    listening.dispose();
  }
  return words;
}

export async function rowsOf(uri: vscode.Uri): Promise<Row[]> {
  const { tree, files } = await api();
  files.add(uri, true);
  return tree.getChildren(tree.rows.file(uri.toString()));
}

export async function runRows(uri: vscode.Uri): Promise<RunRow[]> {
  return (await rowsOf(uri)).filter(row => row.type === 'run');
}

/** The first run, newest first, for which something holds. */
export async function runWhere(uri: vscode.Uri, holds: (row: RunRow) => boolean): Promise<RunRow> {
  const row = (await runRows(uri)).find(holds);
  assert.ok(row, 'the sample has such a run');
  return row;
}

export async function spansBelow(row: RunRow | SpanRow): Promise<SpanRow[]> {
  const { tree } = await api();
  return (await tree.getChildren(row)).filter(one => one.type === 'span');
}

export const labelOf = (item: vscode.TreeItem): string => String(item.label);

/** Leaves nothing behind: no editor, no listed file, no file in the workspace. */
export async function closeEverything(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  const { files, view } = await api();
  view.setFilter('all');
  const root = workspaceFile('.');
  for (const [name] of await vscode.workspace.fs.readDirectory(root)) {
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(root, name), { recursive: true });
  }
  for (const { id } of files.list()) await files.close(id);
}

export const tabs = (): vscode.Tab[] => vscode.window.tabGroups.all.flatMap(group => group.tabs);

/** Runs a command of the extension. */
export const run = (command: string, target?: unknown) =>
  vscode.commands.executeCommand(`agentTraces.${command}`, target);
