export interface Piece {
  readonly text: string;
  readonly marked: boolean;
}

const wordChar = /[\p{L}\p{N}]/u;

/** Parts a text where any of the values stands in it as a whole word. Joined, the pieces are the text again. */
export function splitMarks(text: string, values: readonly string[]): readonly Piece[] {
  // Where each value is next, so that no value is looked for twice over the same text.
  const next = values.map(value => ({ value, at: indexOfWord(text, value, 0) }));
  const pieces: Piece[] = [];
  let from = 0;
  for (;;) {
    let best: Found | undefined;
    for (const one of next) {
      if (one.at >= 0 && one.at < from) one.at = indexOfWord(text, one.value, from);
      if (one.at >= 0 && (!best || comesBefore(one, best))) best = { ...one };
    }
    if (!best) break;
    if (best.at > from) pieces.push({ text: text.slice(from, best.at), marked: false });
    pieces.push({ text: best.value, marked: true });
    from = best.at + best.value.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), marked: false });
  return pieces;
}

type Found = { readonly value: string; readonly at: number };

/** The longest of several that begin at the same place. */
const comesBefore = (a: Found, b: Found): boolean =>
  a.at < b.at || (a.at === b.at && a.value.length > b.value.length);

/** Where the first of the values stands; undefined where none does. */
export function firstMark(text: string, values: readonly string[]): number | undefined {
  const found = values.map(value => indexOfWord(text, value, 0)).filter(at => at >= 0);
  return found.length === 0 ? undefined : Math.min(...found);
}

function indexOfWord(text: string, value: string, from: number): number {
  if (value === '') return -1;
  for (let at = text.indexOf(value, from); at >= 0; at = text.indexOf(value, at + 1)) {
    const before = text.charAt(at - 1);
    const after = text.charAt(at + value.length);
    // 1.2 does not stand in 11.2, nor in 1.25.
    if (!wordChar.test(before) && !wordChar.test(after)) return at;
  }
  return -1;
}

/** Values as they stand inside JSON strings as well, where quotes and line ends are escaped. */
export function withEscaped(values: readonly string[]): readonly string[] {
  return [...new Set(values.flatMap(one => [one, JSON.stringify(one).slice(1, -1)]))];
}
