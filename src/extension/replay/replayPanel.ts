import * as vscode from 'vscode';
import type { SpanRef } from '../../protocol/panel.ts';
import type { ReplayAction, ReplayView } from '../../protocol/replay.ts';
import { DisposableStore } from '../disposables.ts';
import { replayIcon } from '../icons.ts';
import { panelTypes } from '../ids.ts';
import { type PageServices, panelHandlers } from '../panelHandlers.ts';
import { panelHtml, webviewOptions } from '../panelHtml.ts';
import { serve, tell } from '../webviewHost.ts';
import type { ReplaySender } from './sender.ts';

/** The one page that shows a replay: how it comes, and what became of it. */
export class ReplayPanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly store = new DisposableStore();
  private readonly loads = this.store.add(new vscode.EventEmitter<ReplayView | undefined>());
  /** The page has got what it shows. */
  readonly onDidLoad = this.loads.event;
  private panel: vscode.WebviewPanel | undefined;
  private readonly extensionUri: vscode.Uri;
  private readonly services: PageServices;
  private readonly besideColumn: () => vscode.ViewColumn | undefined;

  constructor(
    extensionUri: vscode.Uri,
    services: PageServices,
    sender: ReplaySender | undefined,
    besideColumn: () => vscode.ViewColumn | undefined,
  ) {
    this.extensionUri = extensionUri;
    this.services = services;
    this.besideColumn = besideColumn;
    this.store.add(vscode.window.registerWebviewPanelSerializer(panelTypes.replay, this));
    if (!sender) return;
    this.store.add(
      sender.onDidChange(view => {
        if (!this.panel) return;
        this.panel.title = titleOf(view);
        tell(this.panel.webview, { kind: 'event', name: 'replay', view });
      }),
    );
    this.store.add(
      sender.onDidCome(pieces => {
        if (!this.panel) return;
        tell(this.panel.webview, { kind: 'event', name: 'replayPieces', ...pieces });
      }),
    );
  }

  /** Brings the page up, beside what is being edited. */
  open(view: ReplayView | undefined): void {
    if (this.panel) {
      this.panel.reveal(undefined, true);
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      panelTypes.replay,
      titleOf(view),
      { viewColumn: this.besideColumn() ?? vscode.ViewColumn.Beside, preserveFocus: true },
      { ...webviewOptions(this.extensionUri), enableFindWidget: true },
    );
    this.adopt(panel);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    // Two windows of one workspace may have saved a page each; there is only one here.
    this.panel?.dispose();
    panel.webview.options = webviewOptions(this.extensionUri);
    this.adopt(panel);
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    panel.iconPath = replayIcon();
    const events = {
      view: () => ({ kind: 'replay' }) as const,
      replayed: (view: ReplayView | undefined) => this.loads.fire(view),
    };
    const handlers = (cancelled: AbortSignal) => panelHandlers(this.services, events, cancelled);
    const served = serve(panel.webview, handlers, this.services.log);
    panel.onDidDispose(() => {
      served.dispose();
      if (this.panel === panel) this.panel = undefined;
    });
    panel.webview.html = panelHtml(panel.webview, this.extensionUri, 'replay');
  }

  dispose(): void {
    this.store.dispose();
  }
}

const titleOf = (view: ReplayView | undefined): string =>
  view ? vscode.l10n.t('Replay of {0}', view.name) : vscode.l10n.t('Replay');

/** What a page asks of replays, and who does it. */
export interface ReplayPages {
  view(saved: SpanRef | undefined): Promise<ReplayView | undefined>;
  act(action: ReplayAction): Promise<void>;
}
