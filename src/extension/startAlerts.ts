import * as vscode from 'vscode';
import type { SpanRef } from '../protocol/panel.ts';
import type { FileId } from '../protocol/reader.ts';
import { AlertMarks } from './alertMarks.ts';
import { AlertRules } from './alertRules.ts';
import { Alerts } from './alerts.ts';
import type { CommandContext } from './commands/context.ts';
import type { DisposableStore } from './disposables.ts';
import { runCommand } from './ids.ts';
import { ShowLinks } from './showLinks.ts';
import { TerminalLinks } from './terminalLinks.ts';

type Parts = Pick<CommandContext, 'extension' | 'files' | 'tree' | 'view' | 'log' | 'show'>;

/** Alerts with what they show. */
export function startAlerts(parts: Parts, store: DisposableStore) {
  const { extension, files, tree, view, log, show } = parts;
  const rules = store.add(new AlertRules(log));
  const open = (file: FileId, span: SpanRef | undefined): unknown =>
    span
      ? show(span, { focus: true })
      : runCommand('agentTraces.showOverview', tree.rows.file(file));
  const alerts = store.add(new Alerts(files, rules, extension.workspaceState, log, open));
  const alertMarks = store.add(new AlertMarks(alerts, view.view));
  return { alerts, alertMarks };
}

/** Ways to a span from outside: links of alerts, and ids in a terminal. */
export function startWaysBack(context: CommandContext, store: DisposableStore) {
  const { files, log, show } = context;
  const links = new ShowLinks(context);
  store.add(vscode.window.registerUriHandler(links));
  const terminalLinks = new TerminalLinks(files, ref => show(ref, { focus: true }), log);
  store.add(vscode.window.registerTerminalLinkProvider(terminalLinks));
  store.add(files.onDidChange(() => terminalLinks.forget()));
  return { links, terminalLinks };
}
