import * as vscode from 'vscode';
import { integer } from '../../core/format.ts';

/** Work with progress and a way to end it. */
export async function withProgress<T>(
  title: string,
  total: number,
  work: (signal: AbortSignal, more: (spans: number) => void) => Promise<T>,
): Promise<T> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) => {
    const ending = new AbortController();
    token.onCancellationRequested(() => ending.abort());
    let spans = 0;
    return work(ending.signal, count => {
      spans += count;
      const message = vscode.l10n.t('{0} of {1} spans', integer(spans), integer(total));
      progress.report({ increment: total > 0 ? (100 * count) / total : 0, message });
    });
  });
}
