import type * as vscode from 'vscode';
import { DisposableStore } from '../disposables.ts';
import { setContext } from '../ids.ts';
import type { Log } from '../log.ts';
import type { PageServices } from '../panelHandlers.ts';
import type { Replayer } from '../platform.ts';
import type { TextDocuments } from '../textDocuments.ts';
import type { TraceFiles } from '../traceFiles.ts';
import { ApiKey } from './apiKey.ts';
import type { KeptReplays } from './kept.ts';
import { ReplayPanel } from './replayPanel.ts';
import { Replays } from './replays.ts';
import { RequestDocuments } from './requestDocuments.ts';
import { RequestMarks } from './requestMarks.ts';
import { ReplaySender } from './sender.ts';

interface Around {
  readonly extension: vscode.ExtensionContext;
  readonly files: TraceFiles;
  readonly documents: TextDocuments;
  readonly kept: KeptReplays;
  readonly replayer: Replayer | undefined;
  readonly log: Log;
  readonly services: PageServices;
}

/**
 * Wires what sends recorded calls again.
 *
 * @param besideColumn where the span panel is
 */
export function startReplays(
  { extension, files, documents, kept, replayer, log, services }: Around,
  besideColumn: () => vscode.ViewColumn | undefined,
) {
  const store = new DisposableStore();
  const storage = extension.storageUri ?? extension.globalStorageUri;
  const requests = store.add(new RequestDocuments(files, storage));
  const marks = store.add(new RequestMarks(requests, replayer, log));
  const key = new ApiKey(extension.secrets, replayer);
  const sender = replayer && store.add(new ReplaySender(replayer, kept));
  const sending = replayer && sender && { replayer, sender };
  const replays = new Replays({
    ...{ files, documents, requests, marks, kept, key, sending },
    panel: () => replayPanel,
  });
  const replayPanel = store.add(
    new ReplayPanel(extension.extensionUri, services, sender, besideColumn),
  );
  void setContext('agentTraces.canReplay', replayer !== undefined);
  return { replays, requests, key, sender, replayPanel, dispose: () => store.dispose() };
}
