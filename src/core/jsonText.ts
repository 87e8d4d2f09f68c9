const literal = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const space = /[ \t\r\n]*/y;

// Deeper levels share one indent: each level's own would make the text grow with the square of the depth.
const deepest = 40;

/**
 * JSON text with two spaces of indent. It works on the text, not on values, so that `1204.50` and
 * `12345678901234567890` stay as recorded. What is not JSON comes back as it is.
 */
export function indentJson(text: string): string {
  const out: string[] = [];
  const open: string[] = [];
  let expect: 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end' = 'value';
  const newLine = (): string => `\n${'  '.repeat(Math.min(open.length, deepest))}`;
  for (let at = skipSpace(text, 0); at < text.length; at = skipSpace(text, at)) {
    const end = tokenEnd(text, at);
    if (end < 0) return text;
    const char = text.charAt(at);
    const inObject = open.at(-1) === '{';
    if (char === '}' || char === ']') {
      const empty = expect === 'key or }' || expect === 'value or ]';
      if ((!empty && expect !== ', or end') || open.pop() !== (char === '}' ? '{' : '['))
        return text;
      out.push(empty ? char : `${newLine()}${char}`);
      expect = ', or end';
    } else if (char === ',') {
      if (expect !== ', or end' || open.length === 0) return text;
      out.push(char);
      expect = inObject ? 'key' : 'value';
    } else if (char === ':') {
      if (expect !== ':') return text;
      out.push(': ');
      expect = 'value';
    } else if (expect === 'key' || expect === 'key or }') {
      if (char !== '"') return text;
      out.push(newLine(), text.slice(at, end));
      expect = ':';
    } else {
      if (expect !== 'value' && expect !== 'value or ]') return text;
      if (open.length > 0 && !inObject) out.push(newLine());
      out.push(text.slice(at, end));
      if (char === '{' || char === '[') open.push(char);
      expect = char === '{' ? 'key or }' : char === '[' ? 'value or ]' : ', or end';
    }
    at = end;
  }
  return open.length === 0 && expect === ', or end' ? out.join('') : text;
}

/**
 * The text of one field of a JSON object, exactly as recorded; undefined where there is none.
 *
 * @param text valid JSON
 */
export function jsonField(text: string, name: string): string | undefined {
  let found: string | undefined;
  let at = skipSpace(text, 0);
  if (text.charAt(at) !== '{') return undefined;
  at = skipSpace(text, at + 1);
  while (text.charAt(at) === '"') {
    const keyEnd = tokenEnd(text, at);
    const from = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = valueEnd(text, from);
    if (keyEnd < 0 || end < 0) return found;
    // Of a key that stands twice, the last one counts, as with JSON.parse.
    if (JSON.parse(text.slice(at, keyEnd)) === name) found = text.slice(from, end);
    at = skipSpace(text, end);
    if (text.charAt(at) !== ',') break;
    at = skipSpace(text, at + 1);
  }
  return found;
}

function valueEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at = skipSpace(text, at)) {
    const end = tokenEnd(text, at);
    if (end < 0) return -1;
    const char = text.charAt(at);
    if (char === '{' || char === '[') depth++;
    if (char === '}' || char === ']') depth--;
    if (depth === 0) return end;
    at = end;
  }
  return -1;
}

function skipSpace(text: string, at: number): number {
  // Most tokens have none before them, and a regular expression costs more than a look.
  if (text.charCodeAt(at) > 0x20) return at;
  space.lastIndex = at;
  space.test(text);
  return space.lastIndex;
}

/** Where the token at a position ends; -1 where there is none. */
function tokenEnd(text: string, at: number): number {
  const char = text.charAt(at);
  if (char === '"') return stringEnd(text, at);
  if (char !== '' && '{}[],:'.includes(char)) return at + 1;
  literal.lastIndex = at;
  return literal.test(text) ? literal.lastIndex : -1;
}

function stringEnd(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === 0x5c) escapes++;
    if (escapes % 2 === 0) return at + 1;
  }
  return -1;
}
