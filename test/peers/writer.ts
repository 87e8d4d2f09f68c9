// A program that writes a trace database with node:sqlite until it is stopped or killed:
//   writer.ts <db> <journal mode> <page size> <what>
// Transactions are small and large, are rolled back, spill to the disk before they are committed, and now
// and then the whole file is rewritten. In each committed state, all spans have the same `input_tokens`.
import { DatabaseSync } from 'node:sqlite';
import { createSpans } from '../unit/support/traceDb.ts';

const [file = '', mode = 'delete', pageSize = '4096', what = 'steady'] = process.argv.slice(2);
const db = new DatabaseSync(file, { timeout: 30_000 });
db.exec(`PRAGMA page_size = ${pageSize}; PRAGMA journal_mode = ${mode}; PRAGMA cache_size = 10`);
if (what !== 'steady') db.exec('PRAGMA synchronous = OFF');
db.exec(createSpans.replace('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS'));
const insert = db.prepare(`INSERT OR REPLACE INTO spans
  VALUES (?, ?, NULL, 'span', ?, ?, 'ok', ?, 0, 0, '', ?, NULL)`);
const mark = db.prepare('UPDATE spans SET input_tokens = ?');

let spans = 0;
let state = 0;
function add(count: number): void {
  for (let i = 0; i < count; i++) {
    const text = JSON.stringify({ text: 'x'.repeat(spans % 7 === 0 ? 9000 : 300) });
    insert.run(`s${spans}`, `r${spans % 5}`, spans, spans + 1, state, text);
    spans++;
  }
}

function step(): void {
  state++;
  db.exec('BEGIN IMMEDIATE');
  if (spans < 150 || state % 5 === 0) add(state % 10 === 0 ? 40 : 2);
  if (spans > 150 && state % 11 === 0) {
    db.exec('DELETE FROM spans WHERE span_id IN (SELECT span_id FROM spans LIMIT 20)');
  }
  mark.run(state);
  db.exec(state % 4 === 3 ? 'ROLLBACK' : 'COMMIT');
  if (state % 60 === 59) db.exec('VACUUM');
  if (mode === 'wal' && state % 23 === 0) {
    db.exec(`PRAGMA wal_checkpoint(${['PASSIVE', 'RESTART', 'TRUNCATE'][state % 3]})`);
  }
}

db.exec('BEGIN');
add(100);
db.exec('COMMIT');
step();
console.log('ready');
const steady = what !== 'fast';
setImmediate(function next() {
  step();
  if (steady) setTimeout(next, state % 3);
  else setImmediate(next);
});
