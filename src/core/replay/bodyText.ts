import { jsonField } from '../jsonText.ts';
import { jsonPlaces } from './jsonPlaces.ts';

/**
 * Sets one field of a JSON object in its text, and leaves all else as it is written: numbers such as `1.0`
 * and the order of fields are what the model was given.
 *
 * @param text a JSON object
 */
export function withField(text: string, name: string, value: unknown): string {
  const json = JSON.stringify(value);
  if (jsonField(text, name) === json) return text;
  const [place] = jsonPlaces(text, [[name]]);
  const isThere = place && jsonField(text, name) !== undefined;
  if (isThere) return text.slice(0, place.from) + json + text.slice(place.to);
  const open = text.indexOf('{') + 1;
  const rest = text.slice(open);
  const space = /^\s*/.exec(rest)?.[0] ?? '';
  const field = `${JSON.stringify(name)}:${space ? ' ' : ''}${json}`;
  return `${text.slice(0, open)}${space}${field}${rest.trimStart().startsWith('}') ? '' : ','}${rest}`;
}

/** Whether a body asks for its answer in events. */
export const isStreamed = (text: string): boolean => jsonField(text, 'stream') === 'true';
