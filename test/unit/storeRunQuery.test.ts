import assert from 'node:assert/strict';
import { all, clock, reading, spansDb } from './support/traceDb.ts';

const run = (i: number, more = {}) => ({
  span_id: `s${i}`,
  run_id: `r${i}`,
  name: i % 2 === 0 ? 'even' : 'odd',
  start_time: i,
  end_time: i + (i % 10),
  ...more,
});
const rowsQuery = {
  filter: 'all',
  sort: { by: 'start', descending: true },
  grouped: false,
  folded: [],
  offset: 0,
  limit: 100,
  placesOf: [],
  clock,
} as const;

describe('runs of a file, asked for in an order', () => {
  const file = async () => reading(await spansDb(Array.from({ length: 300 }, (_, i) => run(i))));

  it('come in pages of the same list', async () => {
    const reader = await file();
    const sort = { by: 'duration', descending: true } as const;
    const first = await reader.runs('f', { ...all, sort, limit: 60, name: 'odd' });
    assert.equal(first.matching, 150);
    assert.deepEqual(
      [...new Set(first.runs.map(one => (one.end ?? 0) - (one.start ?? 0)))],
      [9000, 7000],
    );
    const last = await reader.runs('f', { ...all, sort, offset: 140, name: 'odd' });
    assert.equal(last.runs.length, 10);
    assert.equal(last.runs.at(-1)?.runId, 'r1', 'of equal ones the oldest is last');
  });

  it('are those that did something since a time, however long ago they began', async () => {
    const reader = await reading(
      await spansDb([
        run(1, { end_time: 500 }),
        run(2, { end_time: 3 }),
        run(490, { status: 'running', end_time: null }),
        run(499, { status: 'error' }),
      ]),
    );
    const since = async (activeFrom: number, filter: 'all' | 'failed' = 'all') =>
      (await reader.runs('f', { ...all, filter, activeFrom })).runs.map(one => one.runId).join(' ');
    assert.equal(await since(495_000), 'r499 r1');
    assert.equal(await since(490_000), 'r499 r490 r1');
    assert.equal(await since(490_000, 'failed'), 'r499');
    assert.equal(await since(1e9), '');
  });

  it('come with the places of single runs', async () => {
    const reader = await file();
    const { rows, total, matching, places } = await reader.runRows('f', {
      ...rowsQuery,
      text: 'even',
      placesOf: ['r0', 'r298', 'r1', 'gone'],
      limit: 1,
    });
    assert.deepEqual([rows.length, total, matching, places], [1, 150, 150, [149, 0, -1, -1]]);
  });

  it('change with the time, though they are remembered', async () => {
    const open = { status: 'running', end_time: null };
    const reader = await reading(
      await spansDb([
        { ...open, span_id: 'root', start_time: 100 },
        { span_id: 'a', parent_span_id: 'root', start_time: 101, end_time: 102 },
      ]),
    );
    const running = async (now: number): Promise<number> =>
      (await reader.runs('f', { ...all, filter: 'running', clock: { now, staleAfter: 60_000 } }))
        .matching;
    assert.deepEqual(
      [
        await running(110_000),
        await running(162_000),
        await running(162_001),
        await running(110_000),
      ],
      [1, 1, 0, 1],
    );
  });

  it('are summed up as they were selected', async () => {
    const reader = await file();
    const figures = await reader.figures('f', { filter: 'all', name: 'even', zone: 0, clock });
    assert.deepEqual([figures.all, figures.matching, figures.spans], [300, 150, 150]);
    assert.equal(
      figures.series?.buckets.reduce((sum, one) => sum + one.runs, 0),
      150,
    );
  });
});

describe('sessions', () => {
  const metadata = (value: unknown) => ({ metadata: JSON.stringify(value) });

  it('are read from roots, under the keys in use, and from nothing but a short text or number', async () => {
    const reader = await reading(
      await spansDb([
        run(1, metadata({ session_id: 'one' })),
        run(2, metadata({ 'gen_ai.conversation.id': 'two', 'session.id': '' })),
        run(3, metadata({ 'session.id': 33 })),
        run(4, metadata({ session_id: { id: 'no' } })),
        run(5, metadata({ session_id: 'x'.repeat(1000) })),
        run(6, { metadata: 'no json' }),
        run(7),
        { ...run(8, metadata({ session_id: 'child' })), run_id: 'r7', parent_span_id: 's7' },
      ]),
    );
    const { runs } = await reader.runs('f', all);
    assert.deepEqual(
      runs.map(one => one.sessionId),
      [undefined, undefined, undefined, undefined, '33', 'two', 'one'],
    );
    const { rows, total, matching } = await reader.runRows('f', {
      ...rowsQuery,
      grouped: true,
      folded: [''],
    });
    assert.deepEqual([total, matching], [7, 7]);
    assert.deepEqual(
      rows.flatMap(row => (row.kind === 'session' ? [row.sessionId ?? 'none'] : [])),
      ['33', 'two', 'one', 'none'],
    );
  });
});
