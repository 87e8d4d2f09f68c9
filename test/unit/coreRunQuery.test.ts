import assert from 'node:assert/strict';
import type { RunSummary } from '../../src/core/model.ts';
import { runFigures } from '../../src/core/runFigures.ts';
import { groupedRows } from '../../src/core/runGroups.ts';
import {
  type RunSelection,
  runDuration,
  runSortKeys,
  selectRuns,
  sortRuns,
} from '../../src/core/runQuery.ts';
import { totalTokens } from '../../src/core/usage.ts';
import { manyRuns, runOf } from './support/runs.ts';

const now = 1.8e12;
const ids = (runs: readonly RunSummary[]): string => runs.map(run => run.runId).join(' ');
const all = { filter: 'all' } as const;
const every = (): boolean => true;

describe('selecting runs', () => {
  const runs = [
    runOf('1', { name: 'invoice_reconcile', status: 'error', error: 'Entry does NOT balance' }),
    runOf('2', { name: 'invoice_reconcile', sessionId: 'Desk-7' }),
    runOf('3', { name: 'invoice', start: undefined }),
    runOf('4', { name: 'digest', start: 500, status: 'running', end: undefined }),
  ];
  const pick = (selection: Partial<RunSelection>) =>
    ids(selectRuns(runs, { ...all, ...selection }, every));

  it('asks of each run what the text became', () => {
    const asked = (run: RunSummary): boolean => run.runId !== '2';
    assert.equal(ids(selectRuns(runs, { ...all, name: 'invoice_reconcile' }, asked)), '1');
  });

  it('takes a name whole', () => {
    assert.equal(pick({ name: 'invoice' }), '3');
  });

  it('takes times from, up to but without the end, and no run without a start', () => {
    assert.equal(pick({ from: 0 }), '1 2 4');
    assert.equal(pick({ from: 500 }), '4');
    assert.equal(pick({ to: 500 }), '1 2');
  });

  it('takes a status or a session', () => {
    assert.equal(pick({ filter: 'failed' }), '1');
    assert.equal(pick({ filter: 'running' }), '4');
    assert.equal(pick({ session: 'Desk-7' }), '2');
  });
});

describe('sorting runs', () => {
  const runs = manyRuns(2000);
  const value = (run: RunSummary, by: string): number | string | undefined => {
    if (by === 'tokens') return totalTokens(run.usage);
    if (by === 'duration') return runDuration(run, now);
    if (by === 'status') return ['error', 'running', 'stale', 'ok'].indexOf(run.status);
    return run[by as 'start' | 'spans' | 'cost' | 'name'];
  };

  for (const by of runSortKeys) {
    for (const descending of [true, false]) {
      it(`by ${by}, ${descending ? 'descending' : 'ascending'}: in order, unknown last, equal ones as they were`, () => {
        const sorted = sortRuns(runs, { by, descending }, now);
        assert.equal(new Set(sorted).size, runs.length, 'each run once');
        for (let i = 1; i < sorted.length; i++) {
          const [a, b] = [sorted[i - 1]!, sorted[i]!];
          const [x, y] = [value(a, by), value(b, by)];
          if (x === undefined) assert.equal(y, undefined);
          else if (y !== undefined) {
            assert.ok(descending ? x >= y : x <= y, `${x} before ${y}`);
            if (x === y) assert.ok(runs.indexOf(a) < runs.indexOf(b));
          }
        }
      });
    }
  }

  it('has no place for a name without letters but the last', () => {
    const named = [runOf('1', { name: ' ' }), runOf('2', { name: 'b' }), runOf('3', { name: 'A' })];
    assert.equal(ids(sortRuns(named, { by: 'name', descending: false }, now)), '3 2 1');
    assert.equal(ids(sortRuns(named, { by: 'name', descending: true }, now)), '2 3 1');
  });
});

describe('runs by session', () => {
  const runs = [
    runOf('1', { sessionId: 'a', pricedCost: 1 }),
    runOf('2'),
    runOf('3', { sessionId: 'b', status: 'error', unpricedCalls: 1 }),
    runOf('4', { sessionId: 'a', pricedCost: 2 }),
  ];
  const drawn = (folded: string[]): string =>
    groupedRows(runs, new Set(folded))
      .map(row =>
        row.kind === 'run'
          ? row.run.runId
          : `${row.sessionId ?? 'none'}(${row.runs}, ${row.failed} failed, ${row.cost ?? 'unpriced'})`,
      )
      .join(' ');

  it('stand under a head with their count and cost, in their order; those of no session last', () => {
    assert.equal(
      drawn([]),
      'a(2, 0 failed, 3) 1 4 b(1, 1 failed, unpriced) 3 none(1, 0 failed, 0) 2',
    );
  });

  it('are hidden where their head is folded', () => {
    assert.equal(
      drawn(['a', '']),
      'a(2, 0 failed, 3) b(1, 1 failed, unpriced) 3 none(1, 0 failed, 0)',
    );
  });

  it('are all there, once, whatever is folded', () => {
    const many = manyRuns(500, 7);
    const rows = groupedRows(many, new Set(['s1', 's2']));
    const heads = rows.flatMap(row => (row.kind === 'session' ? [row] : []));
    assert.equal(
      heads.reduce((sum, head) => sum + head.runs, 0),
      many.length,
    );
    const shown = heads.filter(head => !head.folded).reduce((sum, head) => sum + head.runs, 0);
    assert.equal(rows.length - heads.length, shown);
  });
});

describe('figures of runs', () => {
  it('count by status what choosing that status would show', () => {
    const runs = manyRuns(400);
    const selection = { ...all, name: 'agent_3' };
    const asked = (run: RunSummary): boolean => run.runId.endsWith('3');
    const figures = runFigures(runs, selection, asked, now, 0);
    for (const filter of ['all', 'failed', 'running'] as const) {
      assert.equal(
        figures.counts[filter],
        selectRuns(runs, { ...selection, filter }, asked).length,
      );
    }
    assert.equal(figures.matching, figures.counts.all);
    const names = new Set(runs.filter(asked).map(run => run.name));
    assert.equal(figures.distinctNames, names.size, 'the menu still has all names');
    for (const { value, runs: count } of figures.names) {
      assert.equal(selectRuns(runs, { ...selection, name: value }, asked).length, count);
    }
  });

  it('leave out of a spread what is unpriced or has not ended, and say how many', () => {
    const runs = [
      runOf('1', { cost: 1, end: 100 }),
      runOf('2', { cost: undefined, pricedCost: 5, unpricedCalls: 2, end: 300 }),
      runOf('3', { cost: 3, status: 'running', end: undefined, lastActivity: 9e5 }),
    ];
    const figures = runFigures(runs, all, every, now, 0);
    assert.deepEqual([figures.cost, figures.pricedCost, figures.unpricedCalls], [undefined, 9, 2]);
    assert.deepEqual(figures.costs, { count: 2, leftOut: 1, p50: 1, p95: 3, p99: 3 });
    assert.deepEqual(figures.durations, { count: 2, leftOut: 1, p50: 100, p95: 300, p99: 300 });
  });

  it('span the time that was chosen, else that of the runs', () => {
    const runs = [
      runOf('1', { start: 5e6 }),
      runOf('2', { start: 3e6 }),
      runOf('3', { start: 1e300 }),
    ];
    const own = runFigures(runs, all, every, 1e8, 0).series;
    assert.equal(own?.start, 3e6);
    assert.equal((own?.start ?? 0) + (own?.buckets.length ?? 0) * (own?.width ?? 0), 5_040_000);
    const chosen = runFigures(runs.slice(0, 2), { ...all, from: 0 }, every, 86_400_000, 0).series;
    assert.equal(chosen?.start, 0);
    assert.ok((chosen?.buckets.length ?? 0) * (chosen?.width ?? 0) > 86_400_000, 'up to now');
  });

  it('of no runs are none, not 0', () => {
    const figures = runFigures([], all, every, now, 0);
    assert.deepEqual(
      [figures.durations.p50, figures.costs.p99, figures.series, figures.histogram],
      [undefined, undefined, undefined, undefined],
    );
  });

  it('list at most 100 names, the most frequent first', () => {
    const runs = Array.from({ length: 500 }, (_, i) => runOf(`${i}`, { name: `n${i % 150}` }));
    const { names, distinctNames } = runFigures(
      [...runs, runOf('x', { name: 'n149' })],
      all,
      every,
      now,
      0,
    );
    assert.deepEqual([names.length, distinctNames, names[0]?.runs], [100, 150, 4]);
  });
});
