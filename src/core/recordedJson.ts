import { indentJson } from './jsonText.ts';

interface Place {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const places = new WeakMap<object, Place>();

// Walking takes a second for texts of this length; values of longer ones are shown as they were parsed.
const lengthLimit = 8_000_000;
const depthLimit = 200;

/** What a parser changes: `1.0`, `1e3`, numbers of 16 digits and more, and the order of keys such as `"10"`. */
const changing = /\d\.\d*0(?!\d)|\d[eE]|\d{16}|-0(?![.\d])|"\d+"\s*:/;

/**
 * Keeps where each object and list of a parsed text stands in it, so that it can be shown as recorded.
 *
 * @param value what `JSON.parse` made of the text
 */
export function keepRecorded(value: unknown, text: string | undefined): void {
  if (text === undefined || text.length > lengthLimit || !changing.test(text)) return;
  walk(value, text, skipSpace(text, 0), 0);
}

/** The text that an object or list was read from, indented; undefined where it is not known. */
export function recordedJson(value: unknown): string | undefined {
  const place = typeof value === 'object' && value !== null ? places.get(value) : undefined;
  return place && indentJson(place.text.slice(place.from, place.to));
}

/** Behind the value that stands at a place; -1 where its text is not that of the value. */
function walk(value: unknown, text: string, from: number, depth: number): number {
  const isList = text[from] === '[';
  if (!isList && text[from] !== '{') return scalarEnd(text, from);
  if (depth > depthLimit) return -1;
  let at = skipSpace(text, from + 1);
  for (let index = 0; text[at] !== ']' && text[at] !== '}'; index++) {
    let part: unknown;
    if (isList) part = Array.isArray(value) ? value[index] : undefined;
    else {
      const end = scalarEnd(text, at);
      if (end < 0 || text[at] !== '"') return -1;
      part = fieldOf(value, text.slice(at, end));
      at = skipSpace(text, skipSpace(text, end) + 1);
    }
    const to = walk(part, text, at, depth + 1);
    if (to < 0) return -1;
    at = skipSpace(text, to);
    if (text[at] === ',') at = skipSpace(text, at + 1);
    else if (at >= text.length) return -1;
  }
  if (typeof value === 'object' && value !== null) places.set(value, { text, from, to: at + 1 });
  return at + 1;
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Readonly<Record<string, unknown>>)[JSON.parse(key) as string];
}

const plain = /[^\s,\]}:]+/y;

function scalarEnd(text: string, from: number): number {
  if (text[from] !== '"') {
    plain.lastIndex = from;
    return plain.test(text) ? plain.lastIndex : -1;
  }
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
  return -1;
}

const space = /[ \t\r\n]*/y;

function skipSpace(text: string, from: number): number {
  space.lastIndex = from;
  space.test(text);
  return space.lastIndex;
}
