import * as vscode from 'vscode';
import type { RunSummary } from '../../core/model.ts';
import type { FileId } from '../../protocol/reader.ts';
import { showInfo } from '../errors.ts';
import type { Exported } from '../export/exported.ts';
import { askGoal, askLeaving, fileWords } from '../export/questions.ts';
import { knownTo, sendTo } from '../export/toEngine.ts';
import { askFile, exportToFile } from '../export/toFile.ts';
import { titleOf } from '../export/words.ts';
import { isRow } from '../rows.ts';
import { clock } from '../settings.ts';
import type { CommandContext } from './context.ts';
import { runOrAsk } from './target.ts';

/** Sends a run, or all of a file, to an engine, or writes it into a file. */
export function exportRuns(context: CommandContext) {
  return async (target: unknown): Promise<void> => {
    const t = vscode.l10n.t;
    const chosen = await runsOf(context, target, t('Export'));
    if (!chosen) return;
    if (chosen.runs.length === 0) {
      showInfo(t('This file has no run to export. Run the agent with the tracer on.'));
      return;
    }
    while ((await exportChosen(context, chosen)) === 'back') {
      // The question before is asked again.
    }
  };
}

async function exportChosen(
  context: CommandContext,
  chosen: Omit<Exported, 'leaving'>,
): Promise<'back' | undefined> {
  const title = titleOf(chosen.runs);
  const goal = await askGoal(title, knownTo(context));
  if (!goal) return undefined;
  for (;;) {
    const leaving = await askLeaving(title);
    if (!leaving || leaving === 'back') return leaving;
    const exported: Exported = { ...chosen, leaving };
    if (goal.kind === 'engine') {
      if ((await sendTo(context, exported, goal.destination)) === 'back') continue;
      return undefined;
    }
    const { format } = goal;
    const label = fileWords().find(([one]) => one === format)?.[1] ?? format;
    const to = await askFile(title, exported, format, label);
    if (to) await exportToFile(context, exported, format, to);
    return undefined;
  }
}

/** The runs of a file's row; else the one of a row, a page or a question. */
async function runsOf(
  context: CommandContext,
  target: unknown,
  title: string,
): Promise<{ readonly file: FileId; readonly runs: readonly RunSummary[] } | undefined> {
  const { files } = context;
  if (isRow(target) && target.type === 'file') {
    const { file } = target;
    return { file, runs: await allRuns(context, file) };
  }
  const ref = await runOrAsk(context, target, title);
  if (!ref) return undefined;
  const { file, spanId } = ref;
  const { runId } = await files.use(file, reader => reader.locate(file, spanId));
  return { file, runs: [await files.use(file, reader => reader.run(file, runId, clock()))] };
}

/** The oldest first, as they happened. */
async function allRuns({ files }: CommandContext, file: FileId): Promise<readonly RunSummary[]> {
  const all: RunSummary[] = [];
  for (;;) {
    const query = { filter: 'all', offset: all.length, limit: 1000, clock: clock() } as const;
    const { runs } = await files.use(file, reader => reader.runs(file, query));
    if (runs.length === 0) return all.reverse();
    all.push(...runs);
  }
}
