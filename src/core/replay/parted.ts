/** A text before, at and after the place where it is not as another one. */
export interface Parted {
  readonly before: string;
  readonly other: string;
  readonly after: string;
}

/** Beyond this length, looking for where texts part at both ends says little. */
const mostChars = 40_000;

/** Where two texts part, in whole words: from the first to the last that is another. */
export function partedTexts(a: string, b: string): readonly [Parted, Parted] {
  if (a === b || a.length > mostChars || b.length > mostChars) return [whole(a), whole(b)];
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start++;
  let end = 0;
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  // A number or word that differs is marked whole.
  while (start > 0 && !isGap(a[start - 1])) start--;
  while (end > 0 && !isGap(a[a.length - end])) end--;
  const part = (text: string): Parted => ({
    before: text.slice(0, start),
    other: text.slice(start, text.length - end),
    after: text.slice(text.length - end),
  });
  return [part(a), part(b)];
}

const whole = (text: string): Parted => ({ before: text, other: '', after: '' });

const isGap = (char: string | undefined): boolean =>
  char === undefined || /[\s,"()[\]{}]/.test(char);
