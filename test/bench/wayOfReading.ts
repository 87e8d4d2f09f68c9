// Asks a file the questions of sizes.ts in one of several ways: wayOfReading.ts <way> <file> <run> [package].
// A process of its own, so that its memory can be told. Prints figures as JSON.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { DatabaseSync } from 'node:sqlite';
import initSqlJs from 'sql.js';
import { inRepo } from '../tools/repo.ts';
import type { Figures } from './sizes.ts';

const [way, file = '', run = '', betterSqlite = ''] = process.argv.slice(2);

// The sums that the reader has of each run.
const newest = `SELECT run_id, min(start_time) AS start, max(end_time), count(*), sum(cost_usd),
  sum(input_tokens), sum(output_tokens), sum(status = 'error')
  FROM spans GROUP BY run_id ORDER BY start DESC LIMIT 200`;
const spansOf = `SELECT rowid, span_id, run_id, parent_span_id, name, start_time, end_time, status,
  input_tokens, output_tokens, cost_usd, model, error FROM spans WHERE run_id = ?`;
const like = `SELECT span_id FROM spans
  WHERE name LIKE ? OR error LIKE ? OR metadata LIKE ? ORDER BY rowid DESC LIMIT 200`;

type Ask = (sql: string, ...values: string[]) => readonly unknown[];

/** All bytes are read, and SQLite has them in memory. */
async function sqlJs(): Promise<() => Ask> {
  const sqlite = await initSqlJs({ locateFile: name => inRepo('dist', name) });
  return () => {
    const db = new sqlite.Database(fs.readFileSync(file));
    return (sql, ...values) => {
      const statement = db.prepare(sql, values);
      const rows: unknown[] = [];
      while (statement.step()) rows.push(statement.get());
      statement.free();
      return rows;
    };
  };
}

function nodeSqlite(): Ask {
  const db = new DatabaseSync(file, { readOnly: true });
  return (sql, ...values) => db.prepare(sql).all(...values);
}

function better(): Ask {
  // It has no types here, and is compared with alone.
  const Database = createRequire(import.meta.url)(betterSqlite);
  const db = new Database(file, { readonly: true });
  return (sql, ...values) => db.prepare(sql).all(...values);
}

const ways: Record<string, () => Promise<() => Ask>> = {
  'sql.js': sqlJs,
  'node:sqlite': async () => nodeSqlite,
  'better-sqlite3': async () => better,
};

const start = await ways[way ?? '']?.();
if (!start) throw new Error(`no such way: ${way}`);
const timed = (work: () => readonly unknown[]): number => {
  const began = performance.now();
  if (work().length === 0) throw new Error('nothing was found');
  return performance.now() - began;
};
const text = '%zebra crossing%';
const began = performance.now();
const ask = start();
ask('SELECT count(*) FROM sqlite_master');
const open = performance.now() - began;
const all = timed(() => ask(newest));
const figures: Figures = {
  open,
  all: open + all,
  again: timed(() => ask(newest)),
  run: timed(() => ask(spansOf, run)),
  search: timed(() => ask(like, text, text, text)),
  peak: process.resourceUsage().maxRSS,
};
console.log(JSON.stringify(figures));
