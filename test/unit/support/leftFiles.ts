import fs from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { createSpans } from './traceDb.ts';

export const modes = ['delete', 'truncate', 'persist', 'wal'] as const;
export type Mode = (typeof modes)[number];

/** A database that is open, to be left as it is: what lies on the disk is copied, as after a crash. */
export interface Scene {
  readonly file: string;
  readonly db: DatabaseSync;
  /** A second connection. */
  other(): DatabaseSync;
  add(spans: number, run: string): void;
}

const ends = ['', '-wal', '-journal', '-shm'];

/**
 * Plays a scene in one file, and leaves another as a killed writer would: the connections of this process
 * clean up what they leave.
 */
export function leave(
  file: string,
  mode: Mode,
  pageSize: number,
  play: (scene: Scene) => void,
): void {
  const played = `${file}.played`;
  const open: DatabaseSync[] = [];
  const connect = (): DatabaseSync => {
    const db = new DatabaseSync(played);
    open.push(db);
    return db;
  };
  const db = connect();
  db.exec(`PRAGMA page_size = ${pageSize}; PRAGMA journal_mode = ${mode};
    PRAGMA wal_autocheckpoint = 0; ${createSpans}`);
  let next = 0;
  const add = (spans: number, run: string): void => {
    const insert = db.prepare(`INSERT INTO spans
      VALUES (?, ?, NULL, 'span', ?, ?, 'ok', 1, 1, 0, '', ?, NULL)`);
    for (let i = 0; i < spans; i++, next++) {
      insert.run(`s${next}`, run, next, next + 1, JSON.stringify({ text: 'x'.repeat(700) }));
    }
  };
  try {
    db.exec('BEGIN');
    add(100, 'first');
    db.exec('COMMIT');
    play({ file: played, db, other: connect, add });
    for (const end of ends) {
      fs.rmSync(file + end, { force: true });
      if (fs.existsSync(played + end)) fs.copyFileSync(played + end, file + end);
    }
  } finally {
    for (const one of open) one.close();
    for (const end of ends) fs.rmSync(played + end, { force: true });
  }
}

/** Begins a transaction that changes everything, and writes it to the disk without committing it. */
export function spill({ db, add }: Scene): void {
  db.exec("PRAGMA cache_size = 5; BEGIN; UPDATE spans SET input_tokens = 99, run_id = 'spilled'");
  add(150, 'spilled');
}
