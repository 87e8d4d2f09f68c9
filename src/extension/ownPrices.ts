import * as vscode from 'vscode';
import type { Price } from '../core/price.ts';
import { readPriceOverrides } from '../core/priceOverrides.ts';
import { say } from './errors.ts';
import { readSetting } from './settings.ts';

/** What was said last: each file asks for the prices anew. */
let said = '';

/** The prices in the settings. What cannot be read of them is said once, and left out. */
export function ownPrices(): readonly Price[] {
  const { prices, problems } = readPriceOverrides(readSetting('agentTraces.prices'));
  const words = problems.slice(0, 3).join('; ');
  if (words !== said && words !== '') {
    const open = {
      title: vscode.l10n.t('Open Settings'),
      act: () =>
        vscode.commands.executeCommand('workbench.action.openSettings', 'agentTraces.prices'),
    };
    say('error', vscode.l10n.t('Left out of the setting agentTraces.prices: {0}.', words), [open]);
  }
  said = words;
  return prices;
}
