import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { fieldsJson } from '../core/fieldsJson.ts';
import type { UnpackedEvent, UnpackedSpan } from '../core/rowPacker.ts';
import { type SpanLog, sharedKeysOf } from '../formats/otlpLog.ts';
import { addKey, joinImportedLogs, keysTable } from './importLogs.ts';
import { SameCalls } from './sameCalls.ts';
import {
  addSpan,
  beginWholeFile,
  endWholeFile,
  spanValues,
  writeEvent,
  writeSpan,
} from './traceSchema.ts';
import { isAboutTheRow } from './writeFailure.ts';

/** Rows and characters of one transaction. */
const mostRows = 10_000;
const mostChars = 32_000_000;

/** Fills a new trace file that is looked at only once it is whole. */
export class ImportWriter {
  readonly #db: DatabaseSync;
  readonly #add: StatementSync;
  readonly #replace: StatementSync;
  readonly #event: StatementSync;
  readonly #key: StatementSync;
  #hasLogs = false;
  #rows = 0;
  #chars = 0;
  #inTransaction = false;

  constructor(file: string) {
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    this.#db = new DatabaseSync(file);
    try {
      beginWholeFile(this.#db);
      this.#db.exec(keysTable);
      this.#key = this.#db.prepare(addKey);
      this.#add = this.#db.prepare(addSpan);
      this.#replace = this.#db.prepare(writeSpan);
      this.#event = this.#db.prepare(writeEvent);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  /** `there`: the file has a span of this id, which stays. */
  span(row: UnpackedSpan, rewrites: boolean): 'stored' | 'there' | 'refused' {
    const metadata = fieldsJson(row.metadata);
    const statement = rewrites ? this.#replace : this.#add;
    return this.#row(metadata.length, () => {
      const { changes } = statement.run(...spanValues(row, metadata));
      for (const key of sharedKeysOf(row.metadata)) this.#key.run(key, row.spanId, row.runId);
      return changes === 0 ? 'there' : 'stored';
    });
  }

  /** Under a key where it names no span; `finish` looks for the span. */
  log({ span, keys, time, name, attributes }: SpanLog): 'stored' | 'refused' {
    this.#hasLogs = true;
    const json = fieldsJson(attributes);
    return this.#row(json.length, () => {
      this.#event.run(span?.spanId ?? keys[0] ?? '', span?.runId ?? null, time, name, json);
      return 'stored';
    });
  }

  event(row: UnpackedEvent): 'stored' | 'refused' {
    const attributes = fieldsJson(row.attributes);
    return this.#row(attributes.length, () => {
      this.#event.run(row.spanId, row.runId, row.time, row.name, attributes);
      return 'stored';
    });
  }

  count(): { readonly runs: number; readonly spans: number; readonly events: number } {
    this.#commit();
    const one = (sql: string): number =>
      Number(Object.values(this.#db.prepare(sql).get() ?? {})[0]);
    return {
      runs: one('SELECT count(DISTINCT run_id) FROM spans'),
      spans: one('SELECT count(*) FROM spans'),
      events: one('SELECT count(*) FROM events'),
    };
  }

  /**
   * Makes the indexes; then it is a trace file like any other.
   *
   * @returns how many records of logs were of no span
   */
  finish(): number {
    this.#commit();
    endWholeFile(this.#db);
    this.#db.exec('BEGIN');
    const gone = this.#hasLogs ? joinImportedLogs(this.#db) : 0;
    new SameCalls(this.#db).all();
    this.#db.exec('COMMIT');
    return gone;
  }

  close(): void {
    this.#db.close();
  }

  #row<T>(chars: number, write: () => T): T | 'refused' {
    if (!this.#inTransaction) this.#db.exec('BEGIN');
    this.#inTransaction = true;
    try {
      return write();
    } catch (error) {
      if (isAboutTheRow(error)) return 'refused';
      throw error;
    } finally {
      this.#rows++;
      this.#chars += chars;
      if (this.#rows >= mostRows || this.#chars >= mostChars) this.#commit();
    }
  }

  #commit(): void {
    if (this.#inTransaction) this.#db.exec('COMMIT');
    this.#inTransaction = false;
    this.#rows = this.#chars = 0;
  }
}
