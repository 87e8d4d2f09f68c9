import * as vscode from 'vscode';
import { distFile } from '../panelHtml.ts';
import type { CommandContext } from './context.ts';
import { openFile } from './traceFile.ts';

const sampleName = 'sample.agent-traces.db';

/** Opens a copy of the sample: what is installed with the extension stays as it was. */
export function trySample(context: CommandContext) {
  return async (): Promise<void> => {
    const { extensionUri, globalStorageUri } = context.extension;
    const copy = vscode.Uri.joinPath(globalStorageUri, sampleName);
    await vscode.workspace.fs.createDirectory(globalStorageUri);
    // A new version of the extension may bring a new sample.
    await vscode.workspace.fs.copy(distFile(extensionUri, sampleName), copy, { overwrite: true });
    await openFile(context, copy);
  };
}
