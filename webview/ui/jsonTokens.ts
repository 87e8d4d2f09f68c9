export interface Token {
  readonly kind: 'key' | 'string' | 'number' | 'word' | 'plain';
  readonly text: string;
}

/** Beyond this many characters text stays uncoloured: each token becomes an element of the page. */
const colourUpTo = 60_000;

const space = /[ \t\r\n]/;
const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /(?:true|false|null)\b/y;

/** JSON, also broken or cut off, as coloured pieces. Joined, they are the text again, whatever it is. */
export function jsonTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = Math.min(text.length, colourUpTo);
  let plainFrom = 0;
  let at = 0;
  const push = (kind: Token['kind'], to: number): void => {
    if (plainFrom < at) tokens.push({ kind: 'plain', text: text.slice(plainFrom, at) });
    tokens.push({ kind, text: text.slice(at, to) });
    at = plainFrom = to;
  };
  while (at < end) {
    const char = text.charAt(at);
    if (char === '"') {
      const to = endOfString(text, at);
      push(isKey(text, to) ? 'key' : 'string', to);
    } else if (/[-\d]/.test(char)) {
      const to = matchEnd(number, text, at);
      if (to > at) push('number', to);
      else at++;
    } else if (/[tfn]/.test(char)) {
      const to = matchEnd(word, text, at);
      if (to > at) push('word', to);
      else at = skipWord(text, at);
    } else if (/[A-Za-z_]/.test(char)) at = skipWord(text, at);
    else at++;
  }
  if (plainFrom < text.length) tokens.push({ kind: 'plain', text: text.slice(plainFrom) });
  return tokens;
}

/** A string ends at its quote; one that is never closed ends with its line, so that colour does not run on. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '\\') at += 2;
    else if (char === '"') return at + 1;
    else if (char === '\n') return at;
    else at++;
  }
  return text.length;
}

function isKey(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && space.test(text.charAt(at))) at++;
  return text.charAt(at) === ':';
}

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function skipWord(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && /\w/.test(text.charAt(at))) at++;
  return at;
}

/** Whether a text is worth showing as JSON: an object or a list, possibly cut off. */
export function looksLikeJson(text: string): boolean {
  return /^\s*(?:\{\s*(?:"|\}|$)|\[\s*(?:[[{"\]\d-]|$|true|false|null))/.test(text.slice(0, 400));
}
