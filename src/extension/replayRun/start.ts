import * as vscode from 'vscode';
import type { RunReplaying } from '../commands/context.ts';
import { DisposableStore } from '../disposables.ts';
import { setContext } from '../ids.ts';
import type { RunReplays } from '../platform.ts';
import { ReplayRunAnswers } from './answers.ts';
import { ReplayRunDocuments } from './documents.ts';
import type { ReplayServices } from './replayRun.ts';
import { ReplayRuns } from './replayRuns.ts';

const commandLineKey = 'agentTraces.replayCommandLine';

/** Wires what replays runs. Nothing runs before someone asks for it. */
export function startRunReplaying(
  { workspaceState }: vscode.ExtensionContext,
  machine: RunReplays,
  services: Pick<ReplayServices, 'log' | 'show' | 'keeping'>,
): RunReplaying & vscode.Disposable {
  const store = new DisposableStore();
  const documents = store.add(new ReplayRunDocuments());
  const answers = store.add(new ReplayRunAnswers());
  const runs = store.add(new ReplayRuns({ ...services, machine, documents }));
  const offer = (): void =>
    void setContext('agentTraces.canReplayRuns', vscode.workspace.isTrusted);
  offer();
  store.add(vscode.workspace.onDidGrantWorkspaceTrust(offer));
  return {
    machine,
    runs,
    answers,
    lastCommandLine: {
      get: () => workspaceState.get<string>(commandLineKey),
      set: commandLine => workspaceState.update(commandLineKey, commandLine),
    },
    dispose: () => store.dispose(),
  };
}
