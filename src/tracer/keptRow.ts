import { fieldsOf } from '../core/fields.ts';
import type { UnpackedSpan } from '../core/rowPacker.ts';
import { safeJson } from '../core/safeJson.ts';

/** A row as it was, to be written a second time: meanwhile the agent may change what it is made of. */
export interface KeptRow {
  /** Characters that it holds. */
  readonly size: number;
  with(more: Readonly<Record<string, unknown>>): UnpackedSpan;
}

export function keptRow(row: UnpackedSpan): KeptRow {
  const json = safeJson(row.metadata) ?? '{}';
  const others = { ...row, metadata: {} };
  return {
    size: json.length,
    with: more => ({ ...others, metadata: { ...fieldsOf(JSON.parse(json)), ...more } }),
  };
}
