/** What was thrown, in words: it may be anything, and its own words may throw as well. */
export function errorText(error: unknown): string {
  try {
    // Of an error too, for its fields may have been set to anything.
    return String(error instanceof Error ? error.message || error.name : error);
  } catch {
    return 'an error that cannot be shown';
  }
}
