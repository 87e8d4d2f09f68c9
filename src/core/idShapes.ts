/**
 * What kind of id a text is, so that words which cannot be one of a file's are not looked for there: its length
 * and, part by part, which signs it is made of. Undefined for what no tracer makes.
 */
export function idShape(text: string): string | undefined {
  if (!/^[\w.:-]{6,100}$/.test(text) || !/\d/.test(text)) return undefined;
  const parts = text.split(/[-_.:]/).map(part => {
    const kind = /^[0-9a-f]+$/i.test(part) ? 'x' : /^[0-9a-z]+$/i.test(part) ? 'a' : '?';
    return `${kind}${part.length}`;
  });
  return parts.join('-');
}

/** A word of a line that may be an id, and where it stands. */
export interface IdWord {
  readonly text: string;
  readonly start: number;
}

// A line of a terminal may be as long as a program likes, and is looked at while the mouse moves over it.
const longestLine = 2000;
const mostWords = 20;

export function idWords(line: string, shapes: ReadonlySet<string>): readonly IdWord[] {
  if (line.length > longestLine) return [];
  const found: IdWord[] = [];
  for (const match of line.matchAll(/[A-Za-z0-9][\w.:-]*[A-Za-z0-9]/g)) {
    const shape = idShape(match[0]);
    if (shape === undefined || !shapes.has(shape)) continue;
    found.push({ text: match[0], start: match.index });
    if (found.length >= mostWords) break;
  }
  return found;
}
