import { safeJson } from './safeJson.ts';

/** A value as it was at a moment: JSON, which is written as it is. */
export class PackedJson {
  readonly json: string;
  constructor(json: string) {
    this.json = json;
  }

  /** For who looks through it. */
  toJSON(): unknown {
    return JSON.parse(this.json);
  }
}

/** An object or a list as it is now; what cannot change stays as it is. */
export function packed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const json = safeJson(value);
  return json === undefined ? undefined : new PackedJson(json);
}

/** The fields with what was packed as plain values again. */
export function unpacked(
  fields: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const found = Object.entries(fields).filter(([, value]) => value instanceof PackedJson);
  if (found.length === 0) return fields;
  return {
    ...fields,
    ...Object.fromEntries(found.map(([key, value]) => [key, (value as PackedJson).toJSON()])),
  };
}
