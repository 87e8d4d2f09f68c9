import * as vscode from 'vscode';
import { TraceError } from '../core/errors.ts';

/** The one output channel. Names of files and spans may be in it, recorded prompts and answers never. */
export type Log = vscode.LogOutputChannel;

export function createLog(): Log {
  return vscode.window.createOutputChannel('Agent Traces', { log: true });
}

/** An error with its stack and what caused it, for the log. */
export function logError(log: Log, doing: string, thrown: unknown): void {
  const error = TraceError.from(thrown);
  const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.stack}` : '';
  log.error(`${doing}: ${error.code}: ${error.stack ?? error.message}${cause}`);
}
