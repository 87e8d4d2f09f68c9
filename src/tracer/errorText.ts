/** What was thrown, in words: it may be anything, and its own words may throw as well. */
export function errorText(error: unknown): string {
  try {
    if (error instanceof Error) return error.message === '' ? error.name : error.message;
    return String(error);
  } catch {
    return 'an error that cannot be shown';
  }
}
