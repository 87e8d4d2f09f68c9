import { keptChars } from './facts.ts';
import { hasher } from './hash.ts';

export interface Writing {
  /** Names of fields in alphabetic order: what a program writes as the same object may come in any. */
  readonly sorted: boolean;
  /** Fields that are left out. */
  readonly without?: (key: string, depth: number) => boolean;
  /** Texts, as they are to be written. */
  readonly text?: (text: string) => string;
}

// Nested deeper, values are taken to be alike: a recorder may nest until a recursion ends.
const deepest = 60;

/** Writes a value as JSON in pieces, so that a request of megabytes is never one text. */
export function writeJson(
  value: unknown,
  how: Writing,
  write: (piece: string) => void,
  depth = 0,
): void {
  if (typeof value === 'string') {
    write(JSON.stringify(how.text ? how.text(value) : value));
  } else if (typeof value !== 'object' || value === null) {
    write(typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'null');
  } else if (depth > deepest) {
    write('"…"');
  } else if (Array.isArray(value)) {
    write('[');
    for (let i = 0; i < value.length; i++) {
      if (i > 0) write(',');
      writeJson(value[i], how, write, depth + 1);
    }
    write(']');
  } else {
    const names = Object.keys(value);
    if (how.sorted) names.sort();
    let separator = '{';
    for (const name of names) {
      if (how.without?.(name, depth)) continue;
      write(`${separator}${JSON.stringify(name)}:`);
      writeJson((value as Readonly<Record<string, unknown>>)[name], how, write, depth + 1);
      separator = ',';
    }
    write(separator === '{' ? '{}' : '}');
  }
}

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
export const ownCopy = (text: string): string => JSON.parse(JSON.stringify(text)) as string;

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
