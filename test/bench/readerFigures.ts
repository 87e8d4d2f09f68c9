import path from 'node:path';
import { type ReaderConnection, startReader } from '../../src/node/readerProcess.ts';
import type { SearchCursor } from '../../src/protocol/search.ts';
import { dist } from '../unit/support/traceDb.ts';
import { peakOf } from './peak.ts';
import type { Figures } from './sizes.ts';

const clock = { now: Date.now(), staleAfter: 600_000 };
const query = { filter: 'all', offset: 0, limit: 200, clock } as const;

/** What our reader needs for the questions of sizes.ts, with the way to its process and back. */
export async function readerFigures(file: string, run: string): Promise<Figures> {
  const reader = await started();
  const { api } = reader;
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  try {
    const open = await timed(() =>
      api.open('f', { kind: 'path', path: file, name: path.basename(file) }),
    );
    const first = open + (await timed(() => api.runs('f', query)));
    const peakFirst = peakOf(reader.pid);
    const rest = await timed(async () => {
      while ((await api.advance('f')).share !== undefined);
      await api.runs('f', query);
    });
    const again = await timed(() => api.runs('f', query));
    const ofRun = await timed(() => api.spans('f', run, { offset: 0, limit: 1000 }));
    const search = await timed(() => searchAll(reader));
    const peak = peakOf(reader.pid);
    return { open, first, all: first + rest, again, run: ofRun, search, peakFirst, peak };
  } finally {
    reader.dispose();
  }
}

async function started(): Promise<ReaderConnection> {
  const reader = startReader(path.join(dist, 'reader.js'), () => undefined);
  // It fails, but not before SQLite is loaded.
  await reader.api
    .open('none', { kind: 'path', path: '/none', name: 'none' })
    .catch(() => undefined);
  return reader;
}

async function searchAll({ api }: ReaderConnection): Promise<void> {
  let from: SearchCursor | undefined;
  let found = 0;
  do {
    const page = await api.search('f', { text: '"zebra crossing"', clock, from, most: 200 });
    found += page.hits.length;
    from = page.next;
  } while (from);
  if (found === 0) throw new Error('the text was not found');
}
