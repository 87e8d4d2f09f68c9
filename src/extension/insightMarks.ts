import * as vscode from 'vscode';
import { integer } from '../core/format.ts';
import type { Insight } from '../core/insights/insight.ts';
import { insightMark, markSays } from '../core/insights/mark.ts';
import { mostSeriousFirst, sentenceOf } from '../core/insights/sentence.ts';
import { typeWord } from '../core/insightViewWords.ts';
import { words } from './words.ts';

/** A tooltip is read at a glance. */
const linesShown = 5;

/** What a row of the tree says of a run's insights, among other words; empty where nothing alarms. */
export function markWords(insights: readonly Insight[]): string {
  const mark = insightMark(insights);
  return mark ? markSays(mark, words()).toLocaleLowerCase() : '';
}

/** The same in whole sentences, those that alarm first. */
export function insightLines(insights: readonly Insight[]): readonly string[] {
  const sorted = mostSeriousFirst(insights, one => one.severity);
  const lines = sorted
    .slice(0, linesShown)
    .map(({ type, said }) => `${words()[typeWord[type]]}: ${sentenceOf(said, words())}`);
  const more = sorted.length - lines.length;
  return more > 0 ? [...lines, vscode.l10n.t('and {0} more', integer(more))] : lines;
}
