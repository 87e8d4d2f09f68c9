import type { Ms } from '../model.ts';
import type { JsonNode } from './jsonc.ts';

/**
 * What a field of the alerts file may hold. The parser and the published schema are both made of these, so
 * that an editor and the command line call the same thing wrong.
 */
export type Field = {
  /** For who writes the file. */
  readonly about: string;
} & (
  | { readonly kind: 'duration'; readonly least: string; readonly most: string }
  | {
      readonly kind: 'number';
      readonly least: number;
      readonly most: number;
      /** It must be more than the least. */
      readonly above?: true;
      readonly whole?: true;
    }
  | { readonly kind: 'flag' }
  | { readonly kind: 'text'; readonly pattern: string; readonly says: string }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'choices'; readonly of: readonly string[] }
  | { readonly kind: 'texts'; readonly pattern: string; readonly says: string }
);

/** A field and what it is where it is absent; `required` and `optional` are just that. */
export type Slot = Field & { readonly otherwise: unknown };

export const required = Symbol('required');

export const durationPattern = '^[1-9][0-9]{0,5}(s|m|h|d)$';
const units: Readonly<Record<string, Ms>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `90s`, `5m`, `2h` or `1d`; undefined for what is none. */
export function durationOf(text: string): Ms | undefined {
  if (!new RegExp(durationPattern).test(text)) return undefined;
  return Number(text.slice(0, -1)) * (units[text.slice(-1)] ?? Number.NaN);
}

/** What a field holds, or what is wrong with it as a sentence. */
export function readField(field: Field, node: JsonNode): { value: unknown } | { wrong: string } {
  const { value } = node;
  switch (field.kind) {
    case 'duration': {
      const ms = typeof value === 'string' ? durationOf(value) : undefined;
      const [least, most] = [durationOf(field.least) ?? 0, durationOf(field.most) ?? 0];
      if (ms !== undefined && ms >= least && ms <= most) return { value: ms };
      return { wrong: `A duration is expected, from "${field.least}" to "${field.most}".` };
    }
    case 'number': {
      const { least, most, above = false, whole = false } = field;
      const fits =
        typeof value === 'number' &&
        (above ? value > least : value >= least) &&
        value <= most &&
        (!whole || Number.isInteger(value));
      if (fits) return { value };
      const what = whole ? 'A whole number' : 'A number';
      return {
        wrong: `${what} is expected, ${above ? 'above' : 'from'} ${least} and at most ${most}.`,
      };
    }
    case 'flag':
      return typeof value === 'boolean' ? { value } : { wrong: 'true or false is expected.' };
    case 'text':
      return typeof value === 'string' && new RegExp(field.pattern).test(value)
        ? { value }
        : { wrong: field.says };
    case 'choice':
      return field.of.includes(value as string) ? { value } : { wrong: oneOf(field.of) };
    case 'choices':
      return listOf(node, one => field.of.includes(one), oneOf(field.of));
    case 'texts':
      return listOf(node, one => new RegExp(field.pattern).test(one), field.says);
  }
}

function listOf(
  { items }: JsonNode,
  fits: (one: string) => boolean,
  wrong: string,
): { value: unknown } | { wrong: string } {
  const all = items?.map(item => item.value);
  const isFit = all?.length && all.every(one => typeof one === 'string' && fits(one));
  return isFit ? { value: all } : { wrong: `A list is expected. ${wrong}` };
}

const oneOf = (all: readonly string[]): string =>
  `Expected: ${all.map(one => `"${one}"`).join(', ')}.`;

/** The same field for a JSON schema. */
export function schemaOf(slot: Slot): object {
  const description = slot.about;
  const texts = (pattern: string) => ({ type: 'string', pattern });
  const listed = (items: object) => ({ type: 'array', minItems: 1, items });
  const value = (): object => {
    switch (slot.kind) {
      case 'duration':
        return { ...texts(durationPattern) };
      case 'number': {
        const { least, most, above, whole } = slot;
        const bounds = above ? { exclusiveMinimum: least } : { minimum: least };
        return { type: whole ? 'integer' : 'number', ...bounds, maximum: most };
      }
      case 'flag':
        return { type: 'boolean' };
      case 'text':
        return texts(slot.pattern);
      case 'choice':
        return { enum: slot.of };
      case 'choices':
        return listed({ enum: slot.of });
      case 'texts':
        return listed(texts(slot.pattern));
    }
  };
  const isSaid = typeof slot.otherwise !== 'symbol' && slot.otherwise !== undefined;
  return { description, ...value(), ...(isSaid && { default: slot.otherwise }) };
}
