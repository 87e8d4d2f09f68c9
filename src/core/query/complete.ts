import type { Place } from './ast.ts';
import { type Field, fieldNamed, fieldNames, fieldOf } from './fields.ts';
import { optionsOf } from './parse.ts';

export interface Offer {
  readonly label: string;
  readonly insert: string;
}

/** What could be typed at a caret, in the place of what stands before it; undefined where nothing is known. */
export function offered(
  text: string,
  caret: number,
): (Place & { readonly options: readonly Offer[] }) | undefined {
  const before = text.slice(0, caret);
  // Behind an odd quote stands a text, which may be anything.
  if ((before.match(/"/g)?.length ?? 0) % 2 === 1) return undefined;
  const typed = /[^\s()|"]*$/.exec(before)?.[0].replace(/^-/, '') ?? '';
  const [, name = '', value] = /^([\w.]+)(?::|[=<>]=?|!=)([^:=<>]*)$/.exec(typed) ?? [];
  const field = fieldNamed(name);
  const [known, part] =
    field && value !== undefined ? [valuesOf(fieldOf(field)), value] : [fieldOffers, typed];
  const options = known.filter(
    ({ label }) => label.startsWith(part.toLowerCase()) && label !== part,
  );
  if (options.length === 0 || (part === '' && known === fieldOffers)) return undefined;
  return { at: caret - part.length, length: part.length, options };
}

const valuesOf = (field: Field): readonly Offer[] =>
  optionsOf(field).map(label => ({ label, insert: label }));

// What is compared in several ways is typed on with one of them.
const fieldOffers: readonly Offer[] = fieldNames.map(label => {
  const { type } = fieldOf(label);
  const isText = type === 'text' || type === 'word' || type === 'time';
  return { label, insert: isText ? `${label}:` : label };
});
