import fs from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { rowsOf } from '../core/rowPacker.ts';
import type { Dropped, WriterOptions } from '../core/traceLimits.ts';
import type { Batch, EventRow, SpanRow } from '../core/traceRows.ts';
import { makePrivate } from './privateFile.ts';
import {
  addInfo,
  prepareFile,
  rollBack,
  spanValues,
  writeEvent,
  writeInfo,
  writeOpenSpan,
  writeSpan,
} from './traceSchema.ts';
import { isAboutTheRow, isWritable, ReadOnlyFile } from './writeFailure.ts';

/** Writes rows into a trace file. Everything here waits for the disk: never call it from the agent's thread. */
export class TraceFileWriter {
  readonly path: string;
  readonly #options: WriterOptions;
  #open: { readonly db: DatabaseSync; readonly inode: number } | undefined;
  #statements: Record<'span' | 'openSpan' | 'event', StatementSync> | undefined;

  constructor(path: string, options: WriterOptions) {
    this.path = path;
    this.#options = options;
  }

  /** Stores all of it in one transaction, or throws and stores nothing. Gives how many rows SQLite refused. */
  write(batches: readonly Batch[], dropped: Dropped): number {
    return this.#write(batches.map(rowsOf), dropped);
  }

  /** As `write`, of a few rows as they are. */
  writeRows(rows: readonly (SpanRow | EventRow)[]): number {
    return this.#write([rows], { spans: 0, events: 0 });
  }

  #write(parts: readonly Iterable<SpanRow | EventRow>[], dropped: Dropped): number {
    return this.transaction(db => {
      let refused = 0;
      for (const rows of parts) {
        for (const row of rows) {
          if (!this.writeRow(row)) refused++;
        }
      }
      if (dropped.spans + dropped.events + refused > 0) {
        const add = db.prepare(addInfo);
        add.run('dropped_spans', String(dropped.spans + refused));
        add.run('dropped_events', String(dropped.events));
        db.prepare(writeInfo).run('last_drop', new Date().toISOString());
      }
      return refused;
    });
  }

  /** Stores all that is written meanwhile, or throws and stores nothing. */
  transaction<T>(act: (db: DatabaseSync) => T): T {
    const db = this.begin();
    try {
      const result = act(db);
      this.commit();
      return result;
    } catch (error) {
      this.rollBack();
      throw error;
    }
  }

  /** For what is written bit by bit, until `commit` or `rollBack`. */
  begin(): DatabaseSync {
    const db = this.open();
    db.exec('BEGIN IMMEDIATE');
    return db;
  }

  commit(): void {
    this.#open?.db.exec('COMMIT');
  }

  rollBack(): void {
    if (this.#open) rollBack(this.#open.db);
  }

  /** Opened, prepared, and still the file that has this name: people delete trace files while agents run. */
  open(): DatabaseSync {
    if (this.#open) {
      const now = fs.statSync(this.path, { throwIfNoEntry: false });
      if (now?.ino !== this.#open.inode) this.#leave();
      // Emptied in its place: a connection that goes on would fill a file without its first pages.
      else if (now.size === 0) this.close();
    }
    if (this.#open && this.#statements) return this.#open.db;
    // Loaded here: where there is no node:sqlite, the other backends still work.
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    // SQLite would open it for reading, and leave a log beside it that cannot be written either.
    if (fs.existsSync(this.path) && !isWritable(this.path)) throw new ReadOnlyFile();
    // Also where one was moved or deleted while it was written.
    if (this.#options.isPrivate) makePrivate(this.path);
    const db = new DatabaseSync(this.path);
    try {
      db.exec(`PRAGMA busy_timeout = ${this.#options.busyMs}`);
      prepareFile(db, this.#options.synchronous);
      this.#statements = {
        span: db.prepare(writeSpan),
        openSpan: db.prepare(writeOpenSpan),
        event: db.prepare(writeEvent),
      };
    } catch (error) {
      db.close();
      throw error;
    }
    this.#open = { db, inode: fs.statSync(this.path, { throwIfNoEntry: false })?.ino ?? -1 };
    return db;
  }

  close(): void {
    const open = this.#open;
    this.#open = this.#statements = undefined;
    open?.db.close();
  }

  /**
   * The file was moved, replaced or deleted. What its write-ahead log holds goes into it now, wherever it is:
   * a moved file would lack it, and SQLite would take the log for one of the file that has its place.
   */
  #leave(): void {
    try {
      this.#open?.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      this.close();
    }
  }

  /** Within a transaction. False where SQLite refuses the row. */
  writeRow(row: SpanRow | EventRow): boolean {
    const { span, openSpan, event } = this.#statements ?? {};
    try {
      if (row.type === 'event') {
        event?.run(row.spanId, row.runId, row.time, row.name, row.attributes);
      } else {
        (row.endTime === undefined ? openSpan : span)?.run(...spanValues(row, row.metadata));
      }
      return true;
    } catch (error) {
      // A row that SQLite will never take, an enormous one perhaps, must not hold up all that come after it.
      if (isAboutTheRow(error)) return false;
      throw error;
    }
  }
}
