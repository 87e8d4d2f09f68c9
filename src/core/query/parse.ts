import { type Comparison, comparisons, joined, type Query, soughtText } from './ast.ts';
import { type Field, fieldNamed, fieldNames, fieldOf } from './fields.ts';
import { type QueryProblem, Wrong } from './problem.ts';
import { Scanner, type Token } from './scanner.ts';
import { valueFrom } from './values.ts';

export type Parsed =
  /** `query` is undefined where nothing is asked: everything matches. */
  | { readonly query: Query | undefined; readonly problem?: undefined }
  | { readonly query?: undefined; readonly problem: QueryProblem };

const longest = 10_000;
const deepest = 50;

/** Reads a query. Whatever the text, there is an answer; README.md describes the language. */
export function parseQuery(text: string): Parsed {
  try {
    if (text.length > longest) throw new Wrong('tooLong', { at: longest, length: 1 }, '');
    return { query: new Parser(text).whole() };
  } catch (error) {
    if (error instanceof Wrong) return { problem: error.problem };
    throw error;
  }
}

class Parser {
  private readonly scanner: Scanner;
  private depth = 0;

  constructor(text: string) {
    this.scanner = new Scanner(text);
  }

  whole(): Query | undefined {
    if (this.scanner.peek().kind === 'end') return undefined;
    const query = this.either();
    const rest = this.scanner.peek();
    // Nothing else ends an expression before the text does.
    if (rest.kind !== 'end') throw new Wrong('strayParenthesis', placeOf(rest), rest.text);
    return query;
  }

  private either(): Query {
    const parts = [this.all()];
    while (isOr(this.scanner.peek())) {
      const or = this.scanner.next();
      if (this.ends()) throw new Wrong('nothingAfter', placeOf(or), or.text);
      parts.push(this.all());
    }
    return joined('or', parts);
  }

  private all(): Query {
    const parts = [this.one()];
    for (;;) {
      const token = this.scanner.peek();
      if (isAnd(token)) {
        this.scanner.next();
        if (this.ends()) throw new Wrong('nothingAfter', placeOf(token), token.text);
      } else if (this.ends() || isOr(token)) return joined('and', parts);
      parts.push(this.one());
    }
  }

  private ends(): boolean {
    const token = this.scanner.peek();
    return token.kind === 'end' || isSymbol(token, ')');
  }

  private one(): Query {
    const token = this.scanner.next();
    if (isOr(token) || isAnd(token)) throw new Wrong('nothingBefore', placeOf(token), token.text);
    if (isSymbol(token, ')')) throw new Wrong('strayParenthesis', placeOf(token), token.text);
    if (isSymbol(token, '-') && !this.scanner.glued) {
      throw new Wrong('loneMinus', placeOf(token), token.text, ['-tool:search', '"-"'], '');
    }
    if (isNot(token)) {
      if (this.ends()) throw new Wrong('nothingAfter', placeOf(token), token.text);
      return this.deeper(token, () => ({ kind: 'not', part: this.one() }));
    }
    if (isSymbol(token, '(')) return this.deeper(token, () => this.group(token));
    if (token.kind === 'symbol') throw new Wrong('noField', placeOf(token), token.text);
    if (token.kind === 'quoted') return textTerm(token.text, true);
    return this.compared(token) ?? textTerm(token.text, false);
  }

  private deeper(token: Token, read: () => Query): Query {
    if (++this.depth > deepest) throw new Wrong('tooDeep', placeOf(token), token.text);
    const query = read();
    this.depth--;
    return query;
  }

  private group(open: Token): Query {
    if (isSymbol(this.scanner.peek(), ')')) {
      const close = this.scanner.next();
      throw new Wrong('emptyParentheses', { at: open.at, length: close.at + 1 - open.at }, '()');
    }
    if (this.scanner.peek().kind === 'end') throw new Wrong('openParenthesis', placeOf(open), '(');
    const query = this.either();
    const close = this.scanner.next();
    if (!isSymbol(close, ')')) throw new Wrong('openParenthesis', placeOf(open), '(');
    return query;
  }

  /** A field with its comparison and value; undefined where the word is but a word. */
  private compared(word: Token): Query | undefined {
    const { scanner } = this;
    const { glued } = scanner;
    const token = scanner.peek();
    if (token.kind !== 'symbol') return undefined;
    const sign = token.text === '!=' ? token.text : comparisons.find(one => one === token.text);
    if (sign === undefined) return undefined;
    const name = fieldNamed(word.text);
    // Around the signs of sums there may be spaces; behind a colon there are in sentences.
    if (!glued && (name === undefined || sign === ':')) return undefined;
    if (name === undefined) {
      throw new Wrong('unknownField', placeOf(word), word.text, fieldNames);
    }
    scanner.next();
    const { comparison, end } = this.comparison(sign, token.at + sign.length);
    const field = fieldOf(name);
    const place = { at: word.at, length: end - word.at };
    const allowed = allowedFor(field);
    if (comparison !== '!=' && !allowed.includes(comparison)) {
      throw new Wrong('wrongComparison', place, name, allowed, '');
    }
    if (sign !== ':') scanner.skipSpace();
    const written = scanner.value();
    if (written === undefined) throw new Wrong('noValue', place, name, optionsOf(field), '');
    const value = valueFrom(field, written);
    const { at, text, quoted } = written;
    if (!value) {
      const where = { at, length: written.end - at };
      throw new Wrong(wrongCodes[field.type], where, text, optionsOf(field));
    }
    const negative = comparison === '!=';
    const term: Query = {
      kind: 'field',
      field: name,
      comparison: negative ? '=' : comparison,
      written: soughtText(text, quoted),
      value,
    };
    return negative ? { kind: 'not', part: term } : term;
  }

  /** Other query languages write `cost:>0.05`. */
  private comparison(
    sign: Comparison | '!=',
    end: number,
  ): { readonly comparison: Comparison | '!='; readonly end: number } {
    const token = sign === ':' && this.scanner.glued ? this.scanner.peek() : undefined;
    const after = comparisons.find(one => one !== ':' && one === token?.text);
    if (token?.kind !== 'symbol' || after === undefined) return { comparison: sign, end };
    this.scanner.next();
    return { comparison: after, end: end + after.length };
  }
}

const textTerm = (text: string, quoted: boolean): Query => ({
  kind: 'text',
  sought: soughtText(text, quoted),
});

const isSymbol = (token: Token, text: string): boolean =>
  token.kind === 'symbol' && token.text === text;
const isWord = (token: Token, text: string): boolean =>
  token.kind === 'word' && token.text === text;
const isOr = (token: Token): boolean =>
  isWord(token, 'OR') || isSymbol(token, '|') || isSymbol(token, '||');
const isAnd = (token: Token): boolean => isWord(token, 'AND') || isSymbol(token, '&&');
const isNot = (token: Token): boolean => isWord(token, 'NOT') || isSymbol(token, '-');

const placeOf = (token: Token) => ({
  at: token.at,
  length: token.kind === 'quoted' ? token.end - token.at : token.text.length,
});

const wrongCodes = {
  // Every text is one.
  text: 'noValue',
  word: 'wrongWord',
  usd: 'wrongUsd',
  count: 'wrongCount',
  duration: 'wrongDuration',
  time: 'wrongTime',
} as const;

function allowedFor({ type }: Field): readonly Comparison[] {
  return type === 'text' || type === 'word' || type === 'time' ? [':', '='] : comparisons;
}

/** What may be written behind a field. */
export function optionsOf({ type, words }: Field): readonly string[] {
  switch (type) {
    case 'text':
      return [];
    case 'word':
      return words ?? [];
    case 'usd':
      return ['0.05', '$1.50'];
    case 'count':
      return ['500', '10k', '1.5M'];
    case 'duration':
      return ['250ms', '10s', '1.5m', '2h', '1m30s'];
    case 'time':
      return ['2026-11-01', '2026-11-01T14:30', '2h', '7d', 'today', 'yesterday'];
  }
}
