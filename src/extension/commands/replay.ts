import * as vscode from 'vscode';
import { formatAge } from '../../core/format.ts';
import { isToolCall } from '../../core/kind.ts';
import type { ReplaySummary } from '../../protocol/replay.ts';
import { type Choice, choose } from '../choose.ts';
import { showInfo } from '../errors.ts';
import { isRequest } from '../replay/replays.ts';
import { isRow } from '../rows.ts';
import { detailOf } from '../textDocuments.ts';
import { nameOf } from '../treeItems.ts';
import { words } from '../words.ts';
import type { CommandContext } from './context.ts';

/** The document that a command was called on, or the one that is being edited. */
const requestOf = (target: unknown): vscode.Uri | undefined =>
  [target, vscode.window.activeTextEditor?.document.uri].find(
    (one): one is vscode.Uri => one instanceof vscode.Uri && isRequest(one),
  );

function sayNoRequest(): void {
  const t = vscode.l10n.t;
  showInfo(t('No recorded request is open. Replay Span opens one.'));
}

export function sendReplay({ replays }: CommandContext) {
  return async (target: unknown): Promise<void> => {
    const uri = requestOf(target);
    if (uri) await replays.send(uri);
    else sayNoRequest();
  };
}

/** Puts the recorded text back; that can be undone like any edit. */
export function restoreRequest({ requests }: CommandContext) {
  return async (target: unknown): Promise<void> => {
    const uri = requestOf(target);
    if (!uri) return sayNoRequest();
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    edit.replace(uri, all, await requests.recordedText(uri));
    await vscode.workspace.applyEdit(edit);
    await document.save();
  };
}

export function showReplay(context: CommandContext) {
  return async (target: unknown): Promise<void> => {
    const replay =
      isRow(target) && target.type === 'replay'
        ? target.replay
        : await pickReplay(context, vscode.l10n.t('Show Replay'));
    if (!replay) return;
    const ref = { file: context.kept.file, spanId: replay.callId };
    // Of a run: it is looked at like any other.
    if (replay.calls !== undefined) return context.show(ref);
    const { span } = await detailOf(context.files, ref);
    if (!context.tools || !isToolCall(span)) return context.replays.show(replay);
    await context.tools.showKept(ref, await context.replays.originalOf(replay));
  };
}

export function deleteReplay(context: CommandContext) {
  return async (target: unknown): Promise<void> => {
    const replay =
      isRow(target) && target.type === 'replay'
        ? target.replay
        : await pickReplay(context, vscode.l10n.t('Delete Replay'));
    if (replay) await deleteAll(context, [replay]);
  };
}

/** Those of a run; from the palette, all. */
export function deleteReplays(context: CommandContext) {
  return async (target: unknown): Promise<void> => {
    const { kept } = context;
    await kept.load();
    const group = isRow(target) && target.type === 'replays' ? target : undefined;
    const all = group ? kept.of(group.file, group.parent.run.runId) : kept.list();
    if (all.length === 0) return sayNone();
    await deleteAll(context, all);
  };
}

const sayNone = (): void =>
  showInfo(vscode.l10n.t('Nothing was replayed yet. Replay Span sends a recorded call again.'));

async function deleteAll(
  { kept, replayer }: CommandContext,
  replays: readonly ReplaySummary[],
): Promise<void> {
  const t = vscode.l10n.t;
  const one = replays.length === 1;
  const chosen = await choose({
    title: one ? t('Delete Replay') : t('Delete {0} Replays', replays.length),
    placeholder: t('They cannot be brought back. The original runs are not touched.'),
    none: '',
    back: false,
    load: async () => [
      { label: t('Delete'), value: true },
      { label: one ? t('Keep It') : t('Keep Them'), value: false },
    ],
  });
  if (chosen !== true || !replayer) return;
  await replayer.remove(
    kept.path,
    replays.map(({ run }) => run.runId),
  );
  await kept.changed();
}

async function pickReplay(
  { kept }: CommandContext,
  title: string,
): Promise<ReplaySummary | undefined> {
  await kept.load();
  if (kept.list().length === 0) {
    sayNone();
    return undefined;
  }
  const now = Date.now();
  const chosen = await choose({
    title,
    placeholder: vscode.l10n.t('Replay'),
    none: '',
    back: false,
    load: async () =>
      kept.list().map(
        (replay): Choice<ReplaySummary> => ({
          label: nameOf(replay.run.name),
          description: [replay.model ?? '', formatAge(replay.run.start, now, words())]
            .filter(Boolean)
            .join(' · '),
          value: replay,
        }),
      ),
  });
  return chosen === 'back' ? undefined : chosen;
}
