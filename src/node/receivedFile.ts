import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type Fields, textOf } from '../core/fields.ts';
import { fieldsJson } from '../core/fieldsJson.ts';
import type { Pruned, PruneLimits } from '../core/traceLimits.ts';
import { claudeSession, sessionRoot, sessionRun } from '../formats/claudeLog.ts';
import { addsToSpan, joinLogs } from '../formats/logJoin.ts';
import type { OtelEvent } from '../formats/otelMessages.ts';
import type { OtelRows } from '../formats/otelSpan.ts';
import { type SpanLog, sharedKeysOf } from '../formats/otlpLog.ts';
import { LogSessions } from './logSessions.ts';
import { isBeyond, pruneRuns } from './prune.ts';
import { SameCalls } from './sameCalls.ts';
import { SpanRecords } from './spanRecords.ts';
import { TraceFileWriter } from './traceFileWriter.ts';
import { isLog } from './traceSchema.ts';

/** What is read together is on fewer pages than a large file has, but ids are random: they are on all of them. */
const cacheKib = 65_536;
/** Milliseconds that another program may hold the file before requests are told to come again. */
const busyMs = 2000;

/** Spans by what they share with records of the log. Beside the tables of a trace file, which do not change. */
const keysTable =
  'CREATE TABLE IF NOT EXISTS span_keys (key TEXT PRIMARY KEY, span_id TEXT NOT NULL, run_id TEXT NOT NULL) WITHOUT ROWID';

interface Statements {
  readonly isThere: StatementSync;
  readonly removeOwnEvents: StatementSync;
  readonly addEvent: StatementSync;
  readonly claimLogs: StatementSync;
  readonly addKey: StatementSync;
  readonly spanOfKey: StatementSync;
}

/** The trace file that what is received goes to. Everything here waits for the disk. */
export class ReceivedFile {
  readonly #writer: TraceFileWriter;
  #db: DatabaseSync | undefined;
  #prepared: Statements | undefined;
  #records: SpanRecords | undefined;
  #sessions: LogSessions | undefined;
  #calls: SameCalls | undefined;
  /** Any record of a log is in it: only then spans are looked up for records. */
  #hasLogs = false;

  constructor(path: string) {
    this.#writer = new TraceFileWriter(path, { synchronous: 'normal', busyMs, isPrivate: true });
  }

  /** What is written from here on is stored by `commit`: all of it, or nothing. */
  begin(): void {
    this.#open();
    this.#writer.begin();
  }

  commit(): void {
    this.#writer.commit();
  }

  rollBack(): void {
    this.#writer.rollBack();
  }

  /** False where SQLite refuses it. */
  span({ span, events }: OtelRows): boolean {
    const { spanId, runId } = span;
    let { metadata, costUsd, error, status } = span;
    const isOpen = span.endTime === undefined;
    const there = isOpen || events.length > 0 ? this.#sql.isThere.get(spanId) : undefined;
    // Its last word is there, with its events.
    if (isOpen && there && there.end_time !== null) return true;
    if (there && events.length > 0) this.#sql.removeOwnEvents.run(spanId);
    const isClaude = isOfClaude(span.name);
    if (isClaude) {
      this.#shareKeys(spanId, runId, metadata);
      this.#noteTraced(textOf(metadata.session_id), spanId, runId);
    }
    if (this.#hasLogs) {
      const records = this.#recordsOf(spanId);
      for (const { name, attributes } of isClaude ? records : []) {
        this.#noteTraced(claudeSession(name, attributes), spanId, runId);
      }
      if (records.length > 0) {
        const joined = joinLogs(metadata, records);
        metadata = joined.metadata;
        costUsd = joined.cost ?? costUsd;
        error ??= joined.error;
        if (error !== undefined && status === 'ok') status = 'error';
      }
    }
    const text = fieldsJson(metadata);
    const row = { ...span, costUsd, error, status, metadata: text };
    if (!this.#writer.writeRow(row)) return false;
    if (row.model !== '' && !isOpen) this.#calls?.written(span);
    for (const event of events) {
      this.#writer.writeRow({ ...event, attributes: fieldsJson(event.attributes) });
    }
    return true;
  }

  /** False where nothing says which span or session it belongs to. */
  log(log: SpanLog): boolean {
    const shared = log.span ? undefined : this.#spanOf(log.keys);
    const known = log.span ?? shared;
    const [key] = log.keys;
    const session = claudeSession(log.name, log.attributes);
    const place = known ?? placeOf(key, session);
    if (!place) return false;
    if (!this.#hasLogs) this.#noteLogs();
    const { spanId, runId } = place;
    const { time, name } = log;
    const attributes = fieldsJson(log.attributes);
    // Sent again, as clients do whose answer was lost, it is the same record.
    const added = this.#sql.addEvent.run({ spanId, runId, time, name, attributes });
    if (added.changes === 0) return true;
    // A span may have thousands of lines of a log: not all of them are read again with each one.
    if (known && addsToSpan(log)) this.#records?.join(spanId);
    if (shared || (known && isOfClaude(this.#sql.isThere.get(spanId)?.name))) {
      this.#noteTraced(session, spanId, known?.runId ?? '');
    } else if (session !== undefined && key !== undefined) {
      // The span that it names may be that of the program around Claude Code, or never come.
      const own = { name, time: time * 1000, attributes: log.attributes };
      this.#sessions?.add(session, known ? [own] : this.#recordsOf(key));
    }
    return true;
  }

  /**
   * Removes the oldest runs where there is more than is to be kept, and a tenth below: not to look through all of
   * the file each time. Never within a transaction.
   */
  prune(limits: PruneLimits, now: number, ends: () => boolean): Pruned | undefined {
    this.#open();
    if (!this.#db || !isBeyond(this.#db, limits, now)) return undefined;
    const maxBytes = limits.maxBytes === undefined ? undefined : limits.maxBytes * 0.9;
    const pruned = pruneRuns(this.#db, { ...limits, maxBytes }, now, ends);
    this.#db.exec(
      'DELETE FROM span_keys WHERE NOT EXISTS (SELECT 1 FROM spans WHERE spans.span_id = span_keys.span_id)',
    );
    return pruned;
  }

  close(): void {
    this.#prepared = this.#records = this.#sessions = this.#calls = this.#db = undefined;
    this.#writer.close();
  }

  get #sql(): Statements {
    if (!this.#prepared) throw new Error('it was opened before');
    return this.#prepared;
  }

  #open(): void {
    const db = this.#writer.open();
    if (db === this.#db) return;
    db.exec(`PRAGMA cache_size = -${cacheKib}`);
    db.exec(keysTable);
    this.#prepared = statementsOf(db);
    this.#records = new SpanRecords(db);
    this.#sessions = new LogSessions(db);
    this.#calls = new SameCalls(db);
    this.#hasLogs =
      db.prepare(`SELECT 1 FROM trace_info WHERE key = 'has_logs'`).get() !== undefined;
    this.#db = db;
  }

  #noteLogs(): void {
    this.#db?.exec(`INSERT OR IGNORE INTO trace_info VALUES ('has_logs', '1')`);
    this.#hasLogs = true;
  }

  /** Says what a span is known by, and takes over the records that waited for it. */
  #shareKeys(spanId: string, runId: string, metadata: Fields): void {
    for (const key of sharedKeysOf(metadata)) {
      this.#sql.addKey.run(key, spanId, runId);
      if (this.#hasLogs) this.#sql.claimLogs.run(spanId, runId, key);
    }
  }

  #noteTraced(session: string | undefined, spanId: string, runId: string): void {
    if (session !== undefined) this.#sessions?.traced(session, spanId, runId);
  }

  #spanOf(keys: readonly string[]): SpanLog['span'] {
    for (const key of keys) {
      const found = this.#sql.spanOfKey.get(key);
      if (found) return { spanId: String(found.span_id), runId: String(found.run_id) };
    }
    return undefined;
  }

  #recordsOf(spanIdOrKey: string): readonly OtelEvent[] {
    return this.#records?.of(spanIdOrKey) ?? [];
  }
}

const isOfClaude = (name: unknown): boolean =>
  typeof name === 'string' && name.startsWith('claude_code.');

/** Where a record waits for its span. */
function placeOf(key: string | undefined, session: string | undefined) {
  if (key !== undefined) return { spanId: key, runId: null };
  if (session === undefined) return undefined;
  return { spanId: sessionRoot(session), runId: sessionRun(session) };
}

function statementsOf(db: DatabaseSync): Statements {
  return {
    isThere: db.prepare('SELECT name, end_time FROM spans WHERE span_id = ?'),
    removeOwnEvents: db.prepare(`DELETE FROM events WHERE span_id = ? AND ${isLog} IS NULL`),
    addEvent: db.prepare(`INSERT INTO events (span_id, run_id, time, name, attributes)
      SELECT :spanId, :runId, :time, :name, :attributes WHERE NOT EXISTS (SELECT 1 FROM events
        WHERE span_id = :spanId AND time = :time AND name = :name AND attributes = :attributes)`),
    claimLogs: db.prepare('UPDATE events SET span_id = ?, run_id = ? WHERE span_id = ?'),
    addKey: db.prepare('INSERT OR REPLACE INTO span_keys VALUES (?, ?, ?)'),
    spanOfKey: db.prepare('SELECT span_id, run_id FROM span_keys WHERE key = ?'),
  };
}
