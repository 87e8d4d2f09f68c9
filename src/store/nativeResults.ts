import { kindKeys } from '../core/kind.ts';
import { tokenCount } from '../core/resultSize.ts';
import { columnsOf } from './columns.ts';
import { type Decode, numberOf } from './decode.ts';
import type { RowRange, ToolResultRow } from './dialect.ts';
import { hintsOf, jsonPaths, parsedJson } from './jsonColumns.ts';
import { quoted, type Table } from './schema.ts';
import type { Db } from './sqlite.ts';

/**
 * What costs need of the metadata of many spans, in one query rather than one for each.
 *
 * @param onlyTools leaves out spans whose columns say that they are model calls: their prompts and answers are
 *   most of a large file
 */
export function toolResultsOf(
  db: Db,
  table: Table,
  id: string,
  decode: Decode,
  onlyTools: boolean,
): (range: RowRange) => Iterable<ToolResultRow> {
  const column = columnsOf(table);
  const json = `CAST(${column('metadata')} AS TEXT)`;
  const isCall = `(coalesce(${column('model')}, '') <> '' AND
    coalesce(${column('input_tokens')}, 0) + coalesce(${column('output_tokens')}, 0) > 0)`;
  const where = onlyTools ? `AND NOT ${isCall}` : '';
  const result = `json_extract(${json}, '$.tool_result')`;
  const bytes = `CAST(${result} AS BLOB)`;
  // length() counts code points, and up to a NUL, where json_extract may end as well: only of ASCII all agree.
  const text = `CASE WHEN json_valid(${json}) AND json_type(${json}, '$.tool_result') = 'text'
    AND NOT instr(${json}, '\\u0000')
    THEN CASE WHEN length(${result}) = length(${bytes}) THEN length(${result}) ELSE ${bytes} END END`;
  const sql = `SELECT ${id}, ${jsonPaths(json, [...kindKeys, 'result_tokens'])}, ${text}
    FROM ${quoted(table.name)} WHERE ${id} BETWEEN ? AND ? ${where}`;
  return function* ({ first, last }) {
    for (const [row, values, length] of db.rows(sql, [first, last])) {
      const all = decode(values);
      const chars = numberOf(length) ?? decode(length)?.length;
      yield {
        row: Number(row),
        hints: hintsOf(all),
        size: chars === undefined ? undefined : { chars, tokens: tokensOf(all) },
      };
    }
  };
}

function tokensOf(values: string | undefined): number | undefined {
  const all = parsedJson(values);
  return Array.isArray(all) ? tokenCount(all[kindKeys.length]) : undefined;
}
