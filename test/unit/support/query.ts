import { DatabaseSync } from 'node:sqlite';

/** What SQLite itself finds in a file, as rows of values. */
export function query(file: string, sql: string): unknown[][] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db
      .prepare(sql)
      .all()
      .map(row => Object.values(row));
  } finally {
    db.close();
  }
}
