/** `fetch` and the SDK only say that a request failed; what failed stands behind it. The innermost that has words. */
export function causeWords(error: unknown): string {
  let words = '';
  let at: unknown = error;
  for (let depth = 0; depth < 5 && at instanceof Error; depth++) {
    const { code } = at as { readonly code?: unknown };
    words = at.message || (typeof code === 'string' ? code : '') || words;
    at = at.cause;
  }
  return words || String(error);
}
