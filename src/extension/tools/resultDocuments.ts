import * as vscode from 'vscode';
import { DisposableStore } from '../disposables.ts';
import { toolScheme } from '../ids.ts';
import { longestDocument, safeName } from '../textDocuments.ts';

/** More than anyone leaves open; each may be megabytes. */
const mostKept = 40;

/** What tools gave as read-only documents, for the diff editor. They are in memory only. */
export class ToolResultDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly texts = new Map<string, string>();
  private made = 0;

  constructor() {
    this.store.add(vscode.workspace.registerTextDocumentContentProvider(toolScheme, this));
  }

  /** @param title what it is, as the end of the name: `recorded` */
  uriOf(name: string, title: string, text: string, json: boolean): vscode.Uri {
    const key = `${++this.made}`;
    this.texts.set(key, text);
    const [oldest] = this.texts.keys();
    if (this.texts.size > mostKept && oldest !== undefined) this.texts.delete(oldest);
    const file = `${safeName(name)} · ${title}.${json ? 'json' : 'txt'}`;
    return vscode.Uri.from({ scheme: toolScheme, path: `/${key}/${file}` });
  }

  provideTextDocumentContent({ path }: vscode.Uri): string {
    const text = this.texts.get(path.split('/')[1] ?? '');
    if (text === undefined) {
      return vscode.l10n.t('This result is gone. Run the tool again, or open the file of replays.');
    }
    if (text.length <= longestDocument) return text;
    const share = Math.round((100 * longestDocument) / text.length);
    const cut = vscode.l10n.t('… cut here: the first {0} % are shown.', share);
    return `${text.slice(0, longestDocument)}\n${cut}`;
  }

  dispose(): void {
    this.store.dispose();
    this.texts.clear();
  }
}
