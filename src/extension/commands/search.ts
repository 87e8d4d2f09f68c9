import * as vscode from 'vscode';
import { unlinked } from '../../core/inert.ts';
import type { SpanTab } from '../../protocol/panel.ts';
import type { FileId } from '../../protocol/reader.ts';
import type { SearchCursor, SearchHit, SearchPlace } from '../../protocol/search.ts';
import { errorWords } from '../errors.ts';
import { logError } from '../log.ts';
import { errorSign, type ProblemItem, problemItem, queryHint } from '../queryWords.ts';
import { searchedFiles } from '../searchedFiles.ts';
import { type HitItem, hitItem, progressWords } from '../searchItems.ts';
import { clock } from '../settings.ts';
import type { CommandContext } from './context.ts';

/** More than a person looks through; more words find fewer. */
const mostShown = 500;
/** Milliseconds without a key after which a search begins. */
const rest = 200;

type Item = HitItem | ProblemItem;

/** A row that only says something. */
const saying = (label: string): ProblemItem => ({ label, alwaysShow: true, mended: undefined });

const tabs: Readonly<Partial<Record<SearchPlace, SpanTab>>> = {
  prompt: 'prompt',
  response: 'response',
  toolInput: 'tool',
  toolResult: 'tool',
  metadata: 'metadata',
};

/** Finds spans while a person types, and shows the chosen one where the text stands. */
export function search(context: CommandContext) {
  let last = '';
  return async (): Promise<void> => {
    const title = vscode.l10n.t('Search');
    const files = await searchedFiles(context, title);
    if (files.length === 0) return;
    const chosen = await ask(context, files, last, text => {
      last = text;
    });
    if (!chosen) return;
    const { file, hit } = chosen;
    const tab = hit.where && tabs[hit.where];
    await context.show({ file, spanId: hit.spanId }, { focus: true, ...(tab && { tab }) });
  };
}

async function ask(
  context: CommandContext,
  files: readonly FileId[],
  before: string,
  typed: (text: string) => void,
): Promise<HitItem | undefined> {
  const pick = vscode.window.createQuickPick<Item>();
  const name = files.length === 1 ? (context.files.get(files[0] ?? '')?.name ?? '') : '';
  const title = name ? vscode.l10n.t('Search {0}', name) : vscode.l10n.t('Search');
  pick.title = title;
  pick.placeholder = queryHint();
  pick.matchOnDetail = true;
  pick.keepScrollPosition = true;
  pick.value = before;
  let running: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const begin = (): void => {
    clearTimeout(timer);
    running?.abort();
    typed(pick.value);
    const problem = problemItem(pick.value);
    pick.busy = false;
    pick.title = title;
    if (problem || pick.value.trim() === '') {
      pick.items = problem ? [problem] : [];
      return;
    }
    const mine = new AbortController();
    running = mine;
    pick.busy = true;
    timer = setTimeout(() => {
      fill(context, pick, files, title, mine.signal).catch(error => {
        if (mine.signal.aborted) return;
        logError(context.log, 'search', error);
        pick.busy = false;
        pick.items = [saying(errorSign + unlinked(errorWords(error, name)))];
      });
    }, rest);
  };
  try {
    return await new Promise<HitItem | undefined>(resolve => {
      pick.onDidChangeValue(begin);
      pick.onDidAccept(() => {
        const [item] = pick.selectedItems;
        if (item && 'hit' in item) resolve(item);
        else if (item?.mended !== undefined) {
          pick.value = item.mended;
          begin();
        }
      });
      pick.onDidHide(() => resolve(undefined));
      begin();
      pick.show();
    });
  } finally {
    clearTimeout(timer);
    running?.abort();
    pick.dispose();
  }
}

/** Searches file after file, each newest run first, and shows what is found so far. */
async function fill(
  { files }: CommandContext,
  pick: vscode.QuickPick<Item>,
  searched: readonly FileId[],
  title: string,
  cancelled: AbortSignal,
): Promise<void> {
  const text = pick.value;
  const at = clock();
  const items: Item[] = [];
  const show = (): void => {
    const active = pick.activeItems;
    pick.items = [...items];
    // The row that a person has gone to stays the active one.
    if (active.some(one => items.includes(one))) pick.activeItems = active;
  };
  pick.items = [];
  const one = async (index: number, file: FileId): Promise<void> => {
    let from: SearchCursor | undefined;
    do {
      const page = await files.use(
        file,
        reader => reader.search(file, { text, clock: at, from, most: 50 }),
        cancelled,
      );
      if (cancelled.aborted) return;
      const fileName = searched.length > 1 ? (files.get(file)?.name ?? '') : '';
      items.push(...page.hits.map((hit: SearchHit) => hitItem(hit, file, fileName, text, at.now)));
      from = page.next;
      const done = (index + page.done / Math.max(1, page.of)) / searched.length;
      pick.title = progressWords(title, items.length, from ? done : undefined);
      if (page.hits.length > 0) show();
    } while (from && items.length < mostShown);
  };
  for (const [index, file] of searched.entries()) {
    if (cancelled.aborted || items.length >= mostShown) break;
    try {
      await one(index, file);
    } catch (error) {
      if (cancelled.aborted) return;
      // What was found in the others stays.
      const name = files.get(file)?.name ?? vscode.l10n.t('This file');
      items.push(saying(errorSign + unlinked(errorWords(error, name))));
      show();
    }
  }
  if (cancelled.aborted) return;
  if (items.length === 0) items.push(saying(vscode.l10n.t('Nothing matches.')));
  if (items.length >= mostShown) {
    const label = vscode.l10n.t('These are the first {0}. More words find fewer.', mostShown);
    items.push(saying(label));
  }
  pick.busy = false;
  show();
}
