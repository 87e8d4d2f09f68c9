import type * as vscode from 'vscode';
import type { SpanRef, SpanTab } from '../../protocol/panel.ts';
import type { ComparePanel } from '../comparePanel.ts';
import type { Finder } from '../finder.ts';
import type { Log } from '../log.ts';
import type { RunsView } from '../runsView.ts';
import type { RunTree } from '../runTree.ts';
import type { SpanPanel } from '../spanPanel.ts';
import type { TextDocuments } from '../textDocuments.ts';
import type { TraceFiles } from '../traceFiles.ts';

/** What commands act on. */
export interface CommandContext {
  readonly extension: vscode.ExtensionContext;
  readonly log: Log;
  readonly files: TraceFiles;
  readonly finder: Finder;
  readonly tree: RunTree;
  readonly view: RunsView;
  readonly panel: SpanPanel;
  readonly compare: ComparePanel;
  readonly documents: TextDocuments;
  /** Shows a span in the panel and selects its row where the tree is visible. */
  show(ref: SpanRef, options?: { readonly focus?: boolean; readonly tab?: SpanTab }): Promise<void>;
}
