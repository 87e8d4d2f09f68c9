import * as vscode from 'vscode';
import { pickSpan } from '../picks.ts';
import { isRow } from '../rows.ts';
import type { CommandContext } from './context.ts';
import { givenSpan } from './target.ts';

/** Shows a span. Asked for by its name, it gets the focus; from a row the focus stays in the tree. */
export function showSpan(context: CommandContext) {
  return async (target: unknown): Promise<void> => {
    const title = vscode.l10n.t('Show Span');
    const given = givenSpan(context, target);
    const ref = given ?? (await pickSpan(context, { title, only: 'any' }));
    if (ref) await context.show(ref, { focus: !isRow(target) });
  };
}

/** Selects a span in the tree, which is brought up where it is hidden. */
export function revealInRunTree(context: CommandContext) {
  return async (target: unknown): Promise<void> => {
    const title = vscode.l10n.t('Reveal in Run Tree');
    const ref = givenSpan(context, target) ?? (await pickSpan(context, { title, only: 'any' }));
    if (!ref) return;
    await context.view.reveal(ref, true);
    context.panel.show(ref, { focus: false });
  };
}
