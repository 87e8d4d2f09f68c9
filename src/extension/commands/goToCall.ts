import * as vscode from 'vscode';
import { clock } from '../settings.ts';
import type { CommandContext } from './context.ts';
import { spanOrAsk } from './target.ts';

/** To the next or previous LLM call of the run, by start. */
export function goToCall(context: CommandContext, direction: 'next' | 'previous') {
  return async (target: unknown): Promise<void> => {
    const t = vscode.l10n.t;
    const title = direction === 'next' ? t('Go to Next LLM Call') : t('Go to Previous LLM Call');
    const from = await spanOrAsk(context, target, { title, only: 'any' });
    if (!from) return;
    const { file } = from;
    const { calls } = await context.files.use(file, reader =>
      reader.span(file, from.spanId, clock()),
    );
    const spanId = calls[direction];
    if (spanId !== undefined) return context.show({ file, spanId });
    const words =
      direction === 'next'
        ? t('No LLM call comes after this span in its run.')
        : t('No LLM call comes before this span in its run.');
    vscode.window.setStatusBarMessage(words, 3000);
  };
}
