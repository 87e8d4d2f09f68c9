import type { Found } from './pattern.ts';

/** A line of text around what was found in it. */
export interface Snippet {
  readonly text: string;
  readonly matches: readonly (readonly [at: number, length: number])[];
}

const before = 40;
const after = 160;
const longestMatch = 200;

/** What stands around a place of a text: spaces and line ends become one space, what is left out an ellipsis. */
export function snippetOf(text: string, { at, end }: Found): Snippet {
  const from = whole(text, Math.max(0, at - before));
  const shown = whole(text, Math.min(end, at + longestMatch));
  const to = whole(text, Math.min(text.length, shown + after));
  const head = `${from > 0 ? '…' : ''}${oneSpace(text.slice(from, at)).trimStart()}`;
  const match = oneSpace(text.slice(at, shown));
  const tail = `${oneSpace(text.slice(shown, to)).trimEnd()}${to < text.length ? '…' : ''}`;
  return {
    text: head + match + tail,
    matches: match === '' ? [] : [[head.length, match.length]],
  };
}

const oneSpace = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ');

/** Not between the halves of one sign. */
const whole = (text: string, at: number): number =>
  /[\uDC00-\uDFFF]/.test(text[at] ?? '') && /[\uD800-\uDBFF]/.test(text[at - 1] ?? '')
    ? at + 1
    : at;
