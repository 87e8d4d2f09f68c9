import * as vscode from 'vscode';
import { englishWords, type WordKey, type Words } from '../core/words.ts';

let localized: Words | undefined;

/** The words that rows and pages are described with, in the user's language. */
export function words(): Words {
  localized ??= Object.fromEntries(
    (Object.keys(englishWords) as WordKey[]).map(key => [key, vscode.l10n.t(englishWords[key])]),
  ) as Words;
  return localized;
}
