import * as vscode from 'vscode';
import { unlinked } from '../../core/inert.ts';
import { showInfo } from '../errors.ts';
import { editorTypes, runCommand, viewIds } from '../ids.ts';
import { pickTraceFile, sayNoFile } from '../pickFile.ts';
import { isRow } from '../rows.ts';
import { baseName } from '../sources.ts';
import { nameOf } from '../treeItems.ts';
import type { CommandContext } from './context.ts';

/** Asks for files with VS Code's own dialog and lists them. */
export function openTraceFile(context: CommandContext) {
  return async (): Promise<void> => {
    const t = vscode.l10n.t;
    const uris = await vscode.window.showOpenDialog({
      canSelectMany: true,
      title: t('Open Trace File'),
      openLabel: t('Open'),
      filters: { [t('Trace files')]: ['db', 'sqlite', 'sqlite3'], [t('All files')]: ['*'] },
    });
    for (const uri of uris ?? []) await openFile(context, uri);
  };
}

/** From the Explorer, which gives the uri of the file that was clicked; from the palette it asks. */
export function openAsTraceFile(context: CommandContext) {
  return async (target: unknown): Promise<void> => {
    const uri = target instanceof vscode.Uri ? target : await pickDatabase();
    if (uri) await openFile(context, uri);
  };
}

/** Lists a file, shows its row, and its runs in the editor. */
export async function openFile({ files, tree, view }: CommandContext, uri: vscode.Uri) {
  const { id } = files.add(uri, true);
  // The view has to be there before a row can be revealed in it.
  await vscode.commands.executeCommand(`${viewIds.runs}.focus`);
  await view.view.reveal(tree.rows.file(id), { select: true, focus: true, expand: true });
  try {
    await files.open(id);
  } catch {
    // The file's row says why it cannot be read, and with what to go on.
    return;
  }
  const type = /(^|[/.])agent[_-]traces\.db$/.test(uri.path)
    ? editorTypes.runs
    : editorTypes.runsOptional;
  await vscode.commands.executeCommand('vscode.openWith', uri, type, { preserveFocus: true });
}

async function pickDatabase(): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles(
    '**/*.{db,sqlite,sqlite3}',
    '**/node_modules/**',
    200,
  );
  if (found.length === 0) {
    showInfo(
      vscode.l10n.t('There is no *.db, *.sqlite or *.sqlite3 file in this folder.'),
      vscode.l10n.t('Open Trace File…'),
      () => runCommand('agentTraces.openTraceFile'),
    );
    return undefined;
  }
  const items = found.map(uri => ({
    label: unlinked(nameOf(baseName(uri))),
    description: unlinked(nameOf(vscode.workspace.asRelativePath(uri, true))),
    uri,
  }));
  const placeHolder = vscode.l10n.t('Database to read as a trace file');
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.uri;
}

export function closeTraceFile(context: CommandContext) {
  return async (target: unknown): Promise<void> => {
    const file =
      isRow(target) && target.type === 'file'
        ? target.file
        : await pickTraceFile(context, vscode.l10n.t('Close Trace File'));
    if (file) await context.files.close(file);
  };
}

/** Looks for new trace files, and reads those that are open again: all, or the one of the row. */
export function refresh({ files, finder }: CommandContext) {
  return async (target: unknown): Promise<void> => {
    if (isRow(target) && target.type === 'file') return files.refresh(target.file);
    if (isRow(target) && target.type === 'note') return files.refresh(target.parent.file);
    await finder.search(true);
    await Promise.all(files.list().map(({ id }) => files.refresh(id)));
    if (files.list().length === 0) sayNoFile();
  };
}
