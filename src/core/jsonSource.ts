const source = Symbol('source');

/** From this length on, writing the text again takes longer than remembering it. */
const longFrom = 200;

/** As `JSON.parse`; the text of a long list or object is remembered, for who writes it again unchanged. */
export function parseKeeping(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (text.length >= longFrom && typeof value === 'object' && value !== null) {
    // On the object, where nobody sees it: a WeakMap of many short-lived objects keeps the garbage collector busy.
    Object.defineProperty(value, source, { value: text });
  }
  return value;
}

export const jsonSourceOf = (value: object): string | undefined =>
  (value as { readonly [source]?: string })[source];
