import * as vscode from 'vscode';
import { noticeTitle } from '../../core/alerts/alertWords.ts';
import { formatAge } from '../../core/format.ts';
import { alertsFile } from '../alertRules.ts';
import { type Alerts, localAlertWords } from '../alerts.ts';
import { type Choice, choose, group } from '../choose.ts';
import { showInfo } from '../errors.ts';
import { runCommand } from '../ids.ts';
import { words } from '../words.ts';

type Chosen = () => unknown;

/** Lists what is firing, and what is muted: the one way back for a rule that was muted. */
export function showAlerts(alerts: Alerts) {
  return async (): Promise<void> => {
    const t = vscode.l10n.t;
    const now = Date.now();
    const firing = alerts.firing.map((one): Choice<Chosen> => {
      const { notice, rule, name, since } = one;
      return {
        label: notice ? noticeTitle(notice, localAlertWords()) : rule,
        description: name,
        detail: t('{0}, since {1}', rule, formatAge(since, now, words())),
        value: () => alerts.open(one),
      };
    });
    const muted = alerts.mutedRules.map(
      (rule): Choice<Chosen> => ({
        label: rule,
        detail: t('Choose it to be told of it again'),
        value: () => alerts.mute([rule], false),
      }),
    );
    if (firing.length + muted.length === 0) {
      return showInfo(t('No alert is firing.'), t('Edit Alerts'), () =>
        runCommand('agentTraces.editAlerts'),
      );
    }
    const chosen = await choose<Chosen>({
      title: t('Show Alerts'),
      placeholder: t('An alert, to see where it failed'),
      none: t('No alert is firing.'),
      back: false,
      load: async () => [...group(t('Firing'), firing), ...group(t('Muted rules'), muted)],
    });
    if (typeof chosen === 'function') await chosen();
  };
}

/** What the file of who has none yet begins with. */
const firstAlerts = `{
  // What to tell of. VS Code tells it here; agent-traces monitor tells the channels below as well.
  "rules": [
    { "type": "failure-rate", "window": "5m", "above": 0.2, "minimumRuns": 5 },
    { "type": "loop" }
  ],
  "channels": [
    // { "type": "slack", "urlVariable": "SLACK_WEBHOOK_URL" }
    { "type": "log" }
  ]
}
`;

/** Opens the alerts file of the workspace, which is made where there is none. */
export async function editAlerts(): Promise<void> {
  const t = vscode.l10n.t;
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) {
    return showInfo(t('Alerts are kept in a folder, and none is open.'), t('Open Folder…'), () =>
      vscode.commands.executeCommand('vscode.openFolder'),
    );
  }
  const uri = vscode.Uri.joinPath(folder.uri, alertsFile);
  try {
    await vscode.workspace.fs.stat(uri);
  } catch {
    // There is none yet; where it cannot be written either, that says why.
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(firstAlerts));
  }
  await vscode.window.showTextDocument(uri);
}
