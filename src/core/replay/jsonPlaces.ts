/** A step from a value to a part of it: the name of a field, or a position in a list. */
export type JsonStep = string | number;

/** Offsets in UTF-16 units. */
export interface JsonRange {
  readonly from: number;
  readonly to: number;
}

/** Why a text is no JSON. */
export interface JsonFlaw {
  readonly offset: number;
  /** What could stand there. */
  readonly expected: JsonExpected;
  /** What does; undefined at the end of the text. */
  readonly found: string | undefined;
}

export type JsonExpected = 'value' | 'name' | 'colon' | 'comma' | 'string-end' | 'end';

interface Open {
  readonly list: boolean;
  readonly from: number;
  /** The element or field that is read now. */
  step: JsonStep;
}

const space = /[ \t\r\n]*/y;
const word = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)/y;
const escaped = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y;

/**
 * Walks a JSON text without recursion, and tells of each value once it was read: where it stands and how
 * deep. The first thing that is no JSON, or undefined where all of it is.
 */
function walk(
  text: string,
  told: (path: readonly Open[], range: JsonRange) => void,
): JsonFlaw | undefined {
  const open: Open[] = [];
  let at = 0;
  const skip = (): void => {
    space.lastIndex = at;
    space.test(text);
    at = space.lastIndex;
  };
  const flaw = (expected: JsonExpected): JsonFlaw => ({
    offset: at,
    expected,
    found: at < text.length ? String.fromCodePoint(text.codePointAt(at) ?? 0) : undefined,
  });
  const take = (end: number): boolean => {
    if (end > at) at = end;
    return end > 0;
  };
  /** A field's name and its colon. */
  const name = (inside: Open): JsonFlaw | undefined => {
    skip();
    const from = at;
    if (text[at] !== '"') return flaw('name');
    if (!take(stringEnd(text, at))) return flaw('string-end');
    inside.step = JSON.parse(text.slice(from, at)) as string;
    skip();
    if (text[at] !== ':') return flaw('colon');
    at++;
    return undefined;
  };
  /** Closes what is whole, and comes to the next value; undefined where there is one. */
  const next = (): JsonFlaw | 'done' | undefined => {
    for (;;) {
      skip();
      const inside = open.at(-1);
      if (!inside) return at < text.length ? flaw('end') : 'done';
      if (text[at] === ',') {
        at++;
        if (!inside.list) return name(inside);
        inside.step = Number(inside.step) + 1;
        return undefined;
      }
      if (text[at] !== (inside.list ? ']' : '}')) return flaw('comma');
      at++;
      open.pop();
      told(open, { from: inside.from, to: at });
    }
  };
  for (;;) {
    skip();
    const from = at;
    const char = text[at];
    if (char === '{' || char === '[') {
      at++;
      skip();
      if (text[at] === (char === '{' ? '}' : ']')) {
        at++;
        told(open, { from, to: at });
      } else {
        const inside: Open = { list: char === '[', from, step: 0 };
        open.push(inside);
        const problem = inside.list ? undefined : name(inside);
        if (problem) return problem;
        continue;
      }
    } else if (take(char === '"' ? stringEnd(text, at) : wordEnd(text, at)))
      told(open, { from, to: at });
    else return flaw(char === '"' ? 'string-end' : 'value');
    const end = next();
    if (end !== undefined) return end === 'done' ? undefined : end;
  }
}

function wordEnd(text: string, at: number): number {
  word.lastIndex = at;
  return word.test(text) ? word.lastIndex : -1;
}

/** By hand: a regular expression runs out of stack on a picture of some megabytes. -1 where it has no end. */
function stringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return -1;
    if (code !== 0x5c) at++;
    else {
      escaped.lastIndex = at;
      if (!escaped.test(text)) return -1;
      at = escaped.lastIndex;
    }
  }
  return -1;
}

/** The first place at which a text is no JSON; undefined where it is. */
export const jsonFlaw = (text: string): JsonFlaw | undefined => walk(text, () => undefined);

/**
 * Where the value at each path stands, in the order of the paths; the nearest value around it where there is
 * none.
 *
 * @param text valid JSON
 */
export function jsonPlaces(
  text: string,
  paths: readonly (readonly JsonStep[])[],
): readonly JsonRange[] {
  const found = paths.map(() => ({ range: { from: 0, to: text.length }, length: -1 }));
  walk(text, (open, range) => {
    for (const [index, path] of paths.entries()) {
      const best = found[index];
      if (!best || open.length < best.length || open.length > path.length) continue;
      if (open.every(({ step }, depth) => step === path[depth])) {
        found[index] = { range, length: open.length };
      }
    }
  });
  return found.map(one => one.range);
}

/** Line and column of an offset, counted from 1; a column is a UTF-16 unit, as editors count. */
export function lineAndColumn(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}
