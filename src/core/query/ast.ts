import type { FieldName } from './fields.ts';

/** A range of the text of a query, in UTF-16 units. */
export interface Place {
  readonly at: number;
  readonly length: number;
}

export const comparisons = [':', '=', '>', '>=', '<', '<='] as const;
/** How a field is compared; `!=` is a `not` around `=`. */
export type Comparison = (typeof comparisons)[number];

/** A text to be found. */
export interface SoughtText {
  readonly text: string;
  /** It has an asterisk that was in quotes: it is one, and does not stand for anything. */
  readonly quoted: boolean;
}

export const soughtText = (text: string, quoted: boolean): SoughtText => ({
  text,
  quoted: quoted && text.includes('*'),
});

/** A moment as it was written; only with the time of asking it is one. */
export type WrittenTime =
  | { readonly kind: 'ago'; readonly ms: number }
  | { readonly kind: 'day'; readonly daysAgo: number }
  /** Year to millisecond in local time. */
  | { readonly kind: 'local'; readonly parts: readonly number[] }
  | { readonly kind: 'utc'; readonly ms: number };

export type FieldValue =
  | { readonly kind: 'text' }
  /** One of the words that the field can have. */
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'time'; readonly time: WrittenTime };

export interface TextTerm {
  readonly kind: 'text';
  readonly sought: SoughtText;
}

export interface FieldTerm {
  readonly kind: 'field';
  readonly field: FieldName;
  readonly comparison: Comparison;
  /** As typed, without its quotes. */
  readonly written: SoughtText;
  readonly value: FieldValue;
}

export type Query =
  | { readonly kind: 'and'; readonly parts: readonly Query[] }
  | { readonly kind: 'or'; readonly parts: readonly Query[] }
  | { readonly kind: 'not'; readonly part: Query }
  | TextTerm
  | FieldTerm;

/** Several queries as one; what is nested without need is not. */
export function joined(kind: 'and' | 'or', parts: readonly Query[]): Query {
  const flat = parts.flatMap(part => (part.kind === kind ? part.parts : [part]));
  const [only] = flat;
  return flat.length === 1 && only ? only : { kind, parts: flat };
}
