import { type Fields, fieldsOf } from '../core/fields.ts';
import { parseKeeping } from '../core/jsonSource.ts';

/** Attributes of a span, of which each is read once: what nobody read is kept as it is. */
export interface Attributes {
  /** The first of these keys that has a value; structured values stand in texts of JSON. */
  read(...keys: readonly string[]): unknown;
  /** As `read`, as a text that is not empty. */
  text(...keys: readonly string[]): string | undefined;
  /** As `read`, as a count or an amount; some recorders write numbers as texts. */
  number(...keys: readonly string[]): number | undefined;
  /** The values below a prefix, put together: `a.0.b` is in a list, `a.b` in an object. */
  below(prefix: string): unknown;
  /** What was not read. */
  rest(): Fields;
}

export function attributesOf(all: Fields): Attributes {
  const used = new Set<string>();
  const read = (...keys: readonly string[]): unknown => {
    for (const key of keys) {
      const value = all[key];
      if (value === undefined || value === null || value === '') continue;
      used.add(key);
      return parsedIfJson(value);
    }
    return undefined;
  };
  return {
    read,
    text(...keys) {
      const value = read(...keys);
      return typeof value === 'string' ? value : undefined;
    },
    number(...keys) {
      const value = read(...keys);
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      return typeof number === 'number' && Number.isFinite(number) && number >= 0
        ? number
        : undefined;
    },
    below(prefix) {
      let entries: Entry[] | undefined;
      for (const key in all) {
        if (!key.startsWith(prefix) || key[prefix.length] !== '.') continue;
        used.add(key);
        entries ??= [];
        entries.push([key.slice(prefix.length + 1).split('.'), all[key]]);
      }
      return entries && nested(entries);
    },
    rest() {
      const rest: Record<string, unknown> = {};
      for (const key in all) if (!used.has(key)) setField(rest, key, all[key]);
      return rest;
    },
  };
}

type Entry = readonly [path: readonly string[], value: unknown];

/** Recorders flatten lists and objects into keys; they are no deeper than this. */
const mostDeep = 12;

function nested(entries: readonly Entry[], depth = 0): unknown {
  const leaf = entries.find(([path]) => path.length === 0);
  if (leaf || depth > mostDeep) return leaf?.[1];
  const groups = new Map<string, Entry[]>();
  for (const [[first = '', ...rest], value] of entries) {
    const group = groups.get(first);
    if (group) group.push([rest, value]);
    else groups.set(first, [[rest, value]]);
  }
  const parts = [...groups].map(([key, group]) => [key, nested(group, depth + 1)] as const);
  if (parts.every(([key]) => /^\d{1,6}$/.test(key))) {
    // In the order of their numbers; gaps close.
    return parts.sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => value);
  }
  return Object.fromEntries(parts);
}

/** Sets a field, also the one whose name an object takes for something else. */
export function setField(fields: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') fields[key] = value;
  else
    Object.defineProperty(fields, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}

const opens = /^\s*[[{]/;

export function parsedIfJson(value: unknown): unknown {
  if (typeof value !== 'string' || !opens.test(value)) return value;
  try {
    return parseKeeping(value);
  } catch {
    // Cut by its recorder, or no JSON at all: the text is the best there is.
    return value;
  }
}

/** Without keys of no value. */
export function present(fields: Fields): Fields {
  const kept: Record<string, unknown> = {};
  for (const key in fields) if (fields[key] !== undefined) setField(kept, key, fields[key]);
  return kept;
}

/** An object with something in it. */
export const filled = (value: unknown): Fields | undefined =>
  Object.keys(fieldsOf(value)).length > 0 ? fieldsOf(value) : undefined;
