import * as vscode from 'vscode';
import { integer } from '../core/format.ts';
import type { Insight } from '../core/insights/insight.ts';
import { isSerious, mostSeriousFirst, sentenceOf } from '../core/insights/sentence.ts';
import { typeWord } from '../core/insightViewWords.ts';
import { words } from './words.ts';

/** A tooltip is read at a glance. */
const linesShown = 5;

/** What a row of the tree says of a run's insights: the gravest and how many more; of mere notes nothing. */
export function insightMark(insights: readonly Insight[]): string {
  const serious = mostSeriousFirst(insights.filter(isSerious), one => one.severity);
  const [first] = serious;
  if (!first) return '';
  const name = words()[typeWord[first.type]].toLocaleLowerCase();
  const types = new Set(serious.map(({ type }) => type)).size;
  return types === 1 ? name : vscode.l10n.t('{0} +{1}', name, integer(types - 1));
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
