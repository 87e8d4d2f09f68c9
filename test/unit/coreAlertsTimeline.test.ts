import assert from 'node:assert/strict';
import { readState } from '../../src/core/alerts/state.ts';
import { at, eachMinute, Monitor, minute, never, zero } from './support/timeline.ts';

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
