import { PackedJson } from './packedJson.ts';
import { keysOf, readField } from './plainCopy.ts';
import { safeJson } from './safeJson.ts';
import { isSecretHeader } from './secretPatterns.ts';

/** A JSON object of fields, of which some are JSON already; without the headers that carry keys. */
export function fieldsJson(fields: Readonly<Record<string, unknown>>): string {
  const parts: string[] = [];
  for (const key of keysOf(fields)) {
    if (isSecretHeader(key)) continue;
    const value = readField(fields, key);
    const json = value instanceof PackedJson ? value.json : safeJson(value);
    if (json !== undefined) parts.push(`${JSON.stringify(key)}:${json}`);
  }
  return `{${parts.join(',')}}`;
}
