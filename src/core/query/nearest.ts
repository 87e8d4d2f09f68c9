/** The option that a mistyped word was probably meant to be: at most two letters of it differ. */
export function nearest(typed: string, options: readonly string[]): string | undefined {
  const word = typed.slice(0, 40).toLowerCase();
  if (word.length < 2) return undefined;
  let best: string | undefined;
  let least = Math.min(2, word.length - 1) + 0.5;
  for (const option of options) {
    if (option === word) return undefined;
    const begins = option.startsWith(word);
    const distance = begins ? 1 : editsBetween(word, option);
    if (distance < least) [best, least] = [option, distance];
  }
  return best;
}

/** Letters to insert, leave out, replace, or swap with the next one, to make one word of the other. */
function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      }
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
