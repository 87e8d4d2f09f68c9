import type { DatabaseSync } from 'node:sqlite';
import type { Pruned, PruneLimits } from '../core/traceLimits.ts';
import { rollBack } from './traceSchema.ts';

const day = 86_400;
/** Runs of one transaction: other writers get their turn in between. */
const atOnce = 50;

/** Removes runs from a trace file until it is within the limits. */
export function pruneRuns(db: DatabaseSync, limits: PruneLimits, now: number): Pruned {
  const { maxAgeDays, maxRuns, maxBytes } = limits;
  let pruned: Pruned = { runs: 0, spans: 0 };
  const add = (more: Pruned): void => {
    pruned = { runs: pruned.runs + more.runs, spans: pruned.spans + more.spans };
  };
  const runs = oldestFirst(db, now / 1000);
  const oldest = maxAgeDays === undefined ? -Infinity : now / 1000 - maxAgeDays * day;
  const tooMany = maxRuns === undefined ? 0 : countRuns(db) - maxRuns;
  const first = runs.filter((run, at) => run.start < oldest || at < tooMany);
  for (let at = 0; at < first.length; at += atOnce) {
    add(
      remove(
        db,
        first.slice(at, at + atOnce).map(run => run.id),
      ),
    );
  }
  const rest = runs.slice(first.length).map(run => run.id);
  while (maxBytes !== undefined && usedBytes(db) > maxBytes && rest.length > 0) {
    add(remove(db, rest.splice(0, atOnce)));
  }
  // Gives the room back where the file was made for it; else SQLite uses it for what comes.
  db.exec('PRAGMA incremental_vacuum');
  return pruned;
}

const countRuns = (db: DatabaseSync): number =>
  Number(db.prepare('SELECT count(DISTINCT run_id) AS runs FROM spans').get()?.runs);

function oldestFirst(db: DatabaseSync, now: number): { id: string | null; start: number }[] {
  const rows = db
    .prepare(
      `SELECT run_id, MIN(start_time) AS start FROM spans GROUP BY run_id
       HAVING NOT (SUM(end_time IS NULL) > 0 AND MAX(start_time) > ?) ORDER BY start`,
    )
    .all(now - day);
  return rows.map(row => ({ id: row.run_id as string | null, start: Number(row.start) }));
}

function remove(db: DatabaseSync, ids: readonly (string | null)[]): Pruned {
  const spans = db.prepare('DELETE FROM spans WHERE run_id IS ?');
  const events = db.prepare(
    'DELETE FROM events WHERE span_id IN (SELECT span_id FROM spans WHERE run_id IS ?)',
  );
  let removed = 0;
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const id of ids) {
      events.run(id);
      removed += Number(spans.run(id).changes);
    }
    db.exec('COMMIT');
  } catch (error) {
    rollBack(db);
    throw error;
  }
  return { runs: ids.length, spans: removed };
}

function usedBytes(db: DatabaseSync): number {
  const number = (pragma: string): number =>
    Number(Object.values(db.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
  return (number('page_count') - number('freelist_count')) * number('page_size');
}
