import * as vscode from 'vscode';
import { editorTypes } from './ids.ts';
import type { ListedFile, TraceFiles } from './traceFiles.ts';

/** The file whose runs an editor shows; undefined for any other editor. */
export function overviewOf(input: unknown): vscode.Uri | undefined {
  if (!(input instanceof vscode.TabInputCustom)) return undefined;
  const ours = Object.values<string>(editorTypes).includes(input.viewType);
  return ours ? input.uri : undefined;
}

/** The trace file whose runs the active editor shows. */
export function activeTraceFile(files: TraceFiles): ListedFile | undefined {
  const uri = overviewOf(vscode.window.tabGroups.activeTabGroup.activeTab?.input);
  return uri && files.get(uri.toString());
}
