import * as vscode from 'vscode';
import type { RunSummary } from '../../core/model.ts';
import type { FileId } from '../../protocol/reader.ts';
import { showInfo } from '../errors.ts';
import {
  type Exported,
  exportToEngine,
  exportToFile,
  fileNameOf,
  sentenceOf,
} from '../export/exporting.ts';
import { askGoal, askLeaving, confirmed, forget, valuesOf } from '../export/questions.ts';
import { isRow } from '../rows.ts';
import { clock } from '../settings.ts';
import type { CommandContext } from './context.ts';
import { runOrAsk } from './target.ts';

/** Sends a run, or all of a file, to an engine, or writes it into a file. */
export function exportRuns(context: CommandContext) {
  return async (target: unknown): Promise<void> => {
    const t = vscode.l10n.t;
    const title = t('Export');
    const chosen = await runsOf(context, target, title);
    if (!chosen) return;
    if (chosen.runs.length === 0) {
      showInfo(t('This file has no run to export. Run the agent with the tracer on.'));
      return;
    }
    const goal = await askGoal(title);
    if (!goal) return;
    const leaving = await askLeaving(title);
    if (!leaving) return;
    const exported: Exported = { ...chosen, leaving };
    if (goal.kind === 'file') {
      const name = fileNameOf(chosen.runs, goal.format);
      const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
      const to = await vscode.window.showSaveDialog({
        title,
        ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
      });
      if (to) await exportToFile(context, exported, goal.format, to);
      return;
    }
    // Said in code as well: a command can be called where its menu is not shown.
    if (!vscode.workspace.isTrusted) return;
    const { destination } = goal;
    const { secrets } = context.extension;
    const values = await valuesOf(destination, secrets, context.replayer?.env ?? {});
    if (!values) return;
    if (!(await confirmed(title, sentenceOf(exported, destination, values)))) return;
    const sent = await exportToEngine(context, exported, destination, values);
    if (sent?.error?.code === 'exportKeyRefused') await forget(destination, secrets);
  };
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
