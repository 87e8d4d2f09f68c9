import type { Fields } from './fields.ts';
import { jsonSourceOf } from './jsonSource.ts';
import { PackedJson } from './packedJson.ts';
import { keysOf, readField } from './plainCopy.ts';
import { isPlain, safeJson } from './safeJson.ts';
import { isSecretHeader } from './secretPatterns.ts';

/**
 * An object as JSON, as `safeJson` makes it, save that fields which were packed are written as they are: what
 * JSON's numbers cannot hold was put into them. Never throws.
 */
export function fieldsJson(fields: Fields, isOutermost = true): string {
  let text = '';
  for (const key of keysOf(fields)) {
    const name = nameOf(key);
    const json = name === '' ? undefined : valueJson(readField(fields, key), isOutermost);
    if (json !== undefined) text += text === '' ? name + json : `,${name}${json}`;
  }
  return `{${text}}`;
}

function valueJson(value: unknown, isOutermost: boolean): string | undefined {
  switch (typeof value) {
    case 'string':
      return shortPlain(value) ? `"${value}"` : JSON.stringify(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null';
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return `"${value}"`;
  }
  if (value instanceof PackedJson) return value.json;
  if (typeof value !== 'object') return safeJson(value);
  return value === null ? 'null' : objectJson(value, isOutermost);
}

/** A request is made of what was recorded as JSON: its messages are written as they were. */
function objectJson(value: object, isOutermost: boolean): string | undefined {
  const source = jsonSourceOf(value);
  if (source !== undefined && isPlain(value)) return source;
  const isOfFields = Object.getPrototypeOf(value) === Object.prototype && !('toJSON' in value);
  return isOutermost && isOfFields ? fieldsJson(value as Fields, false) : safeJson(value);
}

/** Of short texts, a look takes less time than the call that quotes them. */
const short = 40;

function shortPlain(text: string): boolean {
  if (text.length > short) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 32 || code === 34 || code === 92 || code > 126) return false;
  }
  return true;
}

/** The same names come with every span: each with its quotes and colon, none for a header that carries a key. */
const names = new Map<string, string>();
const mostNames = 2000;

function nameOf(key: string): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  const name = isSecretHeader(key) ? '' : `${JSON.stringify(key)}:`;
  if (names.size < mostNames) names.set(key, name);
  return name;
}
