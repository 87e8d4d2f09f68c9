import * as vscode from 'vscode';
import type { SpanRef } from '../../protocol/panel.ts';
import type { FileId } from '../../protocol/reader.ts';
import { showInfo } from '../errors.ts';
import { runCommand } from '../ids.ts';
import { pickTraceFile } from '../pickFile.ts';
import { isRow } from '../rows.ts';
import { clock } from '../settings.ts';
import type { CommandContext } from './context.ts';
import { givenSpan } from './target.ts';

/** To the next place where a failure began, in tree order, through all files that were read, and around. */
export function goToFailure(context: CommandContext, direction: 'next' | 'previous') {
  return async (target: unknown): Promise<void> => {
    const { files } = context;
    // From a file's row it is the first of the file, not the one behind what was shown last.
    const given = isRow(target) && target.type === 'file' ? target.file : undefined;
    const from = given ? undefined : (givenSpan(context, target) ?? stillListed(context));
    const file = given ?? from?.file;
    const searched = file ?? (await pickTraceFile(context, titles(direction)));
    if (!searched) return;
    const isRun = isRow(target) && target.type === 'run';
    const place = from?.file === searched ? await placeOf(context, from, isRun) : undefined;
    const found = await files.use(searched, reader =>
      reader.nextFailure(searched, place, direction, clock()),
    );
    const other =
      (found?.wrapped && place) || (!found && !given)
        ? await inOtherFile(context, searched, direction)
        : undefined;
    if (other) return context.show(other);
    if (!found) return sayNone(context, searched);
    if (found.wrapped && place) sayAround(direction, place.spanId === found.spanId);
    await context.show({ file: searched, spanId: found.spanId });
  };
}

/** The first failure of the next file that has any; of files that were not read, nobody knows. */
async function inOtherFile(
  { files }: CommandContext,
  file: FileId,
  direction: 'next' | 'previous',
): Promise<SpanRef | undefined> {
  const listed = files.list();
  const own = listed.findIndex(one => one.id === file);
  const after = [...listed.slice(own + 1), ...listed.slice(0, Math.max(0, own))];
  for (const { id, totals } of direction === 'next' ? after : after.reverse()) {
    if (!totals || totals.failed === 0) continue;
    const found = await files.use(id, reader =>
      reader.nextFailure(id, undefined, direction, clock()),
    );
    if (found) return { file: id, spanId: found.spanId };
  }
  return undefined;
}

function stillListed({ panel, files }: CommandContext): SpanRef | undefined {
  return panel.shown && files.get(panel.shown.file) ? panel.shown : undefined;
}

const titles = (direction: 'next' | 'previous'): string =>
  direction === 'next'
    ? vscode.l10n.t('Go to Next Failure')
    : vscode.l10n.t('Go to Previous Failure');

/** From a run's row its own failures come first, its root among them. */
async function placeOf({ files }: CommandContext, { file, spanId }: SpanRef, isRun: boolean) {
  const { runId } = await files.use(file, reader => reader.locate(file, spanId));
  return { runId, spanId: isRun ? undefined : spanId };
}

function sayAround(direction: 'next' | 'previous', only: boolean): void {
  const t = vscode.l10n.t;
  const around =
    direction === 'next'
      ? t('Past the last failure: this is the first one.')
      : t('Past the first failure: this is the last one.');
  vscode.window.setStatusBarMessage(only ? t('This is the only failure.') : around, 3000);
}

function sayNone({ files, tree }: CommandContext, file: FileId): void {
  const t = vscode.l10n.t;
  const words = t('Nothing in {0} failed.', files.get(file)?.name ?? '');
  const other = files.list().find(one => one.id !== file);
  if (other) {
    showInfo(words, t('Look in {0}', other.name), () =>
      runCommand('agentTraces.goToNextFailure', tree.rows.file(other.id)),
    );
  } else showInfo(words, t('Show Span…'), () => runCommand('agentTraces.showSpan'));
}
