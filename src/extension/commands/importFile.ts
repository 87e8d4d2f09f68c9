import * as vscode from 'vscode';
import { importFile } from '../importing.ts';
import type { CommandContext } from './context.ts';
import { openFile } from './traceFile.ts';

/** Recordings of other tools, as their exports are usually called; what they are is told by their content. */
export const importable = ['jsonl', 'json', 'ndjson', 'pb'];

/** From the Explorer, which gives the uri of the file; else asks for one. */
export function importRecording(context: CommandContext) {
  return async (target: unknown): Promise<void> => {
    const t = vscode.l10n.t;
    const uris =
      target instanceof vscode.Uri
        ? [target]
        : await vscode.window.showOpenDialog({
            title: t('Import'),
            openLabel: t('Import'),
            filters: { [t('Recordings of other tools')]: importable, [t('All files')]: ['*'] },
          });
    for (const uri of uris ?? []) await importAndOpen(context, uri);
  };
}

export async function importAndOpen(context: CommandContext, uri: vscode.Uri): Promise<void> {
  const { importer, files, log, extension } = context;
  if (!importer || uri.scheme !== 'file') return openFile(context, uri);
  const storage = extension.globalStorageUri;
  await openFile(context, await importFile({ importer, files, storage, log }, uri));
}

/** A trace file as it is; what another tool has recorded is imported first. */
export async function openOrImport(context: CommandContext, uri: vscode.Uri): Promise<void> {
  const isOther = uri.scheme === 'file' && context.importer?.recognises(uri.fsPath);
  await (isOther ? importAndOpen(context, uri) : openFile(context, uri));
}
