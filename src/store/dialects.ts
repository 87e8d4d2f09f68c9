import { TraceError } from '../core/errors.ts';
import { copilot } from './copilot.ts';
import type { Dialect } from './dialect.ts';
import { native } from './native.ts';
import { type Schema, tableOf } from './schema.ts';

/** Looked through in this order. */
const dialects: readonly Dialect[] = [native, copilot];

/** The dialect of a file, by its tables and columns: names of files say nothing. */
export function dialectOf(schema: Schema, name: string): Dialect {
  const dialect = dialects.find(one => one.lacks(schema).length === 0);
  if (dialect) return dialect;
  const tried = dialects.map(one => `${one.label} (${one.lacks(schema).join(', ')})`).join('; ');
  const code = tableOf(schema, 'spans') ? 'unknownSpansTable' : 'noSpans';
  throw new TraceError(code, [name, tablesOf(schema), tried]);
}

const mostTables = 12;
const mostChars = 40;

function tablesOf({ tables }: Schema): string {
  if (tables.length === 0) return '0';
  const names = tables
    .map(({ name }) => (name.length > mostChars ? `${name.slice(0, mostChars)}…` : name))
    .sort()
    .slice(0, mostTables);
  const more = tables.length - names.length;
  return names.join(', ') + (more > 0 ? ` + ${more}` : '');
}
