export interface Excerpt {
  readonly text: string;
  /** Something was left out before it. */
  readonly before: boolean;
  readonly after: boolean;
  readonly lines: number;
}

/**
 * The part of a text that is shown at first: so many lines, and not more than so many characters.
 *
 * @param around position in the text that must be in sight, with a few lines before it
 */
export function excerpt(text: string, maxLines: number, maxChars: number, around = 0): Excerpt {
  const start =
    around > maxChars / 2 || lineOf(text, around) >= maxLines ? before(text, around) : 0;
  let end = start;
  for (let lines = 0; lines < maxLines && end < text.length && end - start < maxChars; lines++) {
    const next = text.indexOf('\n', end);
    end = next < 0 ? text.length : next + 1;
  }
  end = Math.min(end, start + maxChars);
  // Half of a surrogate pair is no character.
  if (end < text.length && /[\uD800-\uDBFF]/.test(text.charAt(end - 1))) end--;
  const shown = text.slice(start, end);
  const tidy = end < text.length ? shown.replace(/\n$/, '') : shown;
  return {
    text: tidy,
    before: start > 0,
    after: end < text.length,
    lines: lineOf(tidy, tidy.length) + 1,
  };
}

/** The start of the second line before a position, or 200 characters before it in a long line. */
function before(text: string, position: number): number {
  let at = position;
  for (let i = 0; i < 3; i++) at = text.lastIndexOf('\n', at - 1);
  const start = Math.max(at + 1, position - 200, 0);
  return /[\uDC00-\uDFFF]/.test(text.charAt(start)) ? start + 1 : start;
}

function lineOf(text: string, position: number): number {
  let line = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < position; at = text.indexOf('\n', at + 1))
    line++;
  return line;
}
