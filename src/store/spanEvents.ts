import type { SpanEvent, SpanId } from '../core/model.ts';
import { type Decode, encode, short, shortBytes, timeOf } from './decode.ts';
import { columnOf, quoted, type Schema, tableOf } from './schema.ts';
import type { Db } from './sqlite.ts';

// One reply must stay small, whatever a tracer puts into the attributes of its events.
const shown = { events: 1000, chars: 1_000_000 };
// Who takes a run elsewhere wants each whole; more than that would not fit beside their copies.
const whole = { events: 10_000, chars: 8_000_000 };

// So many rows are looked through as fast as an index is asked.
const fewRows = 200;

/** Whether the events of a span are found without looking through those of all. */
export function seeksEvents(db: Db, schema: Schema, name: string): boolean {
  const table = tableOf(schema, name);
  if (!table) return true;
  const indexed = db.row(
    `SELECT 1 FROM pragma_index_list(?1) AS i WHERE NOT i.partial AND
      (SELECT lower(name) FROM pragma_index_info(i.name) WHERE seqno = 0) = 'span_id'`,
    [table.name],
  );
  if (indexed) return true;
  const more = `SELECT 1 FROM ${quoted(table.name)} LIMIT 1 OFFSET ${fewRows}`;
  return db.row(more) === undefined;
}

/** The first events of a span by time, and how many there are. Their table may be absent. */
export function readEvents(
  db: Db,
  schema: Schema,
  decode: Decode,
  spanId: SpanId,
  names: { readonly table: string; readonly time: string; readonly exact?: boolean | undefined },
): { events: readonly SpanEvent[]; total: number } {
  const table = tableOf(schema, names.table);
  const owner = table && columnOf(table, 'span_id');
  if (!table || !owner) return { events: [], total: 0 };
  const column = (name: string): string => {
    const found = columnOf(table, name);
    return found === undefined ? 'NULL' : quoted(found);
  };
  const from = `FROM ${quoted(table.name)} WHERE ${quoted(owner)} = CAST(? AS TEXT)`;
  const bound = encode(spanId, schema.encoding);
  const total = Number(db.row(`SELECT count(*) ${from}`, [bound])?.[0] ?? 0);
  const most = names.exact ? whole : shown;
  const name = `CAST(${column('name')} AS BLOB)`;
  const attributes = `CAST(${column('attributes')} AS BLOB)`;
  const [selected, fitting] = names.exact
    ? [
        `${name}, ${attributes}`,
        `AND ifnull(octet_length(${column('name')}), 0) + ifnull(octet_length(${column('attributes')}), 0) <= ${most.chars}`,
      ]
    : [`substr(${name}, 1, ${shortBytes}), substr(${attributes}, 1, ${most.chars})`, ''];
  const events: SpanEvent[] = [];
  let chars = 0;
  for (const [time, named, json] of db.rows(
    `SELECT ${column(names.time)}, ${selected} ${from} ${fitting}
      ORDER BY ${column(names.time)} IS NULL, ${column(names.time)} LIMIT ${most.events}`,
    [bound],
  )) {
    const event = {
      time: timeOf(time),
      name: (names.exact ? decode(named) : short(decode(named), 500)) ?? '',
      attributes: decode(json),
      ...(names.exact && typeof time === 'number' && { seconds: time }),
    };
    chars += event.name.length + (event.attributes?.length ?? 0);
    if (chars > most.chars && events.length > 0) break;
    events.push(event);
  }
  return { events, total };
}
