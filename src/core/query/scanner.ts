import type { SoughtText } from './ast.ts';
import { Wrong } from './problem.ts';

export type Token =
  | { readonly kind: 'word' | 'symbol'; readonly text: string; readonly at: number }
  | { readonly kind: 'quoted'; readonly text: string; readonly at: number; readonly end: number }
  | { readonly kind: 'end'; readonly text: ''; readonly at: number };

const symbols = ['(', ')', '||', '|', '&&', '!=', '>=', '<=', '=', '>', '<', ':'] as const;
const isSpace = (sign: string): boolean => /\s/.test(sign);

/** Steps through the text of a query. */
export class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Whether what comes next follows without a space. */
  get glued(): boolean {
    return this.at > 0 && this.at < this.text.length && !isSpace(this.text[this.at] ?? ' ');
  }

  peek(): Token {
    const before = this.at;
    const token = this.next();
    this.at = before;
    return token;
  }

  next(): Token {
    this.skipSpace();
    const { at, text } = this;
    if (at >= text.length) return { kind: 'end', text: '', at };
    if (text[at] === '"') return this.quoted();
    const symbol = this.symbol();
    if (symbol !== undefined) {
      this.at += symbol.length;
      return { kind: 'symbol', text: symbol, at };
    }
    // A minus leaves out what follows it; within a word it is a sign like others.
    if (text[at] === '-') {
      this.at++;
      return { kind: 'symbol', text: '-', at };
    }
    const ends = (): boolean => text[this.at] === '"' || this.symbol() !== undefined;
    do this.at++;
    while (this.at < text.length && !isSpace(text[this.at] ?? ' ') && !ends());
    return { kind: 'word', text: text.slice(at, this.at), at };
  }

  /** What stands behind a comparison: colons and the like are part of it. Undefined where nothing does. */
  value(): (SoughtText & { readonly at: number; readonly end: number }) | undefined {
    const { text } = this;
    const from = this.at;
    if (text[from] === '"') return { ...this.quoted(), quoted: true };
    while (this.at < text.length && !/[\s()"]/.test(text[this.at] ?? ' ')) this.at++;
    if (this.at === from) return undefined;
    return { text: text.slice(from, this.at), quoted: false, at: from, end: this.at };
  }

  skipSpace(): void {
    while (this.at < this.text.length && isSpace(this.text[this.at] ?? '')) this.at++;
  }

  private symbol(): string | undefined {
    return symbols.find(one => this.text.startsWith(one, this.at));
  }

  private quoted(): Extract<Token, { kind: 'quoted' }> {
    const { at, text } = this;
    let found = '';
    for (this.at++; this.at < text.length; this.at++) {
      const sign = text[this.at] ?? '';
      if (sign === '"') {
        this.at++;
        return { kind: 'quoted', text: found, at, end: this.at };
      }
      const next = text[this.at + 1];
      if (sign === '\\' && (next === '"' || next === '\\')) {
        found += next;
        this.at++;
      } else found += sign;
    }
    throw new Wrong('openQuote', { at, length: text.length - at }, text.slice(at));
  }
}
