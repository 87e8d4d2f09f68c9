import * as vscode from 'vscode';
import type { TextPart } from '../../protocol/reader.ts';
import { copyText, sayCopied } from '../spanTexts.ts';
import type { CommandContext } from './context.ts';
import { spanOrAsk } from './target.ts';

export function copySpanId(context: CommandContext) {
  return async (target: unknown): Promise<void> => {
    const title = vscode.l10n.t('Copy Span Id');
    const ref = await spanOrAsk(context, target, { title, only: 'any' });
    if (!ref) return;
    await vscode.env.clipboard.writeText(ref.spanId);
    sayCopied();
  };
}

export function copySpanAs(context: CommandContext, part: 'json' | 'markdown') {
  return async (target: unknown): Promise<void> => {
    const title =
      part === 'json' ? vscode.l10n.t('Copy Span as JSON') : vscode.l10n.t('Copy Span as Markdown');
    const ref = await spanOrAsk(context, target, { title, only: 'any' });
    if (ref) await copyText(context.files, ref, part);
  };
}

export function openText(context: CommandContext, part: TextPart & ('prompt' | 'response')) {
  return async (target: unknown): Promise<void> => {
    const title =
      part === 'prompt'
        ? vscode.l10n.t('Open Prompt in Editor')
        : vscode.l10n.t('Open Response in Editor');
    const ref = await spanOrAsk(context, target, { title, only: 'llm' });
    if (ref) await context.documents.show(ref, part);
  };
}
