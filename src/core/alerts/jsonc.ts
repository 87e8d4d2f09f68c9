/** A value of a JSON text, with where it stands. */
export interface JsonNode {
  readonly value: unknown;
  readonly start: number;
  readonly end: number;
  /** Of an object, in the order of the text. */
  readonly members?: readonly JsonMember[];
  /** Of a list. */
  readonly items?: readonly JsonNode[];
}

export interface JsonMember {
  readonly name: string;
  /** Where the name stands. */
  readonly start: number;
  readonly end: number;
  readonly node: JsonNode;
}

/** What is wrong with a text, from one place to another. */
export interface TextProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

class Wrong extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

// What is deeper is no configuration, and would end the stack.
const mostDepth = 50;

/**
 * Reads JSON as VS Code's own settings are written: with comments and with a comma after the last one.
 * `JSON.parse` says neither where a value stands nor, in all engines, where an error does.
 */
export function parseJsonc(text: string): {
  readonly node?: JsonNode;
  readonly problem?: TextProblem;
} {
  try {
    const scan = scanner(text);
    const node = scan.value(0);
    const rest = scan.peek();
    if (rest !== undefined) throw new Wrong('Nothing may follow the value.', scan.at());
    return { node };
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return { problem: { message: error.message, start: error.at, end: error.at + 1 } };
  }
}

function scanner(text: string) {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  const skip = (): void => {
    for (;;) {
      while (/[ \t\r\n]/.test(text.charAt(at))) at++;
      if (text.startsWith('//', at)) {
        const end = text.indexOf('\n', at);
        at = end < 0 ? text.length : end;
      } else if (text.startsWith('/*', at)) {
        const end = text.indexOf('*/', at + 2);
        if (end < 0) throw new Wrong('This comment has no end.', at);
        at = end + 2;
      } else return;
    }
  };
  const peek = (): string | undefined => {
    skip();
    return text[at];
  };
  const string = (): string => {
    const match = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
    match.lastIndex = at;
    const [found] = match.exec(text) ?? [];
    if (found === undefined) throw new Wrong('A text in "…" is expected, on one line.', at);
    at += found.length;
    return JSON.parse(found) as string;
  };
  const scalar = (): unknown => {
    const match = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    match.lastIndex = at;
    const [found] = match.exec(text) ?? [];
    if (!found || /[\w.]/.test(text.charAt(at + found.length))) {
      throw new Wrong('A value is expected: a text in "…", a number, true, false, […] or {…}.', at);
    }
    at += found.length;
    return JSON.parse(found);
  };
  /** @param part reads one, from where it begins */
  const list = (close: ']' | '}', part: () => void): void => {
    at++;
    while (peek() !== close) {
      part();
      if (peek() === ',') at++;
      else if (peek() !== close) throw new Wrong(`“,” or “${close}” is expected.`, at);
    }
    at++;
  };
  const value = (depth: number): JsonNode => {
    const first = peek();
    const start = at;
    if (depth > mostDepth) throw new Wrong('This is nested too deep.', at);
    if (first === '{') {
      const members: JsonMember[] = [];
      list('}', () => {
        const from = at;
        const name = string();
        const end = at;
        if (peek() !== ':') throw new Wrong('“:” is expected.', at);
        at++;
        members.push({ name, start: from, end, node: value(depth + 1) });
      });
      return { value: {}, start, end: at, members };
    }
    if (first === '[') {
      const items: JsonNode[] = [];
      list(']', () => items.push(value(depth + 1)));
      return { value: [], start, end: at, items };
    }
    const one = first === '"' ? string() : scalar();
    return { value: one, start, end: at };
  };
  return { value, peek, at: () => at };
}

/** Line and column of a place, both counted from 1. */
export function lineOf(
  text: string,
  at: number,
): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at);
  const begin = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: at - begin + 1 };
}
