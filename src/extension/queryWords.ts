import * as vscode from 'vscode';
import { unlinked } from '../core/inert.ts';
import { parseQuery } from '../core/query/parse.ts';
import { problemWords } from '../core/query/problem.ts';
import { words } from './words.ts';

/** The icon of a row that says what is wrong. */
export const errorSign = '$(error) ';

/** What is wrong with a query, as a row of a list; with what was probably meant, choosing it mends it. */
export interface ProblemItem extends vscode.QuickPickItem {
  readonly mended: string | undefined;
}

export function problemItem(typed: string): ProblemItem | undefined {
  const { problem } = parseQuery(typed);
  if (!problem) return undefined;
  const { at, length, meant, options } = problem;
  const end = at + length;
  const mended =
    meant === undefined ? undefined : `${typed.slice(0, at)}${meant}${typed.slice(end)}`;
  // Long lists of what is possible have a line of their own.
  const short = problemWords({ ...problem, options: [] }, words());
  return {
    label: errorSign + unlinked(short),
    detail: unlinked(
      options.length > 0
        ? vscode.l10n.t('Possible: {0}', options.join(', '))
        : `${typed.slice(0, at)}▸${typed.slice(at, end)}◂${typed.slice(end)}`,
    ),
    alwaysShow: true,
    mended,
  };
}

/** For the empty field of a query. */
export const queryHint = (): string =>
  vscode.l10n.t('Words, or for example status:error tool:search cost>0.05 duration>10s');
