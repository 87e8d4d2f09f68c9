import * as vscode from 'vscode';
import type { RunComparison } from '../core/compareRuns.ts';
import type { RunPair } from '../protocol/panel.ts';
import { DisposableStore } from './disposables.ts';
import { compareIcon } from './icons.ts';
import { panelTypes } from './ids.ts';
import { isRunPair } from './pageArguments.ts';
import { type PageEvents, type PageServices, panelHandlers } from './panelHandlers.ts';
import { panelHtml, webviewOptions } from './panelHtml.ts';
import { nameOf } from './treeItems.ts';
import { serve, tell } from './webviewHost.ts';

/** The one page that shows two runs side by side; reused, and restored after a restart. */
export class ComparePanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly store = new DisposableStore();
  private readonly loads = this.store.add(new vscode.EventEmitter<RunComparison>());
  /** The page has got what it shows. */
  readonly onDidLoad = this.loads.event;
  private panel: vscode.WebviewPanel | undefined;
  private pair: RunPair | undefined;
  private readonly extensionUri: vscode.Uri;
  private readonly services: PageServices;
  /** Where the span panel is, which the page must not cover: its links show spans there. */
  private readonly besideColumn: () => vscode.ViewColumn | undefined;

  constructor(
    extensionUri: vscode.Uri,
    services: PageServices,
    besideColumn: () => vscode.ViewColumn | undefined,
  ) {
    this.extensionUri = extensionUri;
    this.services = services;
    this.besideColumn = besideColumn;
    this.store.add(vscode.window.registerWebviewPanelSerializer(panelTypes.compare, this));
    this.store.add(
      services.files.onDidChange(event => {
        if (event.kind !== 'file' || !this.panel) return;
        tell(this.panel.webview, {
          kind: 'event',
          name: 'fileChanged',
          file: event.file,
          why: event.why,
        });
      }),
    );
  }

  /** The runs that were last compared, also after the page was closed. */
  get shown(): RunPair | undefined {
    return this.pair;
  }

  show(pair: RunPair): void {
    this.pair = pair;
    if (!this.panel) this.adopt(this.create());
    else {
      this.panel.reveal();
      tell(this.panel.webview, { kind: 'event', name: 'compare', pair });
    }
  }

  /** `state` is what the page saved; an older version may have saved something else. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const saved: { pair?: unknown } = typeof state === 'object' && state !== null ? state : {};
    if (isRunPair(saved.pair)) {
      const { a, b } = saved.pair;
      for (const { file } of [a, b]) this.services.files.add(vscode.Uri.parse(file), true);
      this.pair = {
        a: { file: a.file, runId: a.runId },
        b: { file: b.file, runId: b.runId },
      };
    }
    // Two windows of one workspace may have saved a page each; there is only one here.
    this.panel?.dispose();
    panel.webview.options = webviewOptions(this.extensionUri);
    this.adopt(panel);
  }

  private create(): vscode.WebviewPanel {
    const taken = this.besideColumn();
    const { all, activeTabGroup } = vscode.window.tabGroups;
    const free = [activeTabGroup, ...all].find(group => group.viewColumn !== taken);
    return vscode.window.createWebviewPanel(
      panelTypes.compare,
      vscode.l10n.t('Compare Runs'),
      free?.viewColumn ?? vscode.ViewColumn.Beside,
      { ...webviewOptions(this.extensionUri), enableFindWidget: true },
    );
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    panel.iconPath = compareIcon();
    const events: PageEvents = {
      view: () => ({ kind: 'compare', pair: this.pair }),
      compared: (comparison, pair) => {
        // The page may have swapped them.
        this.pair = pair;
        this.compared(comparison);
      },
    };
    const handlers = (cancelled: AbortSignal) => panelHandlers(this.services, events, cancelled);
    const served = serve(panel.webview, handlers, this.services.log);
    panel.onDidDispose(() => {
      served.dispose();
      if (this.panel === panel) this.panel = undefined;
    });
    panel.webview.html = panelHtml(panel.webview, this.extensionUri, 'compare');
  }

  private compared(comparison: RunComparison): void {
    const [a, b] = [nameOf(comparison.a.run.name), nameOf(comparison.b.run.name)];
    if (this.panel) this.panel.title = a === b ? vscode.l10n.t('Compare {0}', a) : `${a} ↔ ${b}`;
    this.loads.fire(comparison);
  }

  dispose(): void {
    this.store.dispose();
  }
}
