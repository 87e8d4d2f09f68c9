import * as vscode from 'vscode';
import { showCopilotSettings } from '../copilot.ts';
import { DisposableStore } from '../disposables.ts';
import { showError } from '../errors.ts';
import { type CommandHandler, type CommandId, commandIds, here, inTree } from '../ids.ts';
import { isRow } from '../rows.ts';
import { editAlerts, showAlerts } from './alerts.ts';
import { compareWith } from './compareWith.ts';
import type { CommandContext } from './context.ts';
import { exportRuns } from './exportRuns.ts';
import { filterRuns } from './filterRuns.ts';
import { goToCall } from './goToCall.ts';
import { goToCause } from './goToCause.ts';
import { goToFailure } from './goToFailure.ts';
import { goToSource } from './goToSource.ts';
import { importRecording } from './importFile.ts';
import { openWalkthrough } from './openWalkthrough.ts';
import { copyReceiverVariables, startReceiver, stopReceiver } from './receiver.ts';
import { deleteReplay, deleteReplays, restoreRequest, sendReplay, showReplay } from './replay.ts';
import { replayRun, startEdited, stopReplay } from './replayRun.ts';
import { replaySpan } from './replaySpan.ts';
import { search } from './search.ts';
import { showFailures } from './showFailures.ts';
import { revealInRunTree, showSpan } from './showSpan.ts';
import { copySpanAs, copySpanId, openText } from './texts.ts';
import {
  closeTraceFile,
  follow,
  openAsTraceFile,
  openTraceFile,
  refresh,
  showOverview,
} from './traceFile.ts';
import { trySample } from './trySample.ts';

/** Every command and what it does. Its type asks for all of them. */
function handlers(context: CommandContext): Readonly<Record<CommandId, CommandHandler>> {
  return {
    'agentTraces.openTraceFile': openTraceFile(context),
    'agentTraces.openAsTraceFile': openAsTraceFile(context),
    'agentTraces.importRecording': importRecording(context),
    'agentTraces.showOverview': showOverview(context),
    'agentTraces.closeTraceFile': closeTraceFile(context),
    'agentTraces.refresh': refresh(context),
    'agentTraces.search': search(context),
    'agentTraces.pauseFollowing': follow(context, false),
    'agentTraces.resumeFollowing': follow(context, true),
    'agentTraces.filterRuns': filterRuns(context),
    'agentTraces.clearFilter': () => context.view.setFilter('all'),
    'agentTraces.loadMore': row =>
      isRow(row) && row.type === 'more' ? context.tree.loadMore(row) : undefined,
    'agentTraces.showSpan': showSpan(context),
    'agentTraces.goToCause': goToCause(context),
    'agentTraces.goToNextFailure': goToFailure(context, 'next'),
    'agentTraces.goToPreviousFailure': goToFailure(context, 'previous'),
    'agentTraces.goToNextCall': goToCall(context, 'next'),
    'agentTraces.goToPreviousCall': goToCall(context, 'previous'),
    'agentTraces.goToSource': goToSource(context),
    'agentTraces.revealInRunTree': revealInRunTree(context),
    'agentTraces.copySpanId': copySpanId(context),
    'agentTraces.copySpanAsJson': copySpanAs(context, 'json'),
    'agentTraces.copySpanAsMarkdown': copySpanAs(context, 'markdown'),
    'agentTraces.openPrompt': openText(context, 'prompt'),
    'agentTraces.openResponse': openText(context, 'response'),
    'agentTraces.startReceiver': startReceiver(context),
    'agentTraces.stopReceiver': stopReceiver(context),
    'agentTraces.copyReceiverVariables': copyReceiverVariables(context),
    'agentTraces.replaySpan': replaySpan(context),
    'agentTraces.replayRun': replayRun(context, 'run'),
    'agentTraces.replayRunUnderDebugger': replayRun(context, 'debugger'),
    'agentTraces.replayUpToHere': replayRun(context, 'upToHere'),
    'agentTraces.startEditedReplay': startEdited(context),
    'agentTraces.stopReplay': stopReplay(context),
    'agentTraces.sendReplay': sendReplay(context),
    'agentTraces.cancelReplay': () => context.sender?.cancel(),
    'agentTraces.restoreRequest': restoreRequest(context),
    'agentTraces.showReplay': showReplay(context),
    'agentTraces.deleteReplay': deleteReplay(context),
    'agentTraces.deleteReplays': deleteReplays(context),
    'agentTraces.setApiKey': () => context.key.ask(),
    'agentTraces.deleteApiKey': () => context.key.delete(),
    'agentTraces.export': exportRuns(context),
    'agentTraces.compareWith': compareWith(context),
    'agentTraces.showFailures': showFailures(context),
    'agentTraces.showAlerts': showAlerts(context.alerts),
    'agentTraces.editAlerts': editAlerts,
    'agentTraces.openWalkthrough': openWalkthrough(context),
    'agentTraces.showLog': () => context.log.show(),
    'agentTraces.trySample': trySample(context),
    'agentTraces.recordCopilot': showCopilotSettings,
  };
}

/** What a command cannot do is said, whoever called it. */
export function registerCommands(context: CommandContext): vscode.Disposable {
  const store = new DisposableStore();
  const all = handlers(context);
  for (const id of commandIds) {
    const run = async (target: unknown): Promise<void> => {
      try {
        if (target === inTree) await context.view.whileFocused(row => all[id](row ?? here));
        else await all[id](target);
      } catch (error) {
        showError(context.log, id, error);
      }
    };
    store.add(vscode.commands.registerCommand(id, run));
  }
  return store;
}
