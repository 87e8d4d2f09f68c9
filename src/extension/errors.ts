import * as vscode from 'vscode';
import { errorTexts, TraceError, type TraceErrorCode } from '../core/errors.ts';
import { type CommandId, runCommand } from './ids.ts';
import { type Log, logError } from './log.ts';

/** An error in the user's language, as one sentence or two. */
export function errorWords(thrown: unknown): string {
  const { code, args } = TraceError.from(thrown);
  return vscode.l10n.t(errorTexts[code], ...args);
}

interface NextStep {
  readonly title: string;
  readonly command: CommandId;
}

function nextStep(code: TraceErrorCode): NextStep | undefined {
  const open: NextStep = {
    title: vscode.l10n.t('Open Trace File…'),
    command: 'agentTraces.openTraceFile',
  };
  const refresh: NextStep = { title: vscode.l10n.t('Refresh'), command: 'agentTraces.refresh' };
  const steps: Partial<Record<TraceErrorCode, NextStep>> = {
    fileMissing: open,
    notSqlite: open,
    noSpans: open,
    unknownSpansTable: open,
    fileNotOpen: open,
    fileEmpty: refresh,
    walOnly: refresh,
    fileBusy: refresh,
    runMissing: refresh,
    spanMissing: refresh,
  };
  return steps[code];
}

/** Says what failed and one way on. Not awaited by callers: a toast may stay for hours. */
export function showError(log: Log, doing: string, thrown: unknown): void {
  const error = TraceError.from(thrown);
  if (error.code === 'cancelled') return;
  logError(log, doing, error);
  const step = nextStep(error.code);
  const showLog: NextStep = {
    title: vscode.l10n.t('Show Log'),
    command: 'agentTraces.showLog',
  };
  void vscode.window
    .showErrorMessage(errorWords(error), ...(step ? [step, showLog] : [showLog]))
    .then(chosen => chosen && runCommand(chosen.command));
}

/** Says a fact, with at most one button. */
export function showInfo(words: string, title?: string, act?: () => unknown): void {
  void vscode.window
    .showInformationMessage(words, ...(title ? [title] : []))
    .then(chosen => chosen && act?.());
}
