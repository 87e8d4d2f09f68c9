import { fillIn } from './errors.ts';
import { integer } from './format.ts';
import type { WordKey, Words } from './words.ts';

/** Texts that come in two forms, as `sessionOne` and `sessionMany`. */
export type CountedText = {
  [Key in WordKey]: Key extends `${infer Text}One`
    ? `${Text}Many` extends WordKey
      ? Text
      : never
    : never;
}[WordKey];

/**
 * A text about so many of something.
 *
 * @param more for the places after `{0}`, which has the count
 */
export function counted(
  words: Words,
  text: CountedText,
  count: number,
  ...more: readonly (string | number)[]
): string {
  const form = count === 1 ? (`${text}One` as const) : (`${text}Many` as const);
  return fillIn(words[form], [integer(count), ...more]);
}
