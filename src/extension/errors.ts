import * as vscode from 'vscode';
import { errorTexts, fillIn, TraceError, type TraceErrorCode } from '../core/errors.ts';
import { unlinked } from '../core/inert.ts';
import { type CommandId, runCommand } from './ids.ts';
import { type Log, logError } from './log.ts';

/**
 * An error in the user's language, as one sentence or two.
 *
 * @param subject stands for the file's name at the beginning, where that is said beside it already
 */
export function errorWords(thrown: unknown, subject?: string): string {
  const { code, args } = TraceError.from(thrown);
  const words = vscode.l10n.t(errorTexts[code], '{0}', '{1}', '{2}');
  return fillIn(subject === undefined ? words : words.replace(/^\{0\}/, subject), args);
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
    importTraceFile: open,
    fileEmpty: refresh,
    walOnly: refresh,
    fileBusy: refresh,
    runMissing: refresh,
    spanMissing: refresh,
  };
  return steps[code];
}

/** A button of a message, and what it does. */
export interface Step {
  readonly title: string;
  act(): unknown;
}

/** What the user was told. */
export interface Said {
  readonly kind: 'error' | 'info';
  readonly words: string;
  readonly steps: readonly Step[];
}

const sayings = new vscode.EventEmitter<Said>();
export const onDidSay = sayings.event;

/**
 * Says what failed and one way on. Not awaited by callers: a toast may stay for hours.
 *
 * @param own what the caller adds: words behind those of the error, and the way on in place of the usual one
 */
export function showError(
  log: Log,
  doing: string,
  thrown: unknown,
  own: { readonly words?: readonly string[]; readonly step?: Step | undefined } = {},
): void {
  const error = TraceError.from(thrown);
  if (error.code === 'cancelled') return;
  logError(log, doing, error);
  const showLog: NextStep = {
    title: vscode.l10n.t('Show Log'),
    command: 'agentTraces.showLog',
  };
  const asStep = ({ title, command }: NextStep): Step => ({
    title,
    act: () => runCommand(command),
  });
  const usual = nextStep(error.code);
  const step = own.step ?? (usual && asStep(usual));
  say(
    'error',
    [errorWords(error), ...(own.words ?? [])].filter(Boolean).join(' '),
    step ? [step, asStep(showLog)] : [asStep(showLog)],
  );
}

/** Says a fact, with at most one button. */
export function showInfo(words: string, title?: string, act?: () => unknown): void {
  say('info', words, title === undefined ? [] : [{ title, act: () => act?.() }]);
}

/** The one way to a notification: names that strangers recorded are in it, and must stay words. */
export function say(kind: Said['kind'], words: string, steps: readonly Step[]): void {
  sayings.fire({ kind, words, steps });
  const show =
    kind === 'error' ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
  void show(unlinked(words), ...steps.map(step => step.title)).then(chosen =>
    steps.find(step => step.title === chosen)?.act(),
  );
}
