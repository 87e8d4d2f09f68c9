import * as vscode from 'vscode';
import { formatRunCost, integer } from '../core/format.ts';
import { activeTraceFile } from './activeFile.ts';
import { DisposableStore } from './disposables.ts';
import type { CommandId } from './ids.ts';
import type { ListedFile, TraceFiles } from './traceFiles.ts';
import { words } from './words.ts';

/** More lines than a tooltip has room for. */
const filesNamed = 15;

interface Sums {
  readonly runs: number;
  readonly failed: number;
  readonly cost: number | undefined;
  readonly pricedCost: number;
  readonly unpricedCalls: number;
}

/** What the trace files hold, in the status bar: of the active editor's file, else of all that were read. */
export class StatusBar implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly item: vscode.StatusBarItem;
  private readonly files: TraceFiles;
  private shown: string | undefined;

  constructor(files: TraceFiles) {
    this.files = files;
    const { Left } = vscode.StatusBarAlignment;
    this.item = this.store.add(vscode.window.createStatusBarItem('agentTraces.runs', Left, 10));
    this.item.name = vscode.l10n.t('Agent Traces');
    this.item.command = 'agentTraces.showFailures' satisfies CommandId;
    this.store.add(files.onDidChange(() => this.update()));
    this.store.add(vscode.window.tabGroups.onDidChangeTabs(() => this.update()));
    this.store.add(vscode.window.tabGroups.onDidChangeTabGroups(() => this.update()));
  }

  /** What the item says; undefined while it is hidden. */
  get text(): string | undefined {
    return this.shown;
  }

  private update(): void {
    const active = activeTraceFile(this.files);
    const counted = (active?.totals ? [active] : this.files.list()).filter(file => file.totals);
    if (counted.length === 0) {
      this.shown = undefined;
      this.item.hide();
      return;
    }
    const sums = sumsOf(counted);
    this.shown = `$(pulse) ${sumWords(sums)}`;
    this.item.text = this.shown;
    const listed = active ? counted.length : this.files.list().length;
    this.item.tooltip = tooltip(counted, listed - counted.length);
    this.item.accessibilityInformation = {
      label: vscode.l10n.t('Agent traces: {0}. Lists the failures.', sumWords(sums)),
    };
    this.item.show();
  }

  dispose(): void {
    this.store.dispose();
  }
}

function sumsOf(files: readonly ListedFile[]): Sums {
  const add = (of: (totals: NonNullable<ListedFile['totals']>) => number): number =>
    files.reduce((sum, { totals }) => sum + (totals ? of(totals) : 0), 0);
  const pricedCost = add(totals => totals.pricedCost);
  const unpricedCalls = add(totals => totals.unpricedCalls);
  return {
    runs: add(totals => totals.runs),
    failed: add(totals => totals.failed),
    cost: unpricedCalls > 0 ? undefined : pricedCost,
    pricedCost,
    unpricedCalls,
  };
}

function sumWords(sums: Sums): string {
  const t = vscode.l10n.t;
  return [
    sums.runs === 1 ? t('1 run') : t('{0} runs', integer(sums.runs)),
    sums.failed > 0 ? t('{0} failed', integer(sums.failed)) : '',
    formatRunCost(sums, words()),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Names of files are recorded by strangers: they are never taken for Markdown. */
function tooltip(counted: readonly ListedFile[], unread: number): vscode.MarkdownString {
  const t = vscode.l10n.t;
  const text = new vscode.MarkdownString();
  for (const file of counted.slice(0, filesNamed)) {
    text.appendText(`${file.name}: ${sumWords(sumsOf([file]))}`).appendMarkdown('\n\n');
  }
  const more = counted.length - filesNamed;
  if (more > 0) text.appendText(t('and {0} more', integer(more))).appendMarkdown('\n\n');
  if (unread > 0) {
    const unreadWords = t('{0} listed files are not counted: they were not read.', integer(unread));
    text.appendText(unreadWords).appendMarkdown('\n\n');
  }
  return text.appendText(t('Click: list of failures'));
}
