import { isolated, oneLine } from '../describe.ts';
import { fillIn } from '../errors.ts';
import type { Words } from '../words.ts';
import { type Insight, type Said, type Severity, severities } from './insight.ts';

/** Recorded names are among the values: each stays on its line, and as long as a name may be. */
const valueLength = 200;

export const sentenceOf = ({ word, values }: Said, words: Words): string =>
  fillIn(
    words[word],
    values.map(value => isolated(oneLine(value, valueLength))),
  );

const rankOf = (severity: Severity): number => severities.indexOf(severity);

/** What alarms: warnings and errors. */
export const isSerious = ({ severity }: Pick<Insight, 'severity'>): boolean => severity !== 'info';

/** The most serious first; among equals the order stays. */
export const mostSeriousFirst = <T>(
  all: readonly T[],
  severityOf: (one: T) => Severity,
): readonly T[] => [...all].sort((a, b) => rankOf(severityOf(b)) - rankOf(severityOf(a)));
