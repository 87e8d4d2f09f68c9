import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type Fields, fieldsOf } from '../core/fields.ts';
import { fieldsJson } from '../core/fieldsJson.ts';
import { joinLogs } from '../formats/logJoin.ts';
import type { OtelEvent } from '../formats/otelMessages.ts';
import { isLog } from './traceSchema.ts';

/** The records of the log that stand with the events of a trace file, under their span or what it is known by. */
export class SpanRecords {
  readonly #records: StatementSync;
  readonly #content: StatementSync;
  readonly #set: StatementSync;

  constructor(db: DatabaseSync) {
    this.#records = db.prepare(
      `SELECT name, time, attributes FROM events WHERE span_id = ? AND ${isLog} ORDER BY time`,
    );
    this.#content = db.prepare('SELECT metadata FROM spans WHERE span_id = ?');
    this.#set = db.prepare(`UPDATE spans SET metadata = ?, cost_usd = coalesce(?, cost_usd),
      error = coalesce(error, ?), status = CASE WHEN ? IS NULL THEN status ELSE 'error' END
      WHERE span_id = ?`);
  }

  of(spanId: string): readonly OtelEvent[] {
    return this.#records.all(spanId).map(row => ({
      name: String(row.name),
      time: Number(row.time) * 1000,
      attributes: parsed(row.attributes),
    }));
  }

  /** Gives a span what its records say of it; nothing happens where it is not there. */
  join(spanId: string): void {
    const row = this.#content.get(spanId);
    if (!row) return;
    const { metadata, cost, error = null } = joinLogs(parsed(row.metadata), this.of(spanId));
    this.#set.run(fieldsJson(metadata), cost ?? null, error, error, spanId);
  }
}

function parsed(json: unknown): Fields {
  try {
    return fieldsOf(JSON.parse(String(json)));
  } catch {
    // Another program may write to the file: what is no JSON has nothing to join.
    return {};
  }
}
