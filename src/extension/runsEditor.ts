import * as vscode from 'vscode';
import { DisposableStore } from './disposables.ts';
import { editorTypes } from './ids.ts';
import { type PageServices, panelHandlers } from './panelHandlers.ts';
import { panelHtml, webviewOptions } from './panelHtml.ts';
import type { SpanPanel } from './spanPanel.ts';
import { serve, tell } from './webviewHost.ts';

/** Shows a trace file's runs in the editor, for both document types. */
export function registerRunsEditor(
  extensionUri: vscode.Uri,
  services: PageServices,
  shows: Pick<SpanPanel, 'shown' | 'onDidShow'>,
): vscode.Disposable {
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: uri => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: (document, panel) => {
      const file = services.files.add(document.uri, true).id;
      panel.webview.options = webviewOptions(extensionUri);
      const handlers = (cancelled: AbortSignal) =>
        panelHandlers(
          services,
          { view: () => ({ kind: 'runs', file, shown: shows.shown }) },
          cancelled,
        );
      const open = new DisposableStore();
      open.add(serve(panel.webview, handlers, services.log));
      open.add(
        services.files.onDidChange(event => {
          if (event.kind === 'followed' && event.file === file) {
            const { following = true, behind = false } = services.files.get(file) ?? {};
            tell(panel.webview, { kind: 'event', name: 'fileFollowed', file, following, behind });
          }
          if (event.kind !== 'file' || event.file !== file) return;
          tell(panel.webview, { kind: 'event', name: 'fileChanged', file, why: event.why });
        }),
      );
      open.add(
        services.insights.onDidChange(changed => {
          if (changed !== file) return;
          tell(panel.webview, { kind: 'event', name: 'insightsChanged', file });
        }),
      );
      open.add(
        shows.onDidShow(target => {
          tell(panel.webview, { kind: 'event', name: 'spanShown', target });
        }),
      );
      panel.onDidDispose(() => open.dispose());
      panel.webview.html = panelHtml(panel.webview, extensionUri, 'runs');
    },
  };
  const store = new DisposableStore();
  for (const type of Object.values(editorTypes)) {
    const options = { supportsMultipleEditorsPerDocument: true };
    store.add(vscode.window.registerCustomEditorProvider(type, provider, options));
  }
  return store;
}
