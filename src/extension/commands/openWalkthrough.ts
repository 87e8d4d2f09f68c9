import * as vscode from 'vscode';
import { walkthroughId } from '../ids.ts';
import type { CommandContext } from './context.ts';

/** Milliseconds after which it is asked for again. */
const again = [1000, 2000, 3000];

/**
 * Opens our walkthrough. VS Code learns of those of extensions only when it is first asked for one, shows
 * its own until then, and says nothing of it (microsoft/vscode#187958): so it is asked again, for as long
 * as the page that it showed is in front. Where it has shown ours, that changes nothing.
 */
export function openWalkthrough({ extension }: CommandContext) {
  let known = false;
  return async (): Promise<void> => {
    const id = `${extension.extension.id}#${walkthroughId}`;
    const open = () => vscode.commands.executeCommand('workbench.action.openWalkthrough', id);
    await open();
    const shown = vscode.window.tabGroups.activeTabGroup.activeTab;
    for (const wait of known ? [] : again) {
      await new Promise(resolve => setTimeout(resolve, wait));
      const { activeTab } = vscode.window.tabGroups.activeTabGroup;
      if (activeTab?.label !== shown?.label) break;
      await open();
    }
    known = true;
  };
}
