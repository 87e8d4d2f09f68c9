import assert from 'node:assert/strict';
import { noticeTitle } from '../../src/core/alerts/alertWords.ts';
import { readState } from '../../src/core/alerts/state.ts';
import type { Insight } from '../../src/core/insights/insight.ts';
import type { RunSummary } from '../../src/core/model.ts';
import { at, Monitor, minute, zero } from './support/timeline.ts';

/** A run each minute, failed where `fails` says so. */
const eachMinute = (
  from: number,
  to: number,
  fails: (at: number) => boolean,
  part: Partial<RunSummary> = {},
) =>
  Array.from({ length: to - from }, (_, i) => from + i).map(start =>
    at(start, start + 0.5, { ...part, status: fails(start) ? 'error' : 'ok' }),
  );
const never = () => false;

describe('a failure rate', () => {
  const rule = { type: 'failure-rate', window: '10m', above: 0.3, minimumRuns: 5, cooldown: '10m' };

  it('is told when it begins and when it is over, each once', () => {
    const runs = eachMinute(-20, 100, start => start >= 30 && start < 45);
    const monitor = new Monitor(rule, runs).watch(0, 90);
    assert.deepEqual(monitor.says, ['34 firing', '52 resolved']);
    assert.equal(
      noticeTitle(monitor.told[0]!.notice),
      'Alert: 4 of 10 runs failed within 10m (40 %; the limit is 30 %)',
    );
    assert.equal(monitor.told[0]?.notice.runs.length, 4);
  });

  it('concludes nothing from few runs, as the first failure alone', () => {
    const runs = [at(1, 2, { status: 'error' }), at(3, 4, { status: 'error' }), at(5, 6), at(6, 7)];
    assert.deepEqual(new Monitor(rule, runs).watch(0, 30).says, []);
  });

  it('counts no run that goes on, neither as failed nor as gone well', () => {
    const running = Array.from({ length: 50 }, (_, i) => at(9, undefined, { runId: `on-${i}` }));
    const ended = eachMinute(0, 10, start => start % 2 === 0);
    const monitor = new Monitor(rule, [...running, ...ended]);
    monitor.look(10);
    assert.deepEqual(monitor.says, ['10 firing']);
  });

  it('counts a run when it ends, however long ago it began', () => {
    const runs = Array.from({ length: 6 }, (_, i) =>
      at(-600 + i, 20 + i / 10, { status: 'error' }),
    );
    assert.deepEqual(new Monitor(rule, runs).watch(0, 25).says, ['21 firing']);
  });

  it('is not taken to be over because nothing runs any more', () => {
    const runs = eachMinute(0, 10, start => start < 8);
    // What is left in the window gets too little before it is gone.
    const monitor = new Monitor(rule, runs).watch(0, 15);
    assert.deepEqual(monitor.says, ['5 firing']);
    assert.deepEqual(monitor.watch(16, 40).says, ['5 firing', '18 resolved']);
  });

  it('is said again where that was asked for, and no sooner', () => {
    const runs = eachMinute(0, 100, () => true);
    const monitor = new Monitor({ ...rule, remindAfter: '30m' }, runs).watch(0, 80);
    assert.deepEqual(monitor.says, ['5 firing', '35 still', '65 still']);
  });

  it('rests after its end: what comes back within the cooldown is told after it', () => {
    const flaps = eachMinute(
      0,
      120,
      start => (start >= 20 && start < 24) || (start >= 33 && start < 50),
    );
    const quick = { ...rule, window: '3m', minimumRuns: 3, cooldown: '15m' };
    const monitor = new Monitor(quick, flaps).watch(0, 60);
    assert.deepEqual(monitor.says, ['21 firing', '27 resolved', '42 firing', '53 resolved']);
  });

  it('tells of each name by itself where that was asked for', () => {
    const runs = [
      ...eachMinute(0, 60, () => true, { name: 'bad' }),
      ...eachMinute(0, 60, never, { name: 'good' }),
    ];
    assert.deepEqual(new Monitor({ ...rule, perName: true }, runs).watch(0, 60).says, [
      '5 firing bad',
    ]);
    assert.deepEqual(new Monitor({ ...rule, runs: 'g*' }, runs).watch(0, 60).says, []);
  });

  it('of runs whose root is never closed is that of runs of the same age', () => {
    // One in five fails, and that is known at once; that the others went well ten minutes later.
    const runs = eachMinute(-60, 120, start => start % 5 === 0).map(run => ({
      ...run,
      judgement: run.status === 'error' ? ('unrecovered-failure' as const) : ('all-ended' as const),
    }));
    const monitor = new Monitor({ ...rule, above: 0.25 }, runs);
    for (let now = 0; now <= 100; now++) {
      const judged = runs
        .filter(run => (run.end ?? 0) <= zero + now * minute)
        .map(run =>
          run.status === 'ok' && zero + now * minute - (run.end ?? 0) <= 10 * minute
            ? {
                ...run,
                status: 'running' as const,
                judgement: 'recent-activity' as const,
                end: undefined,
              }
            : run,
        );
      monitor.look(now, judged);
    }
    assert.deepEqual(monitor.says, []);
    const bad = runs.map(run => ({
      ...run,
      status: 'error' as const,
      judgement: 'unrecovered-failure' as const,
    }));
    const soon = new Monitor(rule, bad).watch(0, 2);
    assert.deepEqual(soon.says, ['0 firing'], 'that all fail is known at once');
  });
});

describe('a failed run', () => {
  const rule = { type: 'run-failed', runs: 'nightly*', cooldown: '10m' };
  const failed = (start: number, part: Partial<RunSummary> = {}) =>
    at(start, start + 1, { name: 'nightly-report', status: 'error', ...part });

  it('is told once, with where it failed, and is over after the cooldown', () => {
    const monitor = new Monitor(rule, [
      failed(5),
      at(6, 7, { name: 'other', status: 'error' }),
    ]).watch(0, 60);
    assert.deepEqual(monitor.says, ['6 firing', '16 resolved']);
    const [run] = monitor.told[0]?.notice.runs ?? [];
    assert.deepEqual([run?.spanId, run?.error], ['failing', 'boom']);
  });

  it('that follows waits for the cooldown and is told together with others', () => {
    const monitor = new Monitor(
      rule,
      [5, 7, 8, 9].map(start => failed(start)),
    ).watch(0, 60);
    assert.deepEqual(monitor.says, ['6 firing', '16 still', '26 resolved']);
    assert.equal(monitor.told[1]?.notice.runs.length, 3);
  });

  it('that was long over when the monitor began is history', () => {
    const runs = [failed(-500), failed(-20), failed(-5)];
    const monitor = new Monitor(rule, runs).watch(0, 5);
    assert.deepEqual(
      monitor.told.map(({ notice }) => notice.runs.map(run => run.runId)),
      [['nightly-report--5']],
    );
  });

  it('whose spans arrive late is told when they do', () => {
    const monitor = new Monitor(rule, []).watch(0, 40);
    const late = failed(10);
    monitor.look(41, [late]);
    monitor.look(42, [late]);
    assert.deepEqual(monitor.says, ['41 firing']);
  });

  it('that is written again is not told again, nor one that turned out to fail differently', () => {
    const run = failed(5);
    const monitor = new Monitor(rule, [run]).watch(0, 30);
    for (let now = 31; now < 90; now++) {
      monitor.look(now, [
        {
          ...run,
          spans: now,
          end: zero + now * minute,
          lastActivity: zero + now * minute,
          error: `boom ${now}`,
        },
      ]);
    }
    assert.deepEqual(monitor.says, ['6 firing', '16 resolved']);
  });

  it('is not told where what failed was got over a moment later', () => {
    const goesOn = failed(5, {
      judgement: 'unrecovered-failure',
      end: zero + 5 * minute,
      lastActivity: zero + 5 * minute,
    });
    const monitor = new Monitor(rule, []);
    monitor.look(5.5, [goesOn]);
    monitor.look(6.5, [{ ...goesOn, status: 'ok', judgement: undefined }]);
    assert.deepEqual(monitor.says, []);
    monitor.look(7, [goesOn]);
    assert.deepEqual(monitor.says, ['7 firing'], 'a run that goes no further has failed');
  });

  it('during a night without a monitor is told in the morning', () => {
    const monitor = new Monitor(rule, [failed(200)]).watch(0, 5);
    monitor.look(600);
    assert.deepEqual(monitor.says, ['600 firing']);
  });

  it('is told of each name by itself, and in one where there are too many names', () => {
    const runs = Array.from({ length: 300 }, (_, i) =>
      failed(5, { runId: `r${i}`, name: `nightly-${i}` }),
    );
    const monitor = new Monitor({ ...rule, perName: true }, runs);
    monitor.look(7);
    assert.equal(monitor.told.length, 201);
    const named = monitor.told.reduce(
      (sum, { notice }) => sum + notice.runs.length + notice.more,
      0,
    );
    assert.equal(named, 300);
  });
});

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
    const runs = eachMinute(-10, 60, never).map(run => ({
      ...run,
      cost:
        (run.start ?? 0) >= zero + 20 * minute && (run.start ?? 0) < zero + 25 * minute ? 2 : 0.01,
      pricedCost:
        (run.start ?? 0) >= zero + 20 * minute && (run.start ?? 0) < zero + 25 * minute ? 2 : 0.01,
    }));
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

describe('no runs', () => {
  const rule = { type: 'no-runs', for: '30m' };
  const until = (end: number) => eachMinute(-20, end, never);

  it('is told once the agent was silent for long enough, and when it is back', () => {
    const runs = [...until(20), ...eachMinute(90, 100, never)];
    assert.deepEqual(new Monitor(rule, runs).watch(0, 99).says, ['50 firing', '90 resolved']);
  });

  it('counts from when the monitor came to look: an old file is no dead agent yet', () => {
    assert.deepEqual(new Monitor(rule, until(-10)).watch(0, 40).says, ['31 firing']);
    assert.deepEqual(
      new Monitor(rule, []).watch(0, 40).says,
      ['31 firing'],
      'nor is one without runs',
    );
  });

  it('is told of each name', () => {
    const runs = [...until(60), ...eachMinute(-5, 10, never, { name: 'nightly' })];
    assert.deepEqual(new Monitor({ ...rule, perName: true }, runs).watch(0, 50).says, [
      '40 firing nightly',
    ]);
  });

  it('is not concluded from a machine that slept, but from an agent that stays away after it', () => {
    const monitor = new Monitor(rule, until(20)).watch(0, 22);
    monitor.watch(500, 540);
    assert.deepEqual(monitor.says, ['531 firing']);
  });

  it('is told by a monitor that looks more seldom than that', () => {
    const monitor = new Monitor(rule, until(20));
    for (const now of [0, 60, 120, 180]) monitor.look(now);
    assert.deepEqual(monitor.says, ['120 firing']);
  });

  it('goes on to be so while a firing alert’s machine sleeps', () => {
    const monitor = new Monitor(rule, until(20)).watch(0, 55);
    monitor.watch(500, 502);
    assert.deepEqual(monitor.says, ['50 firing']);
  });
});

describe('clocks, restarts and others', () => {
  const rules = [
    { type: 'failure-rate', window: '10m', above: 0.3 },
    { type: 'run-failed', id: 'each' },
    { type: 'no-runs', for: '30m' },
  ];
  const runs = eachMinute(-20, 300, start => start >= 30 && start < 40);

  for (const [name, skew] of [
    ['back', -90],
    ['ahead', 90],
  ] as const) {
    it(`a clock that is put ${name} tells nothing twice, and stays able to tell`, () => {
      const monitor = new Monitor(rules, runs).watch(0, 100);
      const before = monitor.says.length;
      // What was written before keeps its times; what is written from now on has those of the new clock.
      const move = (time: number | undefined) =>
        time === undefined ? undefined : time + skew * minute;
      const moved = runs.map(run =>
        (run.start ?? 0) <= zero + 100 * minute
          ? run
          : {
              ...run,
              start: move(run.start),
              end: move(run.end),
              lastActivity: move(run.lastActivity),
            },
      );
      for (let now = 101; now <= 160; now++) monitor.look(now + skew, moved.slice(0, now + 20));
      assert.deepEqual(monitor.says.slice(before), []);
      const broken = Array.from({ length: 8 }, (_, i) =>
        at(161 + skew, 161.5 + skew, { runId: `new-${i}`, status: 'error' }),
      );
      monitor.look(162 + skew, [...moved.slice(0, 181), ...broken]);
      assert.deepEqual(
        monitor.told
          .slice(before)
          .map(one => one.notice.rule)
          .sort(),
        ['each', 'failure-rate'],
      );
    });
  }

  it('a restart at any moment tells neither less nor more', () => {
    const whole = new Monitor(rules, runs).watch(0, 100);
    for (let stop = 1; stop < 100; stop += 7) {
      const first = new Monitor(rules, runs).watch(0, stop);
      const second = new Monitor(rules, runs);
      second.state = first.state;
      assert.deepEqual(
        [...first.says, ...second.watch(stop + 1, 100).says],
        whole.says,
        `stopped at ${stop}`,
      );
    }
  });

  it('the same looked at again at the same time tells nothing', () => {
    const monitor = new Monitor(rules, runs);
    for (let now = 0; now < 100; now++) for (let again = 0; again < 3; again++) monitor.look(now);
    assert.deepEqual(monitor.says, new Monitor(rules, runs).watch(0, 99).says);
  });

  it('two monitors that share their state tell each thing once; two that do not tell it by the same key', () => {
    const [a, b] = [new Monitor(rules, runs), new Monitor(rules, runs)];
    for (let now = 0; now < 100; now++) {
      const [one, other] = now % 2 === 0 ? [a, b] : [b, a];
      one.look(now);
      other.state = one.state;
      other.look(now);
    }
    assert.equal(a.told.length + b.told.length, new Monitor(rules, runs).watch(0, 99).told.length);
    const [c, d] = [new Monitor(rules, runs).watch(0, 50), new Monitor(rules, runs).watch(0, 50)];
    assert.deepEqual(
      c.told.map(one => one.notice.id),
      d.told.map(one => one.notice.id),
    );
    assert.equal(new Set(c.told.map(one => one.notice.id)).size, c.told.length);
  });

  it('an alert whose rule was taken away is over', () => {
    const monitor = new Monitor(
      { type: 'failure-rate' },
      eachMinute(-9, 50, () => true),
    ).watch(0, 10);
    const other = new Monitor({ type: 'loop' }, []);
    other.state = monitor.state;
    other.watch(11, 13);
    assert.deepEqual(other.says, ['11 resolved']);
  });

  it('a state that is none, or was written by hand, is not taken for one', () => {
    for (const one of [undefined, null, 3, [], {}, { began: 'x', evaluated: 1 }]) {
      assert.equal(readState(one), undefined);
    }
    const odd = readState({
      began: 1,
      evaluated: 2,
      alerts: { a: 1, b: { rule: 'x' } },
      found: { x: { r: 'no' } },
      quiet: [],
    });
    assert.deepEqual(odd, {
      began: 1,
      floor: undefined,
      past: [],
      evaluated: 2,
      alerts: {},
      found: { x: {} },
      quiet: {},
    });
  });

  it('names that every object has are names', () => {
    const odd = ['constructor', '__proto__', 'toString'];
    const some = odd.map((name, i) => at(i, i + 1, { name, runId: name, status: 'error' }));
    const rule = { type: 'run-failed', id: 'constructor', perName: true };
    const monitor = new Monitor(rule, some).watch(0, 5);
    assert.deepEqual(monitor.says, [
      '1 firing constructor',
      '2 firing __proto__',
      '3 firing toString',
    ]);
  });
});
