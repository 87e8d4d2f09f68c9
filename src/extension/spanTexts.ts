import * as vscode from 'vscode';
import { TraceError } from '../core/errors.ts';
import { formatBytes } from '../core/format.ts';
import type { SpanRef } from '../protocol/panel.ts';
import type { TextPart } from '../protocol/reader.ts';
import { showInfo } from './errors.ts';
import { longestDocument, wholeText } from './textDocuments.ts';
import type { TraceFiles } from './traceFiles.ts';

/** Copies all of a part of a span, and says so for a moment in the status bar. */
export async function copyText(files: TraceFiles, ref: SpanRef, part: TextPart): Promise<void> {
  const whole = await wholeText(files, ref, part);
  if (!whole) {
    showInfo(vscode.l10n.t('This was not recorded.'));
    return;
  }
  if (whole.text.length < whole.chars) {
    // Half a text in the clipboard would be taken for the whole.
    throw new TraceError('textTooLarge', [formatBytes(whole.chars), formatBytes(longestDocument)]);
  }
  await vscode.env.clipboard.writeText(whole.text);
  sayCopied();
}

export function sayCopied(): void {
  vscode.window.setStatusBarMessage(vscode.l10n.t('$(check) Copied'), 2500);
}
