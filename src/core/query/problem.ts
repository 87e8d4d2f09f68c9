import { fillIn } from '../errors.ts';
import type { Words } from '../words.ts';
import type { Place } from './ast.ts';
import { nearest } from './nearest.ts';

/** What can be wrong with a query; `words.ts` has a sentence for each. */
export const problemCodes = [
  'openQuote',
  'openParenthesis',
  'strayParenthesis',
  'emptyParentheses',
  'nothingBefore',
  'nothingAfter',
  'noField',
  'loneMinus',
  'unknownField',
  'noValue',
  'wrongComparison',
  'wrongWord',
  'wrongUsd',
  'wrongCount',
  'wrongDuration',
  'wrongTime',
  'tooLong',
  'tooDeep',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

/** Why a text is no query, and where in it. */
export interface QueryProblem extends Place {
  readonly code: ProblemCode;
  /** The wrong part, or what it belongs to. */
  readonly given: string;
  /** What could stand there. */
  readonly options: readonly string[];
  /** The option that was probably meant. */
  readonly meant: string | undefined;
}

/** Thrown within the parser only; `parseQuery` makes an answer of it. */
export class Wrong extends Error {
  readonly problem: QueryProblem;

  constructor(
    code: ProblemCode,
    place: Place,
    given: string,
    options: readonly string[] = [],
    typed = given,
  ) {
    super(code);
    const meant = nearest(typed, options);
    this.problem = { code, at: place.at, length: place.length, given, options, meant };
  }
}

const wordKeys = {
  openQuote: 'queryOpenQuote',
  openParenthesis: 'queryOpenParenthesis',
  strayParenthesis: 'queryStrayParenthesis',
  emptyParentheses: 'queryEmptyParentheses',
  nothingBefore: 'queryNothingBefore',
  nothingAfter: 'queryNothingAfter',
  noField: 'queryNoField',
  loneMinus: 'queryLoneMinus',
  unknownField: 'queryUnknownField',
  noValue: 'queryNoValue',
  wrongComparison: 'queryWrongComparison',
  wrongWord: 'queryWrongWord',
  wrongUsd: 'queryWrongUsd',
  wrongCount: 'queryWrongCount',
  wrongDuration: 'queryWrongDuration',
  wrongTime: 'queryWrongTime',
  tooLong: 'queryTooLong',
  tooDeep: 'queryTooDeep',
} as const satisfies Readonly<Record<ProblemCode, keyof Words>>;

/** A problem in words: what is wrong, what was probably meant, and what is possible. */
export function problemWords({ code, given, options, meant }: QueryProblem, words: Words): string {
  const shown = given.length > 40 ? `${given.slice(0, 40)}…` : given;
  const wrong = fillIn(words[wordKeys[code]], [shown]);
  const guess = meant === undefined ? '' : ` ${fillIn(words.queryMeant, [meant])}`;
  const possible =
    options.length === 0 ? '' : ` ${fillIn(words.queryPossible, [options.join(', ')])}`;
  return `${wrong}${guess}${possible}`;
}
