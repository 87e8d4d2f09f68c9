import * as vscode from 'vscode';
import type { Mismatch } from '../../core/replay/decision.ts';
import { requestText } from '../../core/replay/normalRequest.ts';
import { DisposableStore } from '../disposables.ts';
import { requestScheme } from '../ids.ts';
import { longestDocument, safeName } from '../textDocuments.ts';

/** More pairs than anyone leaves open; each may be megabytes. */
const mostKept = 10;

/** A recorded request and the one that came in its place. */
export interface RequestPair {
  readonly recorded: vscode.Uri;
  readonly now: vscode.Uri;
  readonly title: string;
}

/** Requests of a replay as read-only documents, for the diff editor. They are in memory only, as is the replay. */
export class ReplayRunDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly texts = new Map<string, readonly [recorded: string, now: string]>();
  private made = 0;

  constructor() {
    this.store.add(vscode.workspace.registerTextDocumentContentProvider(requestScheme, this));
  }

  keep(mismatch: Mismatch & { readonly kind: 'differs' }, request: number): RequestPair {
    const key = `${++this.made}`;
    this.texts.set(key, [shown(mismatch.recorded), shown(mismatch.now)]);
    const [oldest] = this.texts.keys();
    if (this.texts.size > mostKept && oldest !== undefined) this.texts.delete(oldest);
    const { call, name } = mismatch.from;
    const uri = (side: 0 | 1, title: string): vscode.Uri =>
      vscode.Uri.from({ scheme: requestScheme, path: `/${key}/${title}.json`, query: `${side}` });
    const t = vscode.l10n.t;
    return {
      recorded: uri(0, `${safeName(name)} ${call}`),
      now: uri(1, t('request {0}', request)),
      title: t('{0} (call {1}) as recorded ↔ request {2} now', safeName(name), call, request),
    };
  }

  provideTextDocumentContent({ path, query }: vscode.Uri): string {
    const pair = this.texts.get(path.split('/')[1] ?? '');
    return (
      pair?.[query === '1' ? 1 : 0] ??
      vscode.l10n.t('This replay is over, and its requests are gone. Replay the run again.')
    );
  }

  dispose(): void {
    this.store.dispose();
    this.texts.clear();
  }
}

function shown(request: Parameters<typeof requestText>[0]): string {
  const text = requestText(request);
  if (text.length <= longestDocument) return text;
  const share = Math.round((100 * longestDocument) / text.length);
  const cut = vscode.l10n.t('… cut here: the first {0} % are shown.', share);
  return `${text.slice(0, longestDocument)}\n${cut}`;
}
