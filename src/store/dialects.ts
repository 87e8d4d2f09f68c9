import { TraceError } from '../core/errors.ts';
import type { Dialect } from './dialect.ts';
import { missingColumns, native } from './native.ts';
import type { Schema } from './schema.ts';

/** Looked through in this order. */
const dialects: readonly Dialect[] = [native];

/** The dialect of a file, by its tables and columns: names of files say nothing. */
export function dialectOf(schema: Schema, name: string): Dialect {
  const dialect = dialects.find(one => one.matches(schema));
  if (dialect) return dialect;
  const missing = missingColumns(schema);
  throw missing
    ? new TraceError('unknownSpansTable', [name, missing.join(', ')])
    : new TraceError('noSpans', [name]);
}
