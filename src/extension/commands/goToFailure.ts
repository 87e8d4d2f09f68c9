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

/** To the next place where a failure began, in tree order, from the span that is shown. */
export function goToFailure(context: CommandContext, direction: 'next' | 'previous') {
  return async (target: unknown): Promise<void> => {
    const { files } = context;
    const from = givenSpan(context, target) ?? stillListed(context);
    const file = isRow(target) && target.type === 'file' ? target.file : from?.file;
    const searched = file ?? (await pickTraceFile(context, titles(direction)));
    if (!searched) return;
    const isRun = isRow(target) && target.type === 'run';
    const place = from?.file === searched ? await placeOf(context, from, isRun) : undefined;
    const found = await files.use(searched, reader =>
      reader.nextFailure(searched, place, direction, clock()),
    );
    if (!found) return sayNone(context, searched);
    const ref = { file: searched, spanId: found.spanId };
    if (place?.spanId === found.spanId) sayOnly();
    await context.show(ref);
  };
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

function sayOnly(): void {
  vscode.window.setStatusBarMessage(vscode.l10n.t('This is the only failure in the file.'), 3000);
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
