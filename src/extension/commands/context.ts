import type * as vscode from 'vscode';
import type { SpanRef, SpanTab } from '../../protocol/panel.ts';
import type { Alerts } from '../alerts.ts';
import type { ComparePanel } from '../comparePanel.ts';
import type { ExportPreviews } from '../export/preview.ts';
import type { Finder } from '../finder.ts';
import type { Log } from '../log.ts';
import type { Importer, Platform, Replayer, RunReplays } from '../platform.ts';
import type { Receiving } from '../receiving.ts';
import type { ApiKey } from '../replay/apiKey.ts';
import type { KeptReplays } from '../replay/kept.ts';
import type { Replays } from '../replay/replays.ts';
import type { RequestDocuments } from '../replay/requestDocuments.ts';
import type { ReplaySender } from '../replay/sender.ts';
import type { ReplayRunAnswers } from '../replayRun/answers.ts';
import type { ReplayRuns } from '../replayRun/replayRuns.ts';
import type { RunsView } from '../runsView.ts';
import type { RunTree } from '../runTree.ts';
import type { SpanPanel } from '../spanPanel.ts';
import type { TextDocuments } from '../textDocuments.ts';
import type { ToolReplays } from '../tools/toolReplays.ts';
import type { TraceFiles } from '../traceFiles.ts';

/** What replays a run; there is none where there are no processes. */
export interface RunReplaying {
  readonly machine: RunReplays;
  readonly runs: ReplayRuns;
  readonly answers: ReplayRunAnswers;
  /** Of this workspace. */
  readonly lastCommandLine: {
    get(): string | undefined;
    set(commandLine: string): Thenable<void>;
  };
}

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
  readonly alerts: Alerts;
  readonly replaying: RunReplaying | undefined;
  readonly requests: RequestDocuments;
  readonly replays: Replays;
  readonly kept: KeptReplays;
  readonly key: ApiKey;
  /** Undefined where nothing can be sent. */
  readonly replayer: Replayer | undefined;
  readonly sender: ReplaySender | undefined;
  readonly sentLog: Platform['sentLog'];
  readonly writeWhole: Platform['writeWhole'];
  readonly previews: ExportPreviews;
  /** Undefined where there are no processes. */
  readonly importer: Importer | undefined;
  readonly tools: ToolReplays | undefined;
  /** Undefined where there are no processes. */
  readonly receiving: Receiving | undefined;
  /** Shows a span in the panel and selects its row where the tree is visible. */
  show(ref: SpanRef, options?: { readonly focus?: boolean; readonly tab?: SpanTab }): Promise<void>;
}
