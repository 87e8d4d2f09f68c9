import assert from 'node:assert/strict';
import { noticeTitle } from '../../src/core/alerts/alertWords.ts';
import type { Insight } from '../../src/core/insights/insight.ts';
import { at, eachMinute, Monitor, minute, never, zero } from './support/timeline.ts';

describe('costs', () => {
  it('of one run are told once they pass the limit, also while it goes on', () => {
    const monitor = new Monitor({ type: 'run-cost', above: 1 }, []);
    for (const [now, cost] of [
      [1, 0.5],
      [2, 1.01],
      [3, 7],
    ] as const) {
      monitor.look(now, [
        at(0, undefined, { pricedCost: cost, lastActivity: zero + now * minute }),
      ]);
    }
    assert.deepEqual(monitor.says, ['2 firing']);
    assert.match(noticeTitle(monitor.told[0]!.notice), /^Alert: A run cost more than \$1\.00$/);
  });

  it('of a window are those of the runs that were active in it', () => {
    const runs = eachMinute(-10, 60, never).map(run => {
      const start = ((run.start ?? 0) - zero) / minute;
      const cost = start >= 20 && start < 25 ? 2 : 0.01;
      return { ...run, cost, pricedCost: cost };
    });
    const monitor = new Monitor({ type: 'window-cost', window: '10m', above: 5 }, runs).watch(
      0,
      55,
    );
    assert.deepEqual(monitor.says, ['22 firing', '33 resolved']);
    assert.equal(monitor.told[0]?.notice.runs[0]?.pricedCost, 2, 'the dearest first');
  });

  it('of windows that overlap are told by each rule', () => {
    const runs = eachMinute(-10, 60, never).map(run => ({ ...run, pricedCost: 1 }));
    const rules = [
      { type: 'window-cost', id: 'short', window: '5m', above: 4 },
      { type: 'window-cost', id: 'long', window: '1h', above: 30 },
    ];
    const monitor = new Monitor(rules, runs).watch(0, 55);
    assert.deepEqual(
      monitor.told.map(({ minute: now, notice }) => `${now} ${notice.rule}`),
      ['0 short', '20 long'],
    );
  });

  it('of many times the usual of their name are told, with what is usual', () => {
    const runs = [
      ...eachMinute(-20, 30, never).map(run => ({ ...run, cost: 0.1, pricedCost: 0.1 })),
      at(10, 11, { runId: 'dear', cost: 1.2, pricedCost: 1.2 }),
      at(12, 13, { runId: 'other', name: 'rare', cost: 9, pricedCost: 9 }),
    ];
    const monitor = new Monitor({ type: 'cost-spike' }, runs).watch(0, 30);
    assert.deepEqual(monitor.says, ['10 firing', '20 resolved']);
    const [run] = monitor.told[0]?.notice.runs ?? [];
    assert.deepEqual(
      [run?.runId, run?.usual],
      ['dear', 0.1],
      'one of an unknown name is compared with nothing',
    );
  });
});

describe('latency', () => {
  it('is that of the percentile over the window, of enough runs', () => {
    const runs = Array.from({ length: 200 }, (_, i) => {
      const start = -40 + i / 2;
      const slow = start >= 20 && start < 30;
      return at(start, start + (slow ? 2 : 0.1), { runId: `r${i}` });
    });
    const rule = { type: 'latency', window: '15m', above: '60s', minimumRuns: 20 };
    const monitor = new Monitor(rule, runs).watch(0, 59);
    assert.deepEqual(monitor.says, ['22 firing', '47 resolved']);
    assert.equal(
      noticeTitle(monitor.told[0]!.notice),
      'Alert: p99 of 27 runs within 15m is 2m 00s (the limit is 1m 00s)',
    );
  });
});

describe('insights', () => {
  const insight = (type: Insight['type'], severity: Insight['severity']): Insight => ({
    ...{ type, severity, runId: 'x', spanIds: ['seventh'], evidence: [] },
    said: { word: 'insightLoopInput', values: ['7', 'search', '1', '2'] } as Insight['said'],
  });
  const runs = [at(3, 4, { runId: 'a' }), at(5, 6, { runId: 'b' })];
  const found = new Map([
    ['a', [insight('truncation', 'info')]],
    ['b', [insight('loop', 'warning')]],
  ]);
  const insightsOf = (id: string) => found.get(id) ?? [];

  it('that are loops are told, with the span', () => {
    const monitor = new Monitor({ type: 'loop' }, runs, insightsOf).watch(0, 20);
    assert.deepEqual(monitor.says, ['5 firing', '15 resolved']);
    assert.equal(monitor.told[0]?.notice.runs[0]?.spanId, 'seventh');
  });

  it('that wait for a long cooldown are told after it, however long ago their runs ended', () => {
    const says = [
      [{ type: 'run-failed' }, '4 firing', '184 still'],
      // Before the run has ended.
      [{ type: 'loop' }, '3 firing', '183 still'],
    ] as const;
    for (const [rule, ...expected] of says) {
      const failed = runs.map(run => ({ ...run, status: 'error' }) as const);
      const loops = () => [insight('loop', 'warning')];
      const monitor = new Monitor({ ...rule, cooldown: '3h' }, failed, loops).watch(0, 200);
      assert.deepEqual(monitor.says, expected, rule.type);
      assert.deepEqual(
        monitor.told[1]?.notice.runs.map(run => run.runId),
        ['b'],
      );
    }
  });

  it('are told by type and severity', () => {
    const says = (part: object) =>
      new Monitor({ type: 'insight', ...part }, runs, insightsOf).watch(0, 8).says;
    assert.deepEqual(says({ atLeast: 'info' }), ['3 firing']);
    assert.deepEqual(says({}), ['5 firing']);
    assert.deepEqual(says({ atLeast: 'error' }), []);
    assert.deepEqual(says({ insights: ['truncation'], atLeast: 'info' }), ['3 firing']);
  });
});
