import * as vscode from 'vscode';
import { integer } from '../../core/format.ts';

/** What is over sooner needs no progress: it would only flash up. */
const patienceMs = 300;

/** Work with progress and a way to end it, where it takes a while. */
export async function withProgress<T>(
  title: string,
  total: number,
  work: (signal: AbortSignal, more: (spans: number) => void) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  let [spans, reported] = [0, 0];
  let report = (): void => undefined;
  const working = work(ending.signal, count => {
    spans += count;
    report();
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<'slow'>(resolve => {
    timer = setTimeout(() => resolve('slow'), patienceMs);
  });
  const first = await Promise.race([working.then(() => 'done' as const), patience]).finally(() =>
    clearTimeout(timer),
  );
  if (first === 'done') return working;
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) => {
    token.onCancellationRequested(() => ending.abort());
    report = () => {
      const message = vscode.l10n.t('{0} of {1} spans', integer(spans), integer(total));
      const increment = total > 0 ? (100 * (spans - reported)) / total : 0;
      reported = spans;
      progress.report({ increment, message });
    };
    report();
    return working;
  });
}
