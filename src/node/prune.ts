import type { DatabaseSync } from 'node:sqlite';
import type { Pruned, PruneLimits } from '../core/traceLimits.ts';
import { rollBack } from './traceSchema.ts';

const day = 86_400;
/** About how long one transaction takes: other writers wait for it, and give up after some seconds. */
const turnMs = 50;
const fewestSpans = 20;
const mostSpans = 5000;

// What goes is listed first, in a file of SQLite's own: a trace file need have no index by run, and to look
// for one run after the other would read all of it each time.
const noLists = `
  DROP TABLE IF EXISTS temp.prune_runs;
  DROP TABLE IF EXISTS temp.prune_spans`;
const lists = `${noLists};
  CREATE TEMP TABLE prune_runs (n INTEGER PRIMARY KEY, id TEXT, start REAL, is_open INTEGER);
  CREATE TEMP TABLE prune_spans (n INTEGER PRIMARY KEY, id TEXT, run INTEGER)`;
const listRuns = `
  INSERT INTO prune_runs (id, start, is_open)
  SELECT run_id, COALESCE(MIN(start_time), 0) AS start,
    COALESCE(SUM(end_time IS NULL) > 0 AND MAX(start_time) > ?, 0)
  FROM main.spans GROUP BY run_id ORDER BY start`;
const listSpans = `
  INSERT INTO prune_spans (id, run)
  SELECT spans.span_id, runs.n FROM prune_runs AS runs JOIN main.spans ON spans.run_id IS runs.id
  WHERE runs.n > ? AND runs.n <= ? ORDER BY runs.n`;
/** Events of spans that are not there; younger ones may have come before their span. */
const listOrphans = `
  INSERT INTO prune_spans (id, run)
  SELECT span_id, 0 FROM (SELECT span_id, MAX(time) AS last FROM main.events GROUP BY span_id) AS found
  WHERE last < ? AND NOT EXISTS (SELECT 1 FROM main.spans WHERE spans.span_id = found.span_id)`;
const these = 'span_id IN (SELECT id FROM prune_spans WHERE n > ? AND n <= ?)';
const deleteEvents = `DELETE FROM main.events WHERE ${these}`;
const deleteSpans = `DELETE FROM main.spans WHERE ${these}`;

/**
 * Removes runs from a trace file until it is within the limits, and events that belong to no span.
 *
 * @param ends asked between two transactions: it is to be left at that
 */
export function pruneRuns(
  db: DatabaseSync,
  limits: PruneLimits,
  now: number,
  ends: () => boolean,
): Pruned {
  const { maxAgeDays, maxRuns, maxBytes = Number.POSITIVE_INFINITY } = limits;
  const number = (sql: string, ...values: number[]): number =>
    Number(Object.values(db.prepare(sql).get(...values) ?? {})[0] ?? 0);
  db.exec(lists);
  try {
    db.prepare(listRuns).run(now / 1000 - day);
    const runs = number('SELECT count(id) FROM prune_runs');
    db.exec('DELETE FROM prune_runs WHERE is_open');
    const oldest = maxAgeDays === undefined ? -Infinity : now / 1000 - maxAgeDays * day;
    const tooMany = Math.ceil(Math.max(0, runs - (maxRuns ?? runs)));
    const last = Math.max(
      number('SELECT MAX(n) FROM prune_runs WHERE start < ?', oldest),
      number('SELECT MAX(n) FROM (SELECT n FROM prune_runs ORDER BY n LIMIT ?)', tooMany),
    );
    const remover = new Remover(db, ends);
    db.prepare(listSpans).run(0, last);
    remover.remove([deleteEvents, deleteSpans], all);
    // Before their room: whole runs are not to go for what nobody sees.
    db.prepare(listOrphans).run(now / 1000 - day);
    new Remover(db, ends).remove([deleteEvents], all);
    if (usedBytes(number) > maxBytes && !ends()) {
      db.prepare(listSpans).run(last, Number.MAX_SAFE_INTEGER);
      const before = remover.runs;
      const found = number('SELECT count(*) FROM prune_runs WHERE n > ?', last);
      // About half of what is too much, so that hardly a run goes that could have stayed.
      remover.remove([deleteEvents, deleteSpans], () => {
        const used = usedBytes(number);
        const each = used / (found + before - remover.runs);
        return Math.ceil(Math.max(0, used - maxBytes) / each / 2);
      });
    }
    // Gives the room back where the file was made for it; else SQLite uses it for what comes.
    if (!ends()) db.exec('PRAGMA incremental_vacuum');
    return { runs: remover.runs, spans: remover.spans };
  } finally {
    db.exec(noLists);
  }
}

/** Whether there is anything to remove, which is found without reading all of the file. */
export function isBeyond(
  db: DatabaseSync,
  { maxAgeDays, maxBytes }: PruneLimits,
  now: number,
): boolean {
  const number = (sql: string): number =>
    Number(Object.values(db.prepare(sql).get() ?? {})[0] ?? 0);
  if (maxBytes !== undefined && usedBytes(number) > maxBytes) return true;
  if (maxAgeDays === undefined) return false;
  const first = number('SELECT MIN(start_time) FROM main.spans');
  return first > 0 && first < now / 1000 - maxAgeDays * day;
}

const all = (): number => Number.POSITIVE_INFINITY;

const usedBytes = (number: (sql: string) => number): number =>
  (number('PRAGMA page_count') - number('PRAGMA freelist_count')) * number('PRAGMA page_size');

interface Listed {
  readonly n: number;
  readonly run: number;
}

/** Removes what is listed in short transactions, with rests in which others get their turn. */
class Remover {
  runs = 0;
  spans = 0;
  readonly #db: DatabaseSync;
  readonly #ends: () => boolean;
  /** Spans of one transaction: a span may have no text or a book, so this follows the time that they take. */
  #atOnce = fewestSpans;

  constructor(db: DatabaseSync, ends: () => boolean) {
    this.#db = db;
    this.#ends = ends;
  }

  /** @param wanted how many runs are to go with the next transaction */
  remove(statements: readonly string[], wanted: () => number): void {
    const next = this.#db.prepare('SELECT n, run FROM prune_spans WHERE n > ? ORDER BY n LIMIT ?');
    let most = wanted();
    for (let at = 0; most > 0 && !this.#ends(); ) {
      const listed = next.all(at, this.#atOnce + 1) as unknown as readonly Listed[];
      const { count, runs } = part(listed, this.#atOnce, most);
      const to = listed[count - 1]?.n;
      if (to === undefined) break;
      this.#turn(statements, at, to);
      this.runs += runs;
      at = to;
      if (runs > 0) most = wanted();
    }
    this.#db.exec('DELETE FROM prune_spans');
  }

  #turn(statements: readonly string[], from: number, to: number): void {
    const began = performance.now();
    this.#db.exec('BEGIN IMMEDIATE');
    const locked = performance.now();
    try {
      for (const sql of statements) {
        const { changes } = this.#db.prepare(sql).run(from, to);
        if (sql === deleteSpans) this.spans += Number(changes);
      }
      this.#db.exec('COMMIT');
    } catch (error) {
      rollBack(this.#db);
      throw error;
    }
    const took = performance.now() - locked;
    const factor = took < turnMs / 2 ? 2 : took > turnMs * 2 ? 0.5 : 1;
    this.#atOnce = Math.min(mostSpans, Math.max(fewestSpans, Math.round(this.#atOnce * factor)));
    // SQLite looks for its turn every 100 ms at last: what is free too shortly is never found free.
    const rest = Math.max(1, (performance.now() - began) / 2);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, rest);
  }
}

/** How many go in one transaction: up to the end of a run where there is one, and how many runs end in it. */
function part(listed: readonly Listed[], atOnce: number, mostRuns: number) {
  let runs = 0;
  let whole = 0;
  for (let i = 0; i < Math.min(listed.length, atOnce) && runs < mostRuns; i++) {
    if (listed[i]?.run === listed[i + 1]?.run) continue;
    whole = i + 1;
    runs++;
  }
  return runs > 0 ? { count: whole, runs } : { count: Math.min(listed.length, atOnce), runs };
}
