import { type Writing, writeJson } from '../jsonPieces.ts';
import { keptChars } from './facts.ts';
import { hasher } from './hash.ts';

export interface Written {
  /** Its beginning, `keptChars` at most. */
  readonly begin: string;
  readonly chars: number;
  readonly hash: string;
}

export function written(value: unknown, how: Writing): Written {
  const hash = hasher();
  let [begin, chars] = ['', 0];
  writeJson(value, how, piece => {
    hash.add(piece);
    chars += piece.length;
    if (begin.length < keptChars) begin += piece.slice(0, keptChars - begin.length);
  });
  return { begin: ownCopy(begin), chars, hash: hash.value() };
}

/** A short text that does not keep the long one alive which it was cut out of, as V8's slices do. */
const ownCopy = (text: string): string => JSON.parse(JSON.stringify(text)) as string;

export const beginOf = (text: string, chars = keptChars): string =>
  text.length <= chars ? text : ownCopy(text.slice(0, chars));

/** JSON with sorted names; of what is longer than `keptChars`, the beginning and a hash of all. */
export function shortJson(value: unknown): string {
  const { begin, chars, hash } = written(value, { sorted: true });
  return chars <= keptChars ? begin : `${begin}…#${hash}`;
}

/** What JSON within a text stands for; the text itself where it is none, or too long to look. */
export function parsedText(value: unknown): unknown {
  if (typeof value !== 'string' || value.length > longestParsed || !/^\s*[[{]/.test(value)) {
    return value;
  }
  try {
    return JSON.parse(value);
  } catch {
    // Cut by its recorder, or a text that begins with a bracket.
    return value;
  }
}

const longestParsed = 4_000_000;
