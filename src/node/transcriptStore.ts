import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { fieldsJson } from '../core/fieldsJson.ts';
import type { UnpackedEvent, UnpackedSpan } from '../core/rowPacker.ts';
import { makePrivate } from './privateFile.ts';
import {
  prepareFile,
  removeRuns,
  rollBack,
  spanValues,
  writeEvent,
  writeInfo,
  writeSpan,
} from './traceSchema.ts';
import { isAboutTheRow } from './writeFailure.ts';

const prefix = 'transcript ';
/** What was read of each, by which it is known again in another one. Beside the tables of a trace file. */
const idsTable = `CREATE TABLE IF NOT EXISTS transcript_ids
  (transcript TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (transcript, id)) WITHOUT ROWID`;

/** A transcript as it was when it was last stored. */
export interface StoredTranscript {
  /** Sizes and times of its files. */
  readonly version: string;
  readonly runIds: readonly string[];
}

export type TranscriptRow = { readonly span: UnpackedSpan } | { readonly event: UnpackedEvent };

/** The trace file that transcripts are shown from, with what was read of each. */
export class TranscriptStore {
  readonly #db: DatabaseSync;
  readonly #span: StatementSync;
  readonly #event: StatementSync;
  readonly #info: StatementSync;
  readonly #id: StatementSync;

  constructor(file: string) {
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    makePrivate(file);
    this.#db = new DatabaseSync(file);
    try {
      this.#db.exec('PRAGMA busy_timeout = 5000');
      prepareFile(this.#db, 'normal');
      this.#db.exec(idsTable);
      this.#span = this.#db.prepare(writeSpan);
      this.#event = this.#db.prepare(writeEvent);
      this.#info = this.#db.prepare(writeInfo);
      this.#id = this.#db.prepare('INSERT OR IGNORE INTO transcript_ids VALUES (?, ?)');
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  stored(): ReadonlyMap<string, StoredTranscript> {
    const rows = this.#db
      .prepare('SELECT key, value FROM trace_info WHERE substr(key, 1, ?) = ?')
      .all(prefix.length, prefix);
    return new Map(
      rows.map(({ key, value }) => [String(key).slice(prefix.length), readStored(String(value))]),
    );
  }

  idsOf(transcript: string): readonly string[] {
    const rows = this.#db.prepare('SELECT id FROM transcript_ids WHERE transcript = ?');
    return rows.all(transcript).map(({ id }) => String(id));
  }

  /**
   * In one transaction, so that nobody sees a part of it.
   *
   * @param ids that are new
   */
  write(
    rows: readonly TranscriptRow[],
    transcript: string,
    state: StoredTranscript,
    ids: readonly string[],
  ): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      for (const row of rows) this.#row(row);
      for (const id of ids) this.#id.run(transcript, id);
      this.#info.run(prefix + transcript, JSON.stringify(state));
      this.#db.exec('COMMIT');
    } catch (error) {
      rollBack(this.#db);
      throw error;
    }
  }

  remove(transcript: string, { runIds }: StoredTranscript): void {
    removeRuns(this.#db, runIds);
    this.#db.prepare('DELETE FROM trace_info WHERE key = ?').run(prefix + transcript);
    this.#db.prepare('DELETE FROM transcript_ids WHERE transcript = ?').run(transcript);
  }

  close(): void {
    this.#db.close();
  }

  #row(row: TranscriptRow): void {
    try {
      if ('span' in row) {
        this.#span.run(...spanValues(row.span, fieldsJson(row.span.metadata)));
      } else {
        const { spanId, runId, time, name, attributes } = row.event;
        this.#event.run(spanId, runId, time, name, fieldsJson(attributes));
      }
    } catch (error) {
      // One that SQLite will never take must not hold up all that come after it.
      if (!isAboutTheRow(error)) throw error;
    }
  }
}

function readStored(text: string): StoredTranscript {
  try {
    const { version, runIds } = JSON.parse(text) as Partial<StoredTranscript>;
    if (typeof version === 'string' && Array.isArray(runIds)) return { version, runIds };
  } catch {
    // Written by another version of this program: it is read again.
  }
  return { version: '', runIds: [] };
}
