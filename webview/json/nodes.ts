/** A value in a JSON text, by its place: values are never parsed, so they stay as they were recorded. */
export interface JsonNode {
  /** With its quotes; undefined for the items of a list and for the outermost value. */
  readonly key: string | undefined;
  readonly kind: 'object' | 'list' | 'string' | 'number' | 'word';
  readonly from: number;
  /** Behind its last character; the end of the text where it is cut off. */
  readonly to: number;
  /** The text ends before it does. */
  readonly cut: boolean;
}

export interface Members {
  readonly nodes: readonly JsonNode[];
  /** Also those that were not asked for. */
  readonly total: number;
}

const scalar = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
/** The beginning of a number or word at the end of a text that is cut off. */
const cutScalar = /^(?:-?\d*(?:\.\d*)?(?:[eE][+-]?\d*)?|t|tr|tru|f|fa|fal|fals|n|nu|nul)$/;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end';

/**
 * The outermost value of a JSON text, or of the beginning of one. Undefined for any other text, and for a
 * value that has no parts.
 */
export function jsonRoot(text: string): JsonNode | undefined {
  const open: string[] = [];
  let expected: Expected = 'value';
  let at = skipSpace(text, 0);
  const from = at;
  if (text[from] !== '{' && text[from] !== '[') return undefined;
  for (; at < text.length; at = skipSpace(text, at)) {
    if (expected === ', or end' && open.length === 0) return undefined;
    const char = text.charAt(at);
    const next = step(expected, char, open);
    if (next === undefined) return undefined;
    expected = next;
    const end = tokenEnd(text, at, char);
    if (end === undefined) return undefined;
    at = end;
  }
  const kind = text[from] === '{' ? 'object' : 'list';
  return { key: undefined, kind, from, to: text.length, cut: open.length > 0 };
}

/** What may follow a token; undefined where the token itself may not stand there. */
function step(expected: Expected, char: string, open: string[]): Expected | undefined {
  switch (char) {
    case '}':
    case ']': {
      const empty = char === '}' ? 'key or }' : 'value or ]';
      if (expected !== empty && expected !== ', or end') return undefined;
      return open.pop() === (char === '}' ? '{' : '[') ? ', or end' : undefined;
    }
    case ',':
      if (expected !== ', or end') return undefined;
      return open.at(-1) === '{' ? 'key' : 'value';
    case ':':
      return expected === ':' ? 'value' : undefined;
  }
  if (expected === 'key' || expected === 'key or }') return char === '"' ? ':' : undefined;
  if (expected !== 'value' && expected !== 'value or ]') return undefined;
  if (char === '{' || char === '[') open.push(char);
  return char === '{' ? 'key or }' : char === '[' ? 'value or ]' : ', or end';
}

function tokenEnd(text: string, at: number, char: string): number | undefined {
  if ('{}[],:'.includes(char)) return at + 1;
  if (char === '"') return stringEnd(text, at);
  scalar.lastIndex = at;
  if (scalar.test(text)) return scalar.lastIndex;
  return text.length - at < 40 && cutScalar.test(text.slice(at)) ? text.length : undefined;
}

/** The first parts of an object or list, and how many there are. Its text was read by `jsonRoot`. */
export function membersOf(text: string, node: JsonNode, limit: number): Members {
  const nodes: JsonNode[] = [];
  let total = 0;
  const end = node.to;
  let at = skipSpace(text, node.from + 1);
  while (at < end && text[at] !== '}' && text[at] !== ']') {
    let key: string | undefined;
    if (node.kind === 'object') {
      const keyEnd = stringEnd(text, at);
      key = text.slice(at, keyEnd);
      at = skipSpace(text, skipSpace(text, keyEnd) + 1);
    }
    const found = valueEnd(text, at);
    const to = found < 0 ? end : found;
    if (total++ < limit) nodes.push({ key, kind: kindAt(text, at), from: at, to, cut: found < 0 });
    at = skipSpace(text, to);
    if (text[at] !== ',') break;
    at = skipSpace(text, at + 1);
  }
  return { nodes, total };
}

function kindAt(text: string, at: number): JsonNode['kind'] {
  switch (text[at]) {
    case '{':
      return 'object';
    case '[':
      return 'list';
    case '"':
      return 'string';
  }
  return /[-\d]/.test(text.charAt(at)) ? 'number' : 'word';
}

/** Behind a value; -1 where the text ends within it. Read by code: a large text is read once per level. */
function valueEnd(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = stringEnd(text, at);
        if (depth === 0) return at;
        continue;
      case openBrace:
      case openBracket:
        depth++;
        break;
      case closeBrace:
      case closeBracket:
        // A number or word ends where its list or object does.
        if (depth === 0) return at;
        if (--depth === 0) return at + 1;
        break;
      case comma:
      case blank:
      case newLine:
        if (depth === 0) return at;
    }
    at++;
  }
  return -1;
}

const [quote, comma, blank, newLine] = [0x22, 0x2c, 0x20, 0x0a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Behind the closing quote, or at the end of the text where there is none. */
function stringEnd(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
  return text.length;
}

const space = /[ \t\r\n]/;

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && space.test(text.charAt(at))) at++;
  return at;
}
