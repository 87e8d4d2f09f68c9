import * as vscode from 'vscode';
import { overviewOf } from '../activeFile.ts';
import { editorTypes, viewIds } from '../ids.ts';
import { pickTraceFile, sayNoFile } from '../pickFile.ts';
import { isRow } from '../rows.ts';
import { exists } from '../sources.ts';
import type { ListedFile } from '../traceFiles.ts';
import type { CommandContext } from './context.ts';
import { importable, openOrImport } from './importFile.ts';

/** Asks for files with VS Code's own dialog and lists them. */
export function openTraceFile(context: CommandContext) {
  return async (): Promise<void> => {
    const t = vscode.l10n.t;
    const uris = await vscode.window.showOpenDialog({
      canSelectMany: true,
      title: t('Open Trace File'),
      openLabel: t('Open'),
      filters: {
        [t('Trace files')]: ['db', 'sqlite', 'sqlite3'],
        [t('Recordings of other tools')]: importable,
        [t('All files')]: ['*'],
      },
    });
    for (const uri of uris ?? []) await openOrImport(context, uri);
  };
}

/** From the Explorer, which gives the uri of the file that was clicked; a key of the user's gives none. */
export function openAsTraceFile(context: CommandContext) {
  const ask = openTraceFile(context);
  return (target: unknown): Promise<void> =>
    target instanceof vscode.Uri ? openFile(context, target) : ask();
}

/** Lists a file, shows its row, and its runs in the editor. */
export async function openFile({ files, tree, view }: CommandContext, uri: vscode.Uri) {
  const { id } = files.add(uri, true);
  files.enlist(id);
  // The view has to be there before a row can be revealed in it.
  await vscode.commands.executeCommand(`${viewIds.runs}.focus`);
  await view.view.reveal(tree.rows.file(id), { select: true, focus: true, expand: true });
  // Where it cannot be read, the page has room to say why and with what to go on.
  await files.open(id).catch(() => undefined);
  await openOverview(uri, true);
}

function openOverview(uri: vscode.Uri, preserveFocus: boolean): Thenable<unknown> {
  const type = /(^|[/.])agent[_-]traces\.db$/.test(uri.path)
    ? editorTypes.runs
    : editorTypes.runsOptional;
  return vscode.commands.executeCommand('vscode.openWith', uri, type, { preserveFocus });
}

/** Shows a file's runs in the editor. */
export function showOverview(context: CommandContext) {
  return async (target: unknown): Promise<void> => {
    const file =
      isRow(target) && target.type === 'file'
        ? target.file
        : await pickTraceFile(context, vscode.l10n.t('Show Overview'));
    if (file) await openOverview(vscode.Uri.parse(file), false);
  };
}

export function closeTraceFile(context: CommandContext) {
  return async (target: unknown): Promise<void> => {
    const file =
      isRow(target) && target.type === 'file'
        ? target.file
        : await pickTraceFile(context, vscode.l10n.t('Close Trace File'));
    if (!file) return;
    // Their figures would stand there as if they were still true; opened later, they read the file again.
    const shown = vscode.window.tabGroups.all
      .flatMap(group => group.tabs)
      .filter(({ input }) => overviewOf(input)?.toString() === file);
    await vscode.window.tabGroups.close(shown, true);
    await context.files.close(file);
  };
}

/** Shows what is written to a file as it comes, or leaves the file as it is shown. */
export function follow(context: CommandContext, following: boolean) {
  return async (target: unknown): Promise<void> => {
    const t = vscode.l10n.t;
    const title = following ? t('Resume Following') : t('Pause Following');
    const file =
      isRow(target) && target.type === 'file' ? target.file : await pickTraceFile(context, title);
    if (file) await context.files.follow(file, following);
  };
}

/** Looks for new trace files, and reads those that are open again: all, or the one of the row. */
export function refresh(context: CommandContext) {
  const { files, finder } = context;
  return async (target: unknown): Promise<void> => {
    if (isRow(target) && target.type === 'file') return files.refresh(target.file);
    if (isRow(target) && target.type === 'note') return files.refresh(target.parent.file);
    await finder.search(true);
    await Promise.all(files.list().map(file => refreshOrClose(context, file)));
    if (files.list().length === 0) sayNoFile();
  };
}

/** What was opened from this workspace and was deleted is nothing to go on showing. */
async function refreshOrClose({ files }: CommandContext, { id, uri }: ListedFile): Promise<void> {
  const here = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  if (here && !(await exists(uri))) await files.close(id);
  else await files.refresh(id);
}
