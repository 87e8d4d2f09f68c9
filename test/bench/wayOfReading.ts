// Opens a file in one of several ways and lists its newest 200 runs: wayOfReading.ts <way> <file>. A process
// of its own, so that its memory can be told. Prints milliseconds as JSON.
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runPage } from '../../src/store/pages.ts';
import { Db, loadSqlite } from '../../src/store/sqlite.ts';
import { OpenFile } from '../../src/store/traceFile.ts';
import { wholeContent } from '../../src/store/wholeBytes.ts';
import { dist } from '../unit/support/traceDb.ts';

const [way, file = ''] = process.argv.slice(2);
const query = {
  filter: 'all',
  offset: 0,
  limit: 200,
  clock: { now: Date.now(), staleAfter: 600_000 },
} as const;

/** As before files were read a page at a time: all bytes are read, and SQLite has them in memory. */
async function whole(): Promise<() => Promise<unknown>> {
  const sqlite = await loadSqlite(
    new Uint8Array(fs.readFileSync(path.join(dist, 'sql-wasm.wasm'))),
  );
  return async () => {
    const bytes = new Uint8Array(fs.statSync(file).size);
    const descriptor = fs.openSync(file, 'r');
    for (let at = 0; at < bytes.length; ) {
      at += fs.readSync(descriptor, bytes, at, Math.min(1 << 24, bytes.length - at), at);
    }
    fs.closeSync(descriptor);
    const db = new Db(sqlite, notCopied(bytes), 'bench');
    const about = {
      file,
      name: 'bench',
      bytes: bytes.length,
      staleness: undefined,
      stamp: undefined,
    };
    const open = new OpenFile(db, about);
    await open.advance(Number.POSITIVE_INFINITY);
    return runPage(await open.index(), query);
  };
}

function notCopied(bytes: Uint8Array): Uint8Array {
  const content = wholeContent(bytes);
  const subarray = (from: number, to: number) => bytes.subarray(from, to);
  return Object.assign(content, { slice: subarray, subarray });
}

const newest = `SELECT run_id, min(start_time) AS start, max(end_time), count(*), sum(cost_usd),
  sum(input_tokens), sum(output_tokens), sum(status = 'error')
  FROM spans GROUP BY run_id ORDER BY start DESC LIMIT 200`;

async function native(): Promise<() => Promise<unknown>> {
  return async () => new DatabaseSync(file, { readOnly: true }).prepare(newest).all();
}

const work = await (way === 'whole' ? whole : native)();
const start = performance.now();
await work();
console.log(
  JSON.stringify({ took: performance.now() - start, peak: process.resourceUsage().maxRSS }),
);
