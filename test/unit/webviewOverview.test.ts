import assert from 'node:assert/strict';
import type { RunRows, RunRowsQuery } from '../../src/protocol/reader.ts';
import { sortedBy } from '../../webview/overview/columns.ts';
import { movedBy } from '../../webview/overview/gridKeys.ts';
import {
  type Ask,
  type ListQuery,
  pageSize,
  rowAt,
  rowPages,
} from '../../webview/overview/rowPages.ts';
import { beginOf, chosen, markedRuns } from '../../webview/overview/saved.ts';
import { runOf } from './support/runs.ts';

type Asked = Omit<RunRowsQuery, 'clock'>;

const listQuery = (text: string): ListQuery => ({
  filter: 'all',
  text,
  sort: { by: 'start', descending: true },
  grouped: false,
  folded: [],
});

/** A list of runs that are named after the question, answered when the test says so. */
function answering(total = 1000) {
  const open: { readonly query: Asked; answer(): Promise<void>; fail(): Promise<void> }[] = [];
  const cancelled: string[] = [];
  const file = { total, version: '' };
  const ask: Ask = query => {
    const coming = new Promise<RunRows>((resolve, reject) => {
      const rows = Array.from(
        { length: Math.max(0, Math.min(query.limit, file.total - query.offset)) },
        (_, i) => ({
          kind: 'run' as const,
          run: runOf(`${query.text}${file.version}${query.offset + i}`),
        }),
      );
      const counts = { grouped: false, total: file.total, matching: file.total, all: file.total };
      const answer = { rows, ...counts, places: query.placesOf.map(() => 7) };
      const settle = async (act: () => void): Promise<void> => {
        open.splice(open.indexOf(entry), 1);
        act();
        await new Promise(done => setImmediate(done));
      };
      const entry = {
        query,
        answer: () => settle(() => resolve(answer)),
        fail: () => settle(() => reject(new Error('boom'))),
      };
      open.push(entry);
    });
    const cancel = () => cancelled.push(`${query.text}${query.offset}`);
    return Object.assign(coming, { cancel });
  };
  const pages = rowPages(ask, () => ['x'], 1);
  const shown = (index: number): string => {
    const { known } = pages.state();
    const row = known && rowAt(known, index);
    return row?.kind === 'run' ? row.run.runId : '-';
  };
  return { open, cancelled, file, pages, shown };
}

describe('pages of a long list', () => {
  it('are read where they are in view, and no others', async () => {
    const { open, pages, shown } = answering();
    pages.ask(listQuery('a'), false);
    assert.deepEqual(
      open.map(one => one.query.offset),
      [0],
    );
    await open[0]?.answer();
    pages.want(530, 560);
    pages.want(610, 640);
    assert.deepEqual(
      open.map(one => one.query.offset),
      [500, 600],
    );
    await open[1]?.answer();
    assert.deepEqual([shown(0), shown(610), shown(530)], ['a0', 'a610', '-']);
  });

  it('that were passed while two are awaited are never asked for', async () => {
    const { open, pages } = answering(100_000);
    pages.ask(listQuery('a'), false);
    await open[0]?.answer();
    for (let at = 1; at < 900; at++) pages.want(at * pageSize, at * pageSize + 20);
    assert.equal(open.length, 2);
    await open[0]?.answer();
    assert.deepEqual(
      open.map(one => one.query.offset),
      [200, 89_900].map(Number),
    );
  });

  it('of a former question are never mixed with those of a later one, however late they come', async () => {
    const { open, pages, shown } = answering();
    pages.ask(listQuery('a'), false);
    pages.ask(listQuery('b'), false);
    const [a, b] = [...open];
    await b?.answer();
    await a?.answer();
    assert.equal(shown(0), 'b0');
  });

  it('that nobody waits for any more are cancelled, and no others', async () => {
    const { open, cancelled, pages } = answering();
    pages.ask(listQuery('a'), false);
    await open[0]?.answer();
    pages.want(530, 560);
    pages.ask(listQuery('b'), false);
    assert.deepEqual(cancelled, ['a500']);
    pages.ask(listQuery('b'), true);
    assert.deepEqual(cancelled, ['a500', 'b500']);
  });

  it('of a former question are gone once an answer takes longer, and it is said', async () => {
    const { open, pages, shown } = answering();
    pages.ask(listQuery('a'), false);
    await open[0]?.answer();
    pages.ask(listQuery('b'), false);
    assert.deepEqual([shown(0), pages.state().searching], ['a0', false]);
    pages.ask(listQuery('b'), true);
    await new Promise(done => setTimeout(done, 20));
    assert.deepEqual([shown(0), pages.state().searching], ['-', true]);
    pages.ask(listQuery('b'), true);
    assert.equal(pages.state().searching, true, 'a file that is written to answers nothing');
    await open.at(-1)?.answer();
    assert.deepEqual([shown(0), pages.state().searching], ['b0', false]);
  });

  it('stay while the same is asked of a changed file, and are all replaced at once', async () => {
    const { open, file, pages, shown } = answering();
    pages.ask(listQuery('a'), false);
    await open[0]?.answer();
    pages.want(150, 160);
    await open[0]?.answer();
    file.version = '!';
    pages.ask(listQuery('a'), true);
    await new Promise(done => setTimeout(done, 20));
    assert.deepEqual([shown(0), shown(150)], ['a0', 'a150']);
    await open[0]?.answer();
    assert.deepEqual([shown(0), shown(150)], ['-', 'a!150']);
    assert.deepEqual([...(pages.state().known?.places ?? [])], [['x', 7]]);
  });

  it('are read anew when the list grew between two of them', async () => {
    const { open, file, pages } = answering();
    pages.ask(listQuery('a'), false);
    await open[0]?.answer();
    const before = pages.state().known?.list;
    file.total++;
    pages.want(200, 220);
    await open[0]?.answer();
    assert.equal(open[0]?.query.offset, 200);
    await open[0]?.answer();
    assert.notEqual(pages.state().known?.list, before);
    assert.equal(pages.state().known?.total, 1001);
  });

  it('say why they could not be read, and forget it when they can', async () => {
    const { open, pages, shown } = answering();
    pages.ask(listQuery('a'), false);
    await open[0]?.fail();
    assert.match(pages.state().failure?.message ?? '', /boom/);
    pages.ask(listQuery('a'), false);
    await open[0]?.answer();
    assert.deepEqual([pages.state().failure, shown(0)], [undefined, 'a0']);
  });
});

describe('keys of the list', () => {
  const size = { rows: 50, heads: 7, page: 10 };
  const walk = (keys: string): string => {
    let at: ReturnType<typeof movedBy> = { row: 0 };
    for (const key of keys.split(' ')) at = at && movedBy(key, at, size);
    return at?.row === undefined ? `head ${at?.head}` : `row ${at.row}`;
  };

  it('move by rows and pages, and stop at the ends', () => {
    assert.equal(walk('ArrowDown ArrowDown'), 'row 2');
    assert.equal(walk('PageDown PageDown ArrowUp'), 'row 19');
    assert.equal(walk('End ArrowDown PageDown'), 'row 49');
    assert.equal(walk('PageDown Home PageUp'), 'row 0');
  });

  it('go up to the heads, along them and down again', () => {
    assert.equal(walk('ArrowUp'), 'head 0');
    assert.equal(walk('ArrowUp ArrowLeft'), 'head 6');
    assert.equal(walk('ArrowUp ArrowRight ArrowRight Home End ArrowRight'), 'head 0');
    assert.equal(walk('ArrowUp ArrowDown'), 'row 0');
    assert.equal(movedBy('x', { row: 3 }, size), undefined);
    assert.equal(movedBy('ArrowDown', { head: 0 }, { ...size, rows: 0 }), undefined);
  });
});

describe('choices of the overview', () => {
  it('sort figures from the most, words from A, and turn round when chosen again', () => {
    const newest = { by: 'start', descending: true } as const;
    assert.deepEqual(sortedBy('cost', newest), { by: 'cost', descending: true });
    assert.deepEqual(sortedBy('name', newest), { by: 'name', descending: false });
    assert.deepEqual(sortedBy('start', newest), { by: 'start', descending: false });
  });

  it('mark one run, or with Ctrl a second one', () => {
    const none = { selected: undefined, second: undefined };
    const marked = (...choices: string[]): readonly string[] =>
      markedRuns(
        choices.reduce(
          (now, one) => chosen(now, one.replace('+', ''), one.startsWith('+')),
          none as ReturnType<typeof chosen>,
        ),
      );
    assert.deepEqual(marked('a', 'b'), ['b']);
    assert.deepEqual(marked('a', '+b', '+c'), ['a', 'c'], 'never three');
    assert.deepEqual(marked('a', '+b', '+b'), ['a']);
    assert.deepEqual(marked('a', '+b', '+a'), ['b'], 'what is left is the selected one');
    assert.deepEqual(marked('+a', '+a'), []);
  });

  it('begin a period at a full minute', () => {
    assert.equal(beginOf('all', 1e12), undefined);
    assert.equal(beginOf('hour', 3_600_000 + 125_000), 120_000);
    assert.equal(beginOf('day', 86_400_000 + 59_999), 0);
  });
});
