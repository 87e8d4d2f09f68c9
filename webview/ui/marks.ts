export interface Piece {
  readonly text: string;
  readonly marked: boolean;
}

const wordChar = /[\p{L}\p{N}]/u;

/** Parts a text where any of the values stands in it as a whole word. Joined, the pieces are the text again. */
export function splitMarks(text: string, values: readonly string[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (let hit = nextMark(text, values, 0); hit; hit = nextMark(text, values, from)) {
    if (hit.start > from) pieces.push({ text: text.slice(from, hit.start), marked: false });
    pieces.push({ text: text.slice(hit.start, hit.end), marked: true });
    from = hit.end;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), marked: false });
  return pieces;
}

/** The first occurrence of any value; the longest of several that begin at the same place. */
export function nextMark(
  text: string,
  values: readonly string[],
  from: number,
): { readonly start: number; readonly end: number } | undefined {
  let best: { start: number; end: number } | undefined;
  for (const value of values) {
    const start = indexOfWord(text, value, from);
    if (start < 0) continue;
    const end = start + value.length;
    if (!best || start < best.start || (start === best.start && end > best.end)) {
      best = { start, end };
    }
  }
  return best;
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
