/** The texts of what was parsed, by the object that came of each; gone with the object. */
const sources = new WeakMap<object, string>();

/** From this length on, writing the text again takes longer than remembering it. */
const longFrom = 200;

/** As `JSON.parse`; the text of a long list or object is remembered, for who writes it again unchanged. */
export function parseKeeping(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (text.length >= longFrom && typeof value === 'object' && value !== null) {
    sources.set(value, text);
  }
  return value;
}

export const jsonSourceOf = (value: object): string | undefined => sources.get(value);
