import * as vscode from 'vscode';
import { noticeTitle } from '../core/alerts/alertWords.ts';
import { integer } from '../core/format.ts';
import { type Alerts, localAlertWords } from './alerts.ts';
import { DisposableStore } from './disposables.ts';
import type { CommandId } from './ids.ts';

/** More lines than a tooltip has room for. */
const mostNamed = 10;

/** How many alerts are firing: in the status bar, and on the icon of the tree. */
export class AlertMarks implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly item: vscode.StatusBarItem;
  private readonly alerts: Alerts;
  private readonly view: Pick<vscode.TreeView<unknown>, 'badge'>;
  private shown: string | undefined;

  constructor(alerts: Alerts, view: Pick<vscode.TreeView<unknown>, 'badge'>) {
    this.alerts = alerts;
    this.view = view;
    const { Left } = vscode.StatusBarAlignment;
    this.item = this.store.add(vscode.window.createStatusBarItem('agentTraces.alerts', Left, 9));
    this.item.name = vscode.l10n.t('Agent Traces: Alerts');
    this.item.command = 'agentTraces.showAlerts' satisfies CommandId;
    this.store.add(alerts.onDidChange(() => this.update()));
    this.update();
  }

  /** What the item says; undefined while nothing is firing. */
  get text(): string | undefined {
    return this.shown;
  }

  private update(): void {
    const { firing } = this.alerts;
    const t = vscode.l10n.t;
    const count = firing.length === 1 ? t('1 alert') : t('{0} alerts', integer(firing.length));
    this.shown = firing.length === 0 ? undefined : `$(bell-dot) ${count}`;
    if (this.shown === undefined) {
      this.view.badge = undefined;
      this.item.hide();
      return;
    }
    this.view.badge = { value: firing.length, tooltip: count };
    this.item.text = this.shown;
    this.item.accessibilityInformation = { label: t('Agent traces: {0}. Lists them.', count) };
    const tooltip = new vscode.MarkdownString();
    for (const { notice, rule, name } of firing.slice(0, mostNamed)) {
      const words = notice ? noticeTitle(notice, localAlertWords()) : rule;
      tooltip.appendText(`${name}: ${words}`).appendMarkdown('\n\n');
    }
    this.item.tooltip = tooltip.appendText(t('Click: list of alerts'));
    this.item.show();
  }

  dispose(): void {
    this.store.dispose();
  }
}
