import * as vscode from 'vscode';
import { isolated, judgementWords, oneLine } from '../../core/describe.ts';
import { fillIn } from '../../core/errors.ts';
import { formatAge, integer } from '../../core/format.ts';
import { unlinked } from '../../core/inert.ts';
import type { RunSummary, UnixMs } from '../../core/model.ts';
import type { Clock } from '../../core/status.ts';
import type { FileId } from '../../protocol/reader.ts';
import { showInfo } from '../errors.ts';
import { iconOf } from '../icons.ts';
import { runCommand } from '../ids.ts';
import { logError } from '../log.ts';
import { searchedFiles } from '../searchedFiles.ts';
import { clock } from '../settings.ts';
import { nameOf } from '../treeItems.ts';
import { words } from '../words.ts';
import type { CommandContext } from './context.ts';

/** More than a person looks through; the list's own filter searches in these. */
const runsOffered = 500;
/** Each is read for its name alone. */
const runsNamed = 20;

interface FailedRun extends vscode.QuickPickItem {
  readonly file: FileId;
  readonly run: RunSummary;
}

/** Lists failed runs, newest first. The tree follows the list; Escape leaves it as it was. */
export function showFailures(context: CommandContext) {
  return async (): Promise<void> => {
    const files = await searchedFiles(context, vscode.l10n.t('Show Failures'));
    if (files.length === 0) return;
    const { items, total } = await failedRuns(context, files);
    if (items.length === 0) return sayNone(context, files);
    const before = context.view.state;
    const chosen = await pick(context, items, total);
    if (!chosen) return context.view.restore(before);
    const { file, run } = chosen;
    await context.show({ file, spanId: run.failingSpanId ?? run.rootSpanId }, { focus: true });
  };
}

async function failedRuns(
  { files, log }: CommandContext,
  searched: readonly FileId[],
): Promise<{ readonly items: readonly FailedRun[]; readonly total: number }> {
  const at = clock();
  const query = { filter: 'failed', offset: 0, limit: runsOffered, clock: at } as const;
  const pages = await Promise.all(
    searched.map(async file => {
      const page = await files.use(file, reader => reader.runs(file, query));
      return { found: page.runs.map(run => ({ file, run })), matching: page.matching };
    }),
  );
  const newest = pages
    .flatMap(page => page.found)
    .sort((a, b) => (b.run.start ?? 0) - (a.run.start ?? 0))
    .slice(0, runsOffered);
  const failing = await failingNames({ files, log }, newest, at);
  const items = newest.map(({ file, run }) => ({
    label: unlinked(nameOf(run.name)),
    description: unlinked(
      [
        formatAge(run.start, at.now, words()),
        searched.length > 1 ? (files.get(file)?.name ?? '') : '',
      ]
        .filter(Boolean)
        .join(' · '),
    ),
    detail: unlinked(failureWords(run, at.now, failing.get(run))),
    iconPath: iconOf('agent', 'failed'),
    file,
    run,
  }));
  return { items, total: pages.reduce((sum, page) => sum + page.matching, 0) };
}

/** Of the newest runs without an error in words, what failed in them. */
async function failingNames(
  { files, log }: Pick<CommandContext, 'files' | 'log'>,
  runs: readonly { readonly file: FileId; readonly run: RunSummary }[],
  at: Clock,
): Promise<ReadonlyMap<RunSummary, string>> {
  // Of a run that is not read to its end, all of the file would be read first.
  const wordless = runs.filter(
    ({ run }) => !run.partial && !run.error?.trim() && run.failingSpanId,
  );
  const names = new Map<RunSummary, string>();
  for (const { file, run } of wordless.slice(0, runsNamed)) {
    const spanId = run.failingSpanId ?? run.rootSpanId;
    try {
      const { span } = await files.use(file, one => one.span(file, spanId, at));
      names.set(run, oneLine(span.toolName ?? span.name));
    } catch (error) {
      // The run went away meanwhile: it is listed without, and choosing it says so.
      logError(log, 'failing span', error);
    }
  }
  return names;
}

/**
 * Why a run failed; where that was not recorded, or only judged, what tells that it did.
 *
 * @param failing names the span at which it failed
 */
export function failureWords(run: RunSummary, now: UnixMs, failing?: string): string {
  const error = oneLine(run.error?.trim() ?? '');
  const failed = failing ? fillIn(words().titleFailed, [isolated(failing)]) : '';
  const judged = judgementWords(run, now, words());
  const told = [error || failed, judged].filter(Boolean).join(' · ');
  return told || vscode.l10n.t('No error was recorded.');
}

async function pick(
  { view, log }: CommandContext,
  items: readonly FailedRun[],
  total: number,
): Promise<FailedRun | undefined> {
  const t = vscode.l10n.t;
  const list = vscode.window.createQuickPick<FailedRun>();
  list.title = t('Failed Runs');
  const [shown, all] = [integer(items.length), integer(total)];
  list.placeholder =
    items.length < total
      ? t('The newest {0} of {1} failed runs. Enter shows where one failed.', shown, all)
      : items.length === 1
        ? t('1 failed run. Enter shows where it failed.')
        : t('{0} failed runs, newest first. Enter shows where one failed.', shown);
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  list.items = items;
  let active: FailedRun | undefined;
  let following = Promise.resolve();
  const follow = async (item: FailedRun): Promise<void> => {
    // Of rows that were passed meanwhile the tree need not know.
    if (item !== active) return;
    try {
      await view.reveal({ file: item.file, spanId: item.run.rootSpanId }, false);
    } catch (error) {
      // The run went away meanwhile; choosing it says so.
      logError(log, 'reveal', error);
    }
  };
  try {
    return await new Promise<FailedRun | undefined>(resolve => {
      list.onDidChangeActive(([item]) => {
        active = item;
        if (item) following = following.then(() => follow(item));
      });
      list.onDidAccept(() => resolve(list.selectedItems[0]));
      list.onDidHide(() => resolve(undefined));
      list.show();
    });
  } finally {
    active = undefined;
    list.dispose();
    // What is revealed last must not come after the tree was put back.
    await following;
  }
}

function sayNone({ files }: CommandContext, searched: readonly FileId[]): void {
  const t = vscode.l10n.t;
  const [first] = searched;
  const words =
    searched.length === 1 && first
      ? t('No run in {0} failed.', files.get(first)?.name ?? '')
      : t('No run in {0} trace files failed.', integer(searched.length));
  showInfo(words, t('Show Span…'), () => runCommand('agentTraces.showSpan'));
}
