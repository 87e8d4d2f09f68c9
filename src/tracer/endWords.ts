import { errorText } from './errorText.ts';

/** Why spans that are open end with the program: a signal's name or the exit code, and what nobody caught. */
export function endWords(
  end: string | number,
  error: { readonly thrown: unknown } | undefined,
): string {
  if (typeof end === 'string') return `the program was ended by ${end}`;
  if (error) return `the program ended by an error: ${errorText(error.thrown)}`;
  return `the program ended with code ${end}`;
}
