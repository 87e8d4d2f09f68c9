import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { fieldsJson } from '../core/fieldsJson.ts';
import type { UnpackedSpan } from '../core/rowPacker.ts';
import { logSpans, sessionRun } from '../formats/claudeLog.ts';
import type { OtelEvent } from '../formats/otelMessages.ts';
import { insertSpan, spanValues, writeSpan } from './traceSchema.ts';

/** Sessions that are remembered; of others it is looked up again. */
const mostRemembered = 1000;

/**
 * Runs of Claude Code that are made of its log, because most who switch on its telemetry get no spans. Once a
 * span of a session comes, it says more: what was made goes.
 */
export class LogSessions {
  readonly #write: StatementSync;
  readonly #root: StatementSync;
  readonly #turn: StatementSync;
  readonly #remove: StatementSync;
  readonly #find: StatementSync;
  readonly #note: StatementSync;
  readonly #traced = new Set<string>();

  /** @param db which has the table `span_keys` */
  constructor(db: DatabaseSync) {
    this.#write = db.prepare(writeSpan);
    this.#root = db.prepare(`${insertSpan} ON CONFLICT (span_id) DO UPDATE
      SET start_time = min(start_time, excluded.start_time)`);
    this.#turn = db.prepare(`${insertSpan} ON CONFLICT (span_id) DO UPDATE SET
      status = CASE WHEN ?14 AND excluded.end_time >= end_time THEN excluded.status ELSE status END,
      error = CASE WHEN ?14 AND excluded.end_time >= end_time THEN excluded.error ELSE error END,
      metadata = CASE WHEN ?15 THEN excluded.metadata ELSE metadata END,
      start_time = min(start_time, excluded.start_time), end_time = max(end_time, excluded.end_time)`);
    this.#remove = db.prepare('DELETE FROM spans WHERE run_id = ?');
    this.#find = db.prepare('SELECT 1 FROM span_keys WHERE key = ?');
    this.#note = db.prepare('INSERT OR REPLACE INTO span_keys VALUES (?, ?, ?)');
  }

  /** @param records those that share a key with one that came just now */
  add(session: string, records: readonly OtelEvent[]): void {
    if (this.#isTraced(session)) return;
    const made = logSpans(session, records);
    if (!made) return;
    this.#root.run(...valuesOf(made.root));
    for (const { span, hasPrompt, decides } of made.turns) {
      this.#turn.run(...valuesOf(span), Number(decides), Number(hasPrompt));
    }
    for (const span of made.spans) this.#write.run(...valuesOf(span));
  }

  /** Spans of it are sent. */
  traced(session: string, spanId: string, runId: string): void {
    if (this.#isTraced(session)) return;
    this.#note.run(keyOf(session), spanId, runId);
    this.#remove.run(sessionRun(session));
    this.#remember(session);
  }

  #isTraced(session: string): boolean {
    if (this.#traced.has(session)) return true;
    if (!this.#find.get(keyOf(session))) return false;
    this.#remember(session);
    return true;
  }

  #remember(session: string): void {
    if (this.#traced.size >= mostRemembered) this.#traced.clear();
    this.#traced.add(session);
  }
}

const keyOf = (session: string): string => `session.id=${session}`;
const valuesOf = (span: UnpackedSpan) => spanValues(span, fieldsJson(span.metadata));
