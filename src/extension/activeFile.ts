import * as vscode from 'vscode';
import { editorTypes } from './ids.ts';
import type { ListedFile, TraceFiles } from './traceFiles.ts';

/** The trace file whose runs the active editor shows. */
export function activeTraceFile(files: TraceFiles): ListedFile | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (!(input instanceof vscode.TabInputCustom)) return undefined;
  const ours = Object.values<string>(editorTypes).includes(input.viewType);
  return ours ? files.get(input.uri.toString()) : undefined;
}
