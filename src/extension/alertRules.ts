import * as vscode from 'vscode';
import { type ConfigProblem, parseAlerts } from '../core/alerts/config.ts';
import type { Rule } from '../core/alerts/rules.ts';
import { DisposableStore } from './disposables.ts';
import { showInfo } from './errors.ts';
import { type Log, logError } from './log.ts';
import { onSettingChange, readSetting } from './settings.ts';

/** In each folder of the workspace. */
export const alertsFile = '.vscode/agent-traces.alerts.json';

const mostBytes = 1_000_000;

/**
 * The rules of alerts: of the setting, and of each folder's alerts file, whose errors are told where they are.
 * Who wrote a folder that is not trusted does not decide what the user is told of, or not told of.
 */
export class AlertRules implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly problems = this.store.add(
    vscode.languages.createDiagnosticCollection('agentTraces.alerts'),
  );
  private readonly changes = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChange = this.changes.event;
  private readonly ofFiles = new Map<string, readonly Rule[]>();
  private readonly latest = new Map<string, number>();
  private readings = 0;
  private ofSetting: readonly Rule[] = [];
  private readonly log: Log;

  constructor(log: Log) {
    this.log = log;
    const watcher = this.store.add(vscode.workspace.createFileSystemWatcher(`**/${alertsFile}`));
    const changed = (uri: vscode.Uri): void => void this.readFile(uri);
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) {
      this.store.add(event(changed));
    }
    // A watcher is not there at once, and not everywhere; what is saved here is known without it.
    this.store.add(
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (this.fileUris().some(file => file.toString() === uri.toString())) changed(uri);
      }),
    );
    this.store.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.readAll()));
    this.store.add(onSettingChange('agentTraces.alerts', () => this.readSetting()));
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.changes.fire()));
    this.readSetting();
    this.readAll();
  }

  /** Of two rules with one id, that of a file counts. */
  get all(): readonly Rule[] {
    if (!readSetting('agentTraces.alerts.enabled')) return [];
    const ofFiles = vscode.workspace.isTrusted ? [...this.ofFiles.values()].flat() : [];
    return [...new Map([...this.ofSetting, ...ofFiles].map(rule => [rule.id, rule])).values()];
  }

  private fileUris(): vscode.Uri[] {
    const folders = vscode.workspace.workspaceFolders ?? [];
    return folders.map(({ uri }) => vscode.Uri.joinPath(uri, alertsFile));
  }

  private readAll(): void {
    const files = this.fileUris();
    const there = new Set(files.map(file => file.toString()));
    // Of a folder that is closed nothing changes any more.
    for (const file of this.ofFiles.keys()) {
      if (there.has(file)) continue;
      this.ofFiles.delete(file);
      this.problems.delete(vscode.Uri.parse(file, true));
      this.changes.fire();
    }
    for (const file of files) void this.readFile(file);
  }

  private async readFile(uri: vscode.Uri): Promise<void> {
    const reading = this.readings + 1;
    this.readings = reading;
    const key = uri.toString();
    this.latest.set(key, reading);
    const text = await this.textOf(uri);
    // A reading that was begun later may have ended earlier, and has the newer text.
    if (this.latest.get(key) !== reading) return;
    if (text === undefined) {
      this.ofFiles.delete(key);
      this.problems.delete(uri);
    } else {
      const { config, problems } = parseAlerts(text);
      this.ofFiles.set(key, config.rules);
      this.problems.set(uri, problems.map(asDiagnostic));
    }
    this.changes.fire();
  }

  private async textOf(uri: vscode.Uri): Promise<string | undefined> {
    try {
      if ((await vscode.workspace.fs.stat(uri)).size > mostBytes) {
        throw new RangeError(`more than ${mostBytes} bytes`);
      }
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    } catch (error) {
      const isGone = error instanceof vscode.FileSystemError && error.code === 'FileNotFound';
      if (!isGone) logError(this.log, 'alerts file', error);
      return undefined;
    }
  }

  private readSetting(): void {
    const { config, problems } = parseAlerts(
      JSON.stringify({ rules: readSetting('agentTraces.alerts.rules') }),
    );
    this.ofSetting = config.rules;
    const [problem] = problems;
    if (problem) {
      const t = vscode.l10n.t;
      const words = t('The setting agentTraces.alerts.rules is wrong: {0}', problem.message);
      showInfo(words, t('Open Settings'), () =>
        vscode.commands.executeCommand('workbench.action.openSettings', 'agentTraces.alerts'),
      );
    }
    this.changes.fire();
  }

  dispose(): void {
    this.store.dispose();
  }
}

function asDiagnostic({ message, line, column, endLine, endColumn }: ConfigProblem) {
  const range = new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1);
  const problem = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
  problem.source = 'Agent Traces';
  return problem;
}
