import { counted } from '../counted.ts';
import { fillIn } from '../errors.ts';
import { integer } from '../format.ts';
import { typeWord } from '../insightViewWords.ts';
import type { Words } from '../words.ts';
import type { Insight, InsightType, Said, Severity } from './insight.ts';
import { isSerious, mostSeriousFirst, sentenceOf } from './sentence.ts';

/** What the row of a run says of its insights. */
export interface InsightMark {
  readonly severity: Severity;
  /** Of the gravest. */
  readonly type: InsightType;
  /** Kinds that alarm as well. */
  readonly others: number;
  /** The gravest in sentences: as many as are read at a glance. */
  readonly said: readonly Said[];
  /** Insights without a sentence here. */
  readonly more: number;
}

const mostSaid = 5;

/** The gravest insight and how many other kinds there are; of mere notes nothing. */
export function insightMark(insights: readonly Insight[]): InsightMark | undefined {
  const sorted = mostSeriousFirst(insights, one => one.severity);
  const [first] = sorted;
  if (!first || !isSerious(first)) return undefined;
  const { severity, type } = first;
  const others = new Set(sorted.filter(isSerious).map(one => one.type)).size - 1;
  const said = sorted.slice(0, mostSaid).map(one => one.said);
  return { severity, type, others, said, more: sorted.length - said.length };
}

/** A mark in a few words. */
export function markSays({ type, others }: InsightMark, words: Words): string {
  const name = words[typeWord[type]];
  return others > 0 ? fillIn(words.insightMarkMore, [name, integer(others)]) : name;
}

/** The same in whole sentences, a line each. */
export function markTitle({ said, more }: InsightMark, words: Words): string {
  const lines = said.map(one => sentenceOf(one, words));
  return [...lines, ...(more > 0 ? [counted(words, 'insightSpansMore', more)] : [])].join('\n');
}
