import { fillIn } from '../errors.ts';
import { integer } from '../format.ts';
import { typeWord } from '../insightViewWords.ts';
import type { Words } from '../words.ts';
import type { Insight, Severity } from './insight.ts';
import { isSerious, mostSeriousFirst } from './sentence.ts';

/** What the row of a run says of its insights. */
export interface InsightMark {
  readonly severity: Severity;
  readonly says: string;
}

/** The gravest insight and how many other kinds there are; of mere notes nothing. */
export function insightMark(insights: readonly Insight[], words: Words): InsightMark | undefined {
  const serious = mostSeriousFirst(insights.filter(isSerious), one => one.severity);
  const [first] = serious;
  if (!first) return undefined;
  const others = new Set(serious.map(({ type }) => type)).size - 1;
  const name = words[typeWord[first.type]];
  const says = others > 0 ? fillIn(words.insightMarkMore, [name, integer(others)]) : name;
  return { severity: first.severity, says };
}
