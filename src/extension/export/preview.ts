import * as vscode from 'vscode';
import { exportScheme } from '../ids.ts';
import { safeName } from '../textDocuments.ts';

/** What would be sent, as documents that nobody has to save. */
export class ExportPreviews implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly registered: vscode.Disposable;
  readonly onDidChange = this.changes.event;

  constructor() {
    this.registered = vscode.workspace.registerTextDocumentContentProvider(exportScheme, this);
  }

  provideTextDocumentContent({ path }: vscode.Uri): string {
    return (
      this.texts.get(path) ?? vscode.l10n.t('This is gone. Export again to see what would be sent.')
    );
  }

  /** The latest for each destination; the question that it is for stays above it. */
  async show(label: string, text: string): Promise<void> {
    const uri = vscode.Uri.from({
      scheme: exportScheme,
      path: `/${safeName(label)} · not sent.jsonc`,
    });
    this.texts.set(uri.path, text);
    this.changes.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preserveFocus: true });
  }

  dispose(): void {
    this.registered.dispose();
    this.changes.dispose();
  }
}
