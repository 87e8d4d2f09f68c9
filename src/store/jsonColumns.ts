import { type KindHints, type KindKey, kindKeys } from '../core/kind.ts';
import type { Value } from './sqlite.ts';

/** SQL for small keys, as a list of their values: one extraction per row, NULL where it is not JSON. */
export function jsonPaths(metadata: string, keys: readonly string[]): string {
  // A dot in a key would be read as a step of the path, hence the quotes.
  const paths = keys.map(key => `'$."${key}"'`).join(', ');
  return `CASE WHEN json_valid(${metadata}) THEN json_extract(${metadata}, ${paths}) END`;
}

/** What `jsonPaths` selected for `kindKeys`, as hints. */
export function hintsOf(json: string | undefined): KindHints {
  const values = parsedJson(json);
  if (!Array.isArray(values)) return {};
  const hints: Partial<Record<KindKey, unknown>> = {};
  for (let i = 0; i < kindKeys.length; i++) {
    const key = kindKeys[i];
    // Most spans have one of the keys at most; a large run has many spans.
    if (key && values[i] !== null && values[i] !== undefined) hints[key] = values[i];
  }
  return hints;
}

/** The value of a JSON text that SQLite made; undefined where there is none. */
export function parsedJson(json: Value | undefined): unknown {
  if (typeof json !== 'string') return undefined;
  try {
    return JSON.parse(json);
  } catch {
    // A string or number that was recorded in the place of an object; SQLite hands it out bare.
    return undefined;
  }
}
