import * as vscode from 'vscode';
import { integer } from '../core/format.ts';
import { rowScheme } from './ids.ts';

/** A uri that only says how its row is drawn, so that equal rows share one decoration. */
export function rowUri(failed: boolean, failedSpans: number): vscode.Uri {
  const query = failed ? `failed=${failedSpans}` : '';
  return vscode.Uri.from({ scheme: rowScheme, path: '/row', query });
}

/** Colours failed rows and counts the failed spans of a run. */
export function decorateRows(): vscode.Disposable {
  return vscode.window.registerFileDecorationProvider({
    provideFileDecoration(uri) {
      if (uri.scheme !== rowScheme || uri.query === '') return undefined;
      const count = Number(uri.query.slice('failed='.length));
      const colour = new vscode.ThemeColor('list.errorForeground');
      // VS Code refuses badges of more than two characters.
      const badge = count > 99 ? '9+' : count > 0 ? String(count) : undefined;
      const tooltip = count > 0 ? failedWords(count) : undefined;
      return new vscode.FileDecoration(badge, tooltip, colour);
    },
  });
}

export const failedWords = (spans: number): string =>
  spans === 1 ? vscode.l10n.t('1 failed span') : vscode.l10n.t('{0} failed spans', integer(spans));
