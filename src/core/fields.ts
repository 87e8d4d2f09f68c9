import { cut } from './content.ts';

export type Fields = Readonly<Record<string, unknown>>;

// Names, ids and links are short; a broken recorder may write anything into them.
const nameLimit = 300;

/** The fields of a recorded value; none where it is no object. */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

export const nameOf = (value: unknown): string | undefined => {
  const text = textOf(value);
  return text && cut(text, nameLimit).text;
};
