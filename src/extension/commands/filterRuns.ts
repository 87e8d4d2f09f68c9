import * as vscode from 'vscode';
import type { RunFilter } from '../../protocol/reader.ts';
import { pickTraceFile } from '../pickFile.ts';
import { type ProblemItem, problemItem, queryHint } from '../queryWords.ts';
import type { CommandContext } from './context.ts';

interface FilterItem extends vscode.QuickPickItem {
  readonly filter: RunFilter;
  readonly text: string;
}

/** Shows all runs, the failed, or those that are running; of these, those that hold what is typed. */
export function filterRuns(context: CommandContext) {
  return async (): Promise<void> => {
    const t = vscode.l10n.t;
    if (context.files.list().length === 0) {
      await pickTraceFile(context, t('Filter Runs'));
      if (context.files.list().length === 0) return;
    }
    const { filter, text } = context.tree;
    const chosen = await ask(filter, text);
    if (chosen) context.view.setFilter(chosen.filter, chosen.text);
  };
}

async function ask(filter: RunFilter, text: string): Promise<FilterItem | undefined> {
  const t = vscode.l10n.t;
  const pick = vscode.window.createQuickPick<FilterItem | ProblemItem>();
  pick.title = t('Filter Runs');
  pick.placeholder = queryHint();
  pick.value = text;
  const list = (): void => {
    const typed = pick.value.trim();
    const problem = problemItem(typed);
    const items = problem ? [] : itemsFor(typed, filter, text);
    pick.items = problem ? [problem] : items;
    // VS Code sorts what matches by its letters, so the likely one is chosen here and not by its place.
    const byName = typed === '' ? undefined : items.find(item => item.text === '');
    const likely = byName ?? items.find(item => item.filter === filter);
    if (likely) pick.activeItems = [likely];
  };
  try {
    return await new Promise<FilterItem | undefined>(resolve => {
      pick.onDidChangeValue(list);
      pick.onDidAccept(() => {
        const item = pick.activeItems[0] ?? pick.selectedItems[0];
        if (item && 'filter' in item) resolve(item);
        else if (item?.mended !== undefined) {
          pick.value = item.mended;
          list();
        }
      });
      pick.onDidHide(() => resolve(undefined));
      list();
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

function itemsFor(typed: string, filter: RunFilter, text: string): FilterItem[] {
  const t = vscode.l10n.t;
  const plain: readonly FilterItem[] = [
    { label: t('All runs'), filter: 'all', text: '' },
    { label: t('Failed runs'), filter: 'failed', text: '' },
    { label: t('Running runs'), filter: 'running', text: '' },
  ];
  const starts = (label: string): boolean => label.toLowerCase().startsWith(typed.toLowerCase());
  // Whoever types “failed” may mean either: the runs that did, or those that say so.
  const offered = typed === '' ? plain : plain.filter(({ label }) => starts(label));
  const holding: readonly FilterItem[] =
    typed === ''
      ? []
      : [
          { label: t('Runs with “{0}”', typed), filter: 'all', text: typed },
          { label: t('Failed runs with “{0}”', typed), filter: 'failed', text: typed },
          { label: t('Running runs with “{0}”', typed), filter: 'running', text: typed },
        ];
  return [...offered, ...holding].map(item => ({
    ...item,
    alwaysShow: true,
    ...(item.filter === filter && item.text === text && { description: t('shown now') }),
  }));
}
