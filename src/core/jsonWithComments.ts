/**
 * JSON with comments and with commas behind the last element, as VS Code writes its own files: as plain JSON,
 * in which every character stands where it stood, so that places can be named.
 */
export function withoutComments(text: string): string {
  const out: string[] = [];
  let from = 0;
  /** Where the comma is that nothing but space follows so far. */
  let comma = -1;
  const blank = (start: number, end: number): void => {
    out.push(text.slice(from, start), text.slice(start, end).replace(/[^\r\n]/g, ' '));
    from = end;
  };
  const commas: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') {
      comma = -1;
      at = stringEnd(text, at);
    } else if (char === '/' && (text[at + 1] === '/' || text[at + 1] === '*')) {
      const end = commentEnd(text, at);
      blank(at, end);
      at = end - 1;
    } else if (char === ',') comma = at;
    else if ((char === '}' || char === ']') && comma >= 0) {
      commas.push(comma);
      comma = -1;
    } else if (char === '\uFEFF' && at === 0) blank(0, 1);
    else if (!/\s/.test(char)) comma = -1;
  }
  out.push(text.slice(from));
  return withBlanks(out.join(''), commas);
}

function withBlanks(text: string, places: readonly number[]): string {
  const out: string[] = [];
  let from = 0;
  for (const at of places) {
    out.push(text.slice(from, at), ' ');
    from = at + 1;
  }
  return `${out.join('')}${text.slice(from)}`;
}

/** Of a string without an end, the end of its line: what follows is read all the same, and the flaw found there. */
function stringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\') at++;
    else if (char === '"' || char === '\n') return at;
  }
  return text.length;
}

function commentEnd(text: string, from: number): number {
  if (text[from + 1] === '/') {
    const end = text.indexOf('\n', from);
    return end < 0 ? text.length : end;
  }
  const end = text.indexOf('*/', from + 2);
  return end < 0 ? text.length : end + 2;
}
