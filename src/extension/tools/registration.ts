import * as vscode from 'vscode';
import { TraceError } from '../../core/errors.ts';
import { pathText } from '../../core/replay/jsonDifference.ts';
import { readTools } from '../../core/replay/toolDefinitions.ts';
import type { ToolDefinition } from '../../core/replay/toolTypes.ts';
import type { FileId } from '../../protocol/reader.ts';
import { readSetting } from '../settings.ts';
import { localToolWords } from '../words.ts';

const setting = 'agentTraces.replay.tools';

/** Where the tool of a trace file is registered and runs. */
export interface ToolFolder {
  readonly uri: vscode.Uri;
  /** Undefined: it is not registered. */
  readonly definition: ToolDefinition | undefined;
}

/** @throws TraceError where no folder is open, or the registration is wrong */
export function toolFolder(file: FileId, tool: string): ToolFolder {
  const all = vscode.workspace.workspaceFolders ?? [];
  const own = vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(file));
  // A trace file may lie anywhere; the folder that knows the tool is the agent's.
  const folders = (own ? [own] : all).filter(({ uri }) => uri.scheme === 'file');
  const [first] = folders;
  if (!first) throw new TraceError('toolNoFolder');
  const { uri } = folders.find(one => isRegistered(one.uri, tool)) ?? first;
  const { tools, problems } = readTools(readSetting(setting, uri), localToolWords());
  const problem = problems.find(({ path }) => path[0] === tool);
  if (problem) {
    const place = `${setting}.${pathText(problem.path)}`;
    throw new TraceError('toolDefinition', [tool, place, problem.words]);
  }
  return { uri, definition: tools.get(tool) };
}

const isRegistered = (uri: vscode.Uri, tool: string): boolean =>
  Object.hasOwn(readSetting(setting, uri), tool);

/** Writes the beginning of a registration into the folder's settings, and shows it there to be completed. */
export async function registerTool(folder: vscode.Uri, tool: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration(undefined, folder);
  const own = settings.inspect<Readonly<Record<string, unknown>>>(setting)?.workspaceFolderValue;
  const stub = { command: ['node', 'tools/your-tool.js'] };
  const target = vscode.ConfigurationTarget.WorkspaceFolder;
  await settings.update(setting, { ...own, [tool]: stub }, target);
  await showRegistration(folder, tool);
}

/** The settings file of a folder, at the registration. */
export async function showRegistration(folder: vscode.Uri, tool: string): Promise<void> {
  const uri = vscode.Uri.joinPath(folder, '.vscode', 'settings.json');
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document);
  const at = document.getText().indexOf(JSON.stringify(tool));
  if (at < 0) return;
  const range = new vscode.Range(document.positionAt(at), document.positionAt(at));
  editor.selection = new vscode.Selection(range.start, range.end);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenter);
}
