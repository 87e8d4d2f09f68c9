import type { SqlJsStatic } from 'sql.js';
import { type FileSet, memorySource } from './byteSource.ts';
import { lazyBytes } from './lazyBytes.ts';
import { PageView } from './pageView.ts';
import { takeSnapshot } from './snapshot.ts';
import { Wal } from './wal.ts';

const known = new WeakMap<SqlJsStatic, boolean>();

/**
 * Whether this sql.js reads a file a part at a time, and sees when it has changed. It was not made for that:
 * a small database is read both ways, once per process.
 */
export function lazyWorks(sqlite: SqlJsStatic): boolean {
  let works = known.get(sqlite);
  if (works === undefined) {
    works = tryLazy(sqlite);
    known.set(sqlite, works);
  }
  return works;
}

const question = 'SELECT count(*), sum(a), sum(length(b)), min(b), max(b) FROM t';

function tryLazy(sqlite: SqlJsStatic): boolean {
  const whole = new sqlite.Database();
  try {
    whole.run(`PRAGMA page_size = 512; CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);
      WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
      INSERT INTO t SELECT i, hex(zeroblob(i * 9)) || i FROM n`);
    let bytes = whole.export();
    const none = memorySource(() => undefined);
    const main = memorySource(() => bytes);
    const files: FileSet = { main, wal: none, journal: none, shm: none, beside: () => undefined };
    const view = new PageView(files, 'self-test');
    const show = (): boolean => {
      const snapshot = takeSnapshot(files, new Wal());
      if (snapshot) view.show(snapshot);
      return snapshot !== undefined;
    };
    const answer = (db: typeof whole): string => JSON.stringify(db.exec(question)[0]?.values);
    if (!show()) return false;
    const lazy = new sqlite.Database(lazyBytes(view, 512));
    try {
      const first = answer(lazy) === answer(whole);
      whole.run("UPDATE t SET b = b || 'x' WHERE a % 3 = 0; DELETE FROM t WHERE a = 7");
      bytes = whole.export();
      return first && show() && answer(lazy) === answer(whole) && view.failure === undefined;
    } finally {
      lazy.close();
    }
  } catch {
    // Whatever another sql.js does with such an object, whole files can be read all the same.
    return false;
  } finally {
    whole.close();
  }
}
