import { cut } from '../content.ts';
import { fillIn } from '../errors.ts';
import { type Fields, fieldsOf } from '../fields.ts';
import type { CallWords } from './callWords.ts';
import { type JsonFlaw, jsonFlaw, jsonPlaces, lineAndColumn } from './jsonPlaces.ts';
import { deepest, nestsTooDeep } from './nesting.ts';
import { requestFlaws } from './requestRules.ts';

/** What is wrong at one place of an edited document. */
export interface DocumentProblem {
  /** Offsets in UTF-16 units, for an editor. */
  readonly from: number;
  readonly to: number;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning';
  readonly words: string;
}

/** A document as a request; `request` is undefined where it cannot be sent. */
export interface CheckedDocument {
  readonly request: Fields | undefined;
  readonly problems: readonly DocumentProblem[];
}

const mostProblems = 20;

/** Looks whether an edited document can be sent. Never throws; all problems have a place and words. */
export function checkDocument(text: string, words: CallWords): CheckedDocument {
  const flaw = jsonFlaw(text);
  const at = (
    from: number,
    to: number,
    said: string,
    severity: DocumentProblem['severity'] = 'error',
  ): DocumentProblem => ({ from, to, ...lineAndColumn(text, from), severity, words: said });
  if (flaw) {
    const { offset } = flaw;
    return { request: undefined, problems: [at(offset, offset + 1, flawWords(flaw, words))] };
  }
  if (nestsTooDeep(text)) {
    return {
      request: undefined,
      problems: [at(0, text.length, fillIn(words.docTooDeep, [deepest]))],
    };
  }
  const request: unknown = JSON.parse(text);
  const flaws = requestFlaws(request, words);
  const shown = flaws.slice(0, mostProblems);
  const places = jsonPlaces(
    text,
    shown.map(one => one.path),
  );
  const problems = shown.map(({ words: said, severity }, index) => {
    const { from, to } = places[index] ?? { from: 0, to: text.length };
    const more = flaws.length - mostProblems;
    const last = index === mostProblems - 1 && more > 0;
    const all = last ? `${said} (${fillIn(words.docMore, [more])})` : said;
    return at(from, to, all, severity);
  });
  const fails = flaws.some(one => one.severity === 'error');
  return { request: fails ? undefined : fieldsOf(request), problems };
}

const expectedKeys = {
  value: 'jsonValue',
  name: 'jsonName',
  colon: 'jsonColon',
  comma: 'jsonComma',
  'string-end': 'jsonStringEnd',
  end: 'jsonEnd',
} as const satisfies Record<JsonFlaw['expected'], keyof CallWords>;

function flawWords({ expected, found }: JsonFlaw, words: CallWords): string {
  const there = found === undefined ? words.jsonFoundEnd : `“${cut(found, 10).text}”`;
  return fillIn(words[expectedKeys[expected]], [there]);
}
