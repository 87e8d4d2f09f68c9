/** Requests and answers that nest deeper than this are not replayed: what walks them uses the stack. */
export const deepest = 200;

/** Whether a value does; it is walked without recursion. */
export function isTooDeep(value: unknown): boolean {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 1 }];
  for (let one = waiting.pop(); one; one = waiting.pop()) {
    if (typeof one.value !== 'object' || one.value === null) continue;
    if (one.depth > deepest) return true;
    for (const part of Object.values(one.value)) {
      if (typeof part === 'object') waiting.push({ value: part, depth: one.depth + 1 });
    }
  }
  return false;
}

/** Whether lists and objects of a JSON text nest deeper than what is walked here. */
export function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inText) {
      if (code === 0x5c) at++;
      else if (code === 0x22) inText = false;
    } else if (code === 0x22) inText = true;
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > deepest) return true;
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
  return false;
}
