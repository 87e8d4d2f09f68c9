import * as vscode from 'vscode';
import { runMark, spanMark } from '../core/describe.ts';
import type { PanelStart, SpanRef, SpanTab } from '../protocol/panel.ts';
import type { SpanDetail } from '../protocol/reader.ts';
import { DisposableStore } from './disposables.ts';
import { iconOf } from './icons.ts';
import { panelTypes } from './ids.ts';
import { asTab, isSpanRef } from './pageArguments.ts';
import { type PageServices, panelHandlers } from './panelHandlers.ts';
import { panelHtml, webviewOptions } from './panelHtml.ts';
import { sameRef } from './rows.ts';
import { nameOf } from './treeItems.ts';
import { serve, tell } from './webviewHost.ts';

/** The one panel that shows a span; opened by the first span, then reused, and restored after a restart. */
export class SpanPanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly store = new DisposableStore();
  private readonly shows = this.store.add(new vscode.EventEmitter<SpanRef>());
  /** Another span is shown, or the same one again. */
  readonly onDidShow = this.shows.event;
  private readonly loads = this.store.add(new vscode.EventEmitter<SpanDetail>());
  /** The page has got what it shows. */
  readonly onDidLoad = this.loads.event;
  private panel: vscode.WebviewPanel | undefined;
  private target: SpanRef | undefined;
  private tab: SpanTab | undefined;
  private readonly extensionUri: vscode.Uri;
  private readonly services: PageServices;

  constructor(extensionUri: vscode.Uri, services: PageServices) {
    this.extensionUri = extensionUri;
    this.services = services;
    this.store.add(vscode.window.registerWebviewPanelSerializer(panelTypes.span, this));
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
    this.store.add(
      services.insights.onDidChange(file => {
        if (!this.panel) return;
        tell(this.panel.webview, { kind: 'event', name: 'insightsChanged', file });
      }),
    );
  }

  /** The span that was last shown, also after its panel was closed. */
  get shown(): SpanRef | undefined {
    return this.target;
  }

  /** It is the editor in front, the one that commands of the palette are about. */
  get active(): boolean {
    return this.panel?.active ?? false;
  }

  /** Where the panel is; undefined while there is none. */
  get column(): vscode.ViewColumn | undefined {
    return this.panel?.viewColumn;
  }

  get visible(): boolean {
    return this.panel?.visible ?? false;
  }

  show(ref: SpanRef, options: { readonly focus: boolean; readonly tab?: SpanTab }): void {
    const same = sameRef(ref, this.target);
    this.target = ref;
    this.tab = options.tab;
    if (!this.panel) this.adopt(this.create(options.focus));
    else {
      if (!this.panel.visible || options.focus) this.panel.reveal(undefined, !options.focus);
      if (!same || options.tab) {
        const tab = options.tab && { tab: options.tab };
        tell(this.panel.webview, { kind: 'event', name: 'show', target: ref, ...tab });
      }
    }
    this.shows.fire(ref);
  }

  /** `state` is what the page saved; an older version may have saved something else. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const saved: { ref?: unknown; tab?: unknown } =
      typeof state === 'object' && state !== null ? state : {};
    if (isSpanRef(saved.ref)) {
      this.services.files.add(vscode.Uri.parse(saved.ref.file), true);
      this.target = { file: saved.ref.file, spanId: saved.ref.spanId };
      this.tab = asTab(saved.tab);
    }
    // Two windows of one workspace may have saved a panel each; there is only one here.
    this.panel?.dispose();
    panel.webview.options = webviewOptions(this.extensionUri);
    this.adopt(panel);
  }

  private create(focus: boolean): vscode.WebviewPanel {
    // Beside an empty group there would be two groups, one of them empty.
    const empty = vscode.window.tabGroups.activeTabGroup.tabs.length === 0;
    const viewColumn = empty ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
    return vscode.window.createWebviewPanel(
      panelTypes.span,
      vscode.l10n.t('Span'),
      { viewColumn, preserveFocus: !focus },
      { ...webviewOptions(this.extensionUri), enableFindWidget: true },
    );
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    const events = {
      view: () => this.startView(),
      loaded: (detail: SpanDetail) => this.loaded(detail),
    };
    const handlers = (cancelled: AbortSignal) => panelHandlers(this.services, events, cancelled);
    const served = serve(panel.webview, handlers, this.services.log);
    panel.onDidDispose(() => {
      served.dispose();
      if (this.panel === panel) this.panel = undefined;
    });
    panel.webview.html = panelHtml(panel.webview, this.extensionUri, 'span');
  }

  private startView(): PanelStart['view'] {
    return { kind: 'span', target: this.target, tab: this.tab };
  }

  private loaded(detail: SpanDetail): void {
    const { span, run } = detail;
    if (!this.panel || span.spanId !== this.target?.spanId) return;
    const name = span.toolName && span.kind === 'tool' ? span.toolName : span.name;
    this.panel.title = nameOf(name);
    const isRoot = span.spanId === run.rootSpanId;
    this.panel.iconPath = iconOf(span.kind, isRoot ? runMark(run) : spanMark(span, span));
    this.loads.fire(detail);
  }

  dispose(): void {
    this.store.dispose();
  }
}
