import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { formatBytes } from '../../src/core/format.ts';
import { startReader } from '../../src/node/readerProcess.ts';
import type { ReaderApi } from '../../src/protocol/reader.ts';
import type { SearchCursor } from '../../src/protocol/search.ts';
import { dist } from '../unit/support/traceDb.ts';
import { heading, row, times } from './figures.ts';
import { writeTraceFile } from './traceFile.ts';

const spans = 48_000;

/** A text that only the oldest call holds, through the reader process and by LIKE in node:sqlite. */
export async function benchSearch(folder: string): Promise<void> {
  const file = path.join(folder, 'search.agent-traces.db');
  writeTraceFile(file, spans);
  const db = new DatabaseSync(file);
  const metadata = JSON.stringify({
    request: 'Where is the zebra crossing? Post one entry for zebras: Überweisung',
  });
  db.prepare('UPDATE spans SET metadata = ? WHERE span_id = ?').run(metadata, 'span-1');
  const { size } = fs.statSync(file);
  const clock = { now: Date.now(), staleAfter: 600_000 };
  const reader = startReader(path.join(dist, 'reader.js'), () => undefined);
  await reader.api.open('f', { kind: 'path', path: file, name: path.basename(file) });
  await reader.api.totals('f', clock);

  console.log(`\nSearching ${formatBytes(size)}, once through`);
  console.log(heading);
  const like = db.prepare(
    'SELECT span_id FROM spans WHERE name LIKE $text OR error LIKE $text OR metadata LIKE $text',
  );
  for (const text of ['zebra crossing', 'post one entry for zebras', 'Überweisung']) {
    const ours: number[] = [];
    const theirs: number[] = [];
    let found = 0;
    // In turns, so that what else the machine does falls on both.
    for (let i = 0; i < 5; i++) {
      const ask = async () => {
        found = await searchAll(reader.api, `"${text}"`, clock);
      };
      ours.push(...(await times(1, ask)));
      theirs.push(...(await times(1, async () => void like.all({ text: `%${text}%` }))));
      if (found === 0) throw new Error(`“${text}” was not found`);
    }
    console.log(row(`“${text}”, the reader`, ours));
    console.log(row(`“${text}”, node:sqlite, LIKE`, theirs));
    const [a, b] = [ours, theirs].map(median);
    console.log(
      `  ${(size / 1e3 / (a ?? 1)).toFixed(0)} MB/s, ${((b ?? 1) / (a ?? 1)).toFixed(1)} times as fast as LIKE`,
    );
  }
  console.log(
    row(
      'runs with “zebra crossing”, the first time',
      await times(1, () =>
        reader.api.runs('f', {
          filter: 'all',
          text: 'zebra crossing',
          offset: 0,
          limit: 200,
          clock,
        }),
      ),
    ),
  );
  db.close();
  reader.dispose();
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

async function searchAll(
  reader: ReaderApi,
  text: string,
  clock: { readonly now: number; readonly staleAfter: number },
): Promise<number> {
  let from: SearchCursor | undefined;
  let found = 0;
  do {
    const page = await reader.search('f', { text, clock, from, most: 200 });
    found += page.hits.length;
    from = page.next;
  } while (from);
  return found;
}
