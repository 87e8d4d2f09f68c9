import * as vscode from 'vscode';
import { type ErrorTexts, errorTexts, stalenessTexts } from '../core/errors.ts';
import { type CallWords, callWords } from '../core/replay/callWords.ts';
import { type ReplayWords, replayWords } from '../core/replay/replayWords.ts';
import { type ToolWords, toolWords } from '../core/replay/toolWords.ts';
import { englishWords, type Words } from '../core/words.ts';
import type { Staleness } from '../protocol/reader.ts';

/** What failures say, in the user's language, with the places of their arguments. */
export const localErrorTexts = (): ErrorTexts => localize(errorTexts);

/** What a replay tells the program and the person, in the user's language. */
export const localReplayWords = (): ReplayWords => localize(replayWords);

/** What is said of how tools are registered, in the user's language. */
export const localToolWords = (): ToolWords => localize(toolWords);

const localize = <K extends string>(texts: Readonly<Record<K, string>>): Record<K, string> =>
  Object.fromEntries(
    Object.entries<string>(texts).map(([key, text]) => [key, vscode.l10n.t(text)]),
  ) as Record<K, string>;

/** Why something beside a file is not shown, in the user's language; what a system said stays as it is. */
export function localStaleness({ beside, why }: Staleness): Staleness {
  const known = Object.entries(stalenessTexts).find(([, text]) => text === why);
  const local: Readonly<Record<string, string>> = localize(stalenessTexts);
  return { beside, why: (known && local[known[0]]) ?? why };
}

let localizedCall: CallWords | undefined;

/** The words for a call that is sent again, in the user's language. */
export function localCallWords(): CallWords {
  localizedCall ??= localize(callWords);
  return localizedCall;
}

let localized: Words | undefined;

/** The words that rows and pages are described with, in the user's language. */
export function words(): Words {
  localized ??= localize(englishWords);
  return localized;
}
