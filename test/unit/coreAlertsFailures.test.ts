import assert from 'node:assert/strict';
import { noticeTitle } from '../../src/core/alerts/alertWords.ts';
import type { RunSummary } from '../../src/core/model.ts';
import { at, eachMinute, Monitor, minute, never, zero } from './support/timeline.ts';

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
