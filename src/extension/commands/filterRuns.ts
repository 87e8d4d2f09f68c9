import * as vscode from 'vscode';
import type { RunFilter } from '../../protocol/reader.ts';
import { pickTraceFile } from '../pickFile.ts';
import type { CommandContext } from './context.ts';

/** Shows all runs, the failed, or those that are running. */
export function filterRuns(context: CommandContext) {
  return async (): Promise<void> => {
    const t = vscode.l10n.t;
    if (context.files.list().length === 0) {
      await pickTraceFile(context, t('Filter Runs'));
      if (context.files.list().length === 0) return;
    }
    const items: (vscode.QuickPickItem & { filter: RunFilter })[] = [
      { label: t('All runs'), filter: 'all' },
      { label: t('Failed runs'), filter: 'failed' },
      { label: t('Running runs'), filter: 'running' },
    ];
    const shown = items.map(item => ({
      ...item,
      ...(item.filter === context.tree.filter && { description: t('shown now') }),
    }));
    const chosen = await vscode.window.showQuickPick(shown, { title: t('Filter Runs') });
    if (chosen) context.view.setFilter(chosen.filter);
  };
}
