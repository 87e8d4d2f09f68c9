import type * as vscode from 'vscode';
import type { RunPair } from '../protocol/panel.ts';
import { ClaudeTranscripts } from './claudeCode.ts';
import { registerCommands } from './commands/all.ts';
import type { CommandContext } from './commands/context.ts';
import { ComparePanel } from './comparePanel.ts';
import { watchCopilot } from './copilot.ts';
import { decorateRows } from './decorations.ts';
import { DisposableStore } from './disposables.ts';
import { onDidSay, type Said } from './errors.ts';
import { ExportPreviews } from './export/preview.ts';
import { FileWatch } from './fileWatch.ts';
import { Finder } from './finder.ts';
import { Insights } from './insights.ts';
import { createLog, logError } from './log.ts';
import { machineFiles } from './machineFiles.ts';
import type { PageServices } from './panelHandlers.ts';
import type { CreatePlatform } from './platform.ts';
import { registerProblemFixes } from './problemFixes.ts';
import { Problems } from './problems.ts';
import { ReadingOn } from './readingOn.ts';
import { Receiving } from './receiving.ts';
import { Rejudging } from './rejudging.ts';
import { rememberFiles } from './rememberedFiles.ts';
import { KeptReplays } from './replay/kept.ts';
import type { ReplayPanel } from './replay/replayPanel.ts';
import { startReplays } from './replay/start.ts';
import { keepingRuns } from './replayRun/keeping.ts';
import { startRunReplaying } from './replayRun/start.ts';
import { registerRunsEditor } from './runsEditor.ts';
import { RunsView } from './runsView.ts';
import { RunTree } from './runTree.ts';
import { onSettingChange, thresholds } from './settings.ts';
import { ShownFiles } from './shownFiles.ts';
import { SpanPanel } from './spanPanel.ts';
import { startAlerts, startWaysBack } from './startAlerts.ts';
import { StatusBar } from './statusBar.ts';
import { TextDocuments } from './textDocuments.ts';
import { ToolResultDocuments } from './tools/resultDocuments.ts';
import { ToolReplays } from './tools/toolReplays.ts';
import { TraceFiles } from './traceFiles.ts';

/** What the integration tests look at; other extensions have no use for it. */
export type TestApi = Pick<
  CommandContext,
  | 'files'
  | 'tree'
  | 'view'
  | 'panel'
  | 'compare'
  | 'documents'
  | 'alerts'
  | 'replaying'
  | 'kept'
  | 'requests'
  | 'sender'
  | 'receiving'
  | 'tools'
> & {
  readonly statusBar: Pick<StatusBar, 'text'>;
  readonly insights: Insights;
  readonly alertMarks: ReturnType<typeof startAlerts>['alertMarks'];
  readonly waysBack: ReturnType<typeof startWaysBack>;
  readonly replayPanel: ReplayPanel;
  /** Milliseconds that `activate` itself took. */
  readonly activatedIn: number;
  /** Beside it lies what VS Code's own agents record. */
  readonly storage: vscode.Uri;
  /** Notifications, with what they say. */
  readonly onDidSay: vscode.Event<Said>;
};

/** Wires everything. Nothing is read and no process started before something is asked for. */
export function start(extension: vscode.ExtensionContext, createPlatform: CreatePlatform): TestApi {
  const began = performance.now();
  const store = new DisposableStore();
  extension.subscriptions.push(store);
  const log = store.add(createLog());
  const platform = store.add(createPlatform(extension, log));
  const { importer } = platform;
  const { globalStorageUri } = extension;
  const claude =
    importer &&
    store.add(
      new ClaudeTranscripts(importer, globalStorageUri, log, {
        changed: () => void finder.search(true),
        close: uri => files.close(uri.toString()),
      }),
    );
  const files: TraceFiles = store.add(
    new TraceFiles(platform, log, async uri => claude?.prepare(uri)),
  );
  const watch = store.add(new FileWatch(files, log, platform));
  const finder = store.add(
    new Finder(
      {
        found: (uri, label) => files.add(uri, false, label),
        changed: uri => watch.changed(uri),
        deleted: uri => watch.changed(uri),
        searched: uris => void files.keepFound(uris),
      },
      () =>
        platform.readsPaths ? [...machineFiles(globalStorageUri), ...(claude?.files() ?? [])] : [],
    ),
  );
  store.add(new ReadingOn(files, log));
  const insights = store.add(new Insights(files, log, thresholds));
  store.add(onSettingChange('agentTraces.insights', () => insights.again()));
  if (platform.readsPaths) store.add(watchCopilot(() => files.redrawOfMachine()));
  store.add(rememberFiles(extension.workspaceState, files));
  const { replayer } = platform;
  const kept = store.add(new KeptReplays(files, replayer, log));
  const tree = store.add(new RunTree(files, insights, () => finder.search(), kept));
  const view = store.add(new RunsView(tree, log));
  const documents = store.add(new TextDocuments(files));
  const problems = store.add(new Problems(files, insights, documents, log));
  store.add(registerProblemFixes(problems, platform.runReplays !== undefined));
  const show: CommandContext['show'] = async (ref, options) => {
    panel.show(ref, { focus: false, ...options });
    view.follow(ref);
  };
  const compareRuns = (pair: RunPair): void => compare.show(pair);
  const services: PageServices = {
    ...{ files, documents, insights, log, mac: platform.mac, compareRuns },
    replays: { view: saved => replays.view(saved), act: action => replays.act(action) },
    show: (ref, tab) => show(ref, tab && { tab }),
    replaysRuns: platform.runReplays !== undefined,
  };
  const panel = store.add(new SpanPanel(extension.extensionUri, services));
  claude?.followWhile(store.add(new ShownFiles(tree, view.view, panel)));
  const compare = store.add(new ComparePanel(extension.extensionUri, services, () => panel.column));
  const replayParts = { extension, files, documents, kept, replayer, log, services };
  const ofCalls = store.add(startReplays(replayParts, () => panel.column));
  const { replays, requests, key, sender, replayPanel } = ofCalls;
  store.add(registerRunsEditor(extension.extensionUri, services, panel));
  store.add(decorateRows());
  const statusBar = store.add(new StatusBar(files));
  store.add(view.onDidSelect(ref => panel.show(ref, { focus: false })));
  const rejudging = store.add(new Rejudging(files, log));
  store.add(onSettingChange('agentTraces.staleAfterMinutes', () => rejudging.judge(files.list())));
  store.add(
    onSettingChange('agentTraces.prices', () => {
      for (const { id, following } of files.list()) {
        if (following) files.refresh(id).catch(error => logError(log, 'prices', error));
      }
    }),
  );
  const replaying =
    platform.runReplays &&
    startRunReplaying(extension, platform.runReplays, {
      ...{ log, show, keeping: keepingRuns(kept, replayer, log) },
    });
  if (replaying) store.add(replaying);
  const tools =
    platform.tools &&
    replayer &&
    new ToolReplays({
      ...{ host: platform.tools, replayer, kept, files, log, state: extension.workspaceState },
      documents: store.add(new ToolResultDocuments()),
    });
  const { alerts, alertMarks } = startAlerts({ extension, files, tree, view, log, show }, store);
  const ours = { replaying, importer, alerts };
  const receiving =
    platform.startReceiver &&
    store.add(new Receiving(platform.startReceiver, extension, files, log));
  const shared = { files, finder, tree, view, panel, compare, documents, ...ours };
  const { sentLog, writeWhole } = platform;
  const calls = {
    kept,
    replays,
    key,
    requests,
    replayer,
    sender,
    tools,
    sentLog,
    writeWhole,
    receiving,
    previews: store.add(new ExportPreviews()),
  };
  const context = { extension, log, show, ...shared, ...calls };
  store.add(registerCommands(context));
  const waysBack = startWaysBack(context, store);
  // After activate() has returned, so that the start of the process is not counted as ours to wait for.
  setTimeout(() => platform.warmUp(), 0);
  const activatedIn = performance.now() - began;
  log.info(`activated in ${activatedIn.toFixed(1)} ms`);
  return {
    files,
    tree,
    view,
    panel,
    compare,
    documents,
    replaying,
    kept,
    requests,
    sender,
    receiving,
    replayPanel,
    tools,
    insights,
    alerts,
    alertMarks,
    waysBack,
    statusBar,
    activatedIn,
    storage: extension.globalStorageUri,
    onDidSay,
  };
}
