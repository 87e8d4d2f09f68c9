import * as vscode from 'vscode';
import type { FileId } from '../protocol/reader.ts';
import { choose } from './choose.ts';
import type { CommandContext } from './commands/context.ts';
import { say } from './errors.ts';
import { runCommand } from './ids.ts';
import { nameOf } from './treeItems.ts';

/** The trace file to act on: asked only where there are several; where there is none, a way to one. */
export async function pickTraceFile(
  { files, finder, panel }: Pick<CommandContext, 'files' | 'finder' | 'panel'>,
  title: string,
): Promise<FileId | undefined> {
  await finder.search();
  const listed = files.list();
  if (listed.length === 0) {
    sayNoFile();
    return undefined;
  }
  if (listed.length === 1) return listed[0]?.id;
  const choice = await choose({
    title,
    placeholder: vscode.l10n.t('Trace file'),
    none: '',
    back: false,
    load: async () =>
      listed.map(({ id, uri, name }) => ({
        label: nameOf(name),
        description: nameOf(vscode.workspace.asRelativePath(uri, true)),
        picked: id === panel.shown?.file,
        value: id,
      })),
  });
  return choice === 'back' ? undefined : choice;
}

export function sayNoFile(): void {
  const t = vscode.l10n.t;
  say('info', t('No trace file is open and none was found here.'), [
    { title: t('Open Trace File…'), act: () => runCommand('agentTraces.openTraceFile') },
    { title: t('Try the Sample'), act: () => runCommand('agentTraces.trySample') },
  ]);
}
