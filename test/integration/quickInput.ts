// What is done to the questions of VS Code, by its own commands.
import * as vscode from 'vscode';
import { until } from './support.ts';

export const accept = () =>
  vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
export const next = () => vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
export const hide = () => vscode.commands.executeCommand('workbench.action.closeQuickOpen');
export const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

/** Takes the answer that each question offers first, until `done` gives something. */
export const acceptUntil = <T>(what: string, done: () => T) =>
  until(what, async () => {
    const seen = done();
    if (seen) return seen;
    await pause(150);
    await accept();
    return done();
  });
