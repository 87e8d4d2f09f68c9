import assert from 'node:assert/strict';
import { median, spread, unusuallyHigh, usualHigh } from '../../src/core/insights/robust.ts';
import { createSamples } from '../../src/core/insights/samples.ts';
import { createUsual } from '../../src/core/insights/usualOf.ts';
import { call, contextOf, runWith, tool } from './support/insightRuns.ts';
import { numbers, runOf } from './support/runs.ts';

const sorted = (...values: number[]): Float64Array => Float64Array.from(values).sort();
const same = (value: number, count: number): Float64Array => new Float64Array(count).fill(value);

describe('robust statistics', () => {
  it('know the middle of odd, even, small and no samples', () => {
    assert.equal(median(sorted()), undefined);
    assert.equal(median(sorted(7)), 7);
    assert.equal(median(sorted(1, 3)), 2);
    assert.equal(median(sorted(1, 2, 100)), 2);
    assert.equal(median(sorted(1e308, 1.7e308)), 1.35e308, 'no overflow');
  });

  it('measure the spread, 0 where all are equal, whatever single values do', () => {
    assert.equal(spread(sorted()), 0);
    assert.equal(spread(same(3, 9)), 0);
    const calm = Array.from({ length: 20 }, (_, i) => 10 + (i % 5));
    const wild = [...calm.slice(1), 1e9];
    assert.ok(Math.abs(spread(sorted(...calm)) - spread(sorted(...wild))) < 2);
  });

  it('call a value far beyond all others unusual, also among equal ones', () => {
    assert.equal(unusuallyHigh(1, same(0.1, 5), 3, 5, 0)?.times, 10);
    assert.equal(unusuallyHigh(1, same(0.1, 4), 3, 5, 0), undefined, 'too few are known');
    assert.equal(unusuallyHigh(0.29, same(0.1, 9), 3, 5, 0), undefined, 'not three times');
    assert.equal(unusuallyHigh(Number.NaN, same(0.1, 9), 3, 5, 0), undefined);
  });

  it('call nothing unusual that one in five of its like is', () => {
    const two = sorted(...same(0.1, 16), ...same(1, 4));
    assert.equal(unusuallyHigh(1, two, 3, 5, 0), undefined);
    const once = sorted(...same(0.1, 9), 1);
    assert.ok(unusuallyHigh(1, once, 3, 5, 0), 'it was so once before, and is still a surprise');
    const few = sorted(...same(0.1, 7), 0.6);
    assert.equal(unusuallyHigh(1, few, 3, 5, 0), undefined, 'one of eight was about as high');
  });

  it('count a median below the unit as the unit: many times nothing is nothing', () => {
    assert.equal(unusuallyHigh(5, same(0, 9), 3, 5, 2), undefined);
    const found = unusuallyHigh(50, same(0, 9), 3, 5, 2);
    assert.deepEqual(found, { count: 9, median: 0, times: undefined });
  });

  it('find next to nothing in values that lie far apart by nature', () => {
    const next = numbers(7);
    const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    const heavy = Array.from({ length: 2000 }, () => Math.exp(normal()));
    let found = 0;
    for (let at = 40; at < heavy.length; at++) {
      if (unusuallyHigh(heavy[at] ?? 0, sorted(...heavy.slice(at - 40, at)), 3, 5, 0)) found++;
    }
    assert.ok(found < 20, `${found} of 1,960 values of one distribution`);
  });

  it('say which share of how many values a high one covers', () => {
    assert.equal(usualHigh(sorted()), undefined);
    assert.deepEqual(usualHigh(sorted(1, 2, 9)), { value: 9, percent: 100, count: 3 });
    assert.deepEqual(usualHigh(sorted(...same(1, 7), 9)), { value: 9, percent: 100, count: 8 });
    const one = sorted(...same(1, 19), 500);
    assert.deepEqual(usualHigh(one), { value: 1, percent: 95, count: 20 });
    const many = Float64Array.from({ length: 200 }, (_, i) => i + 1);
    assert.deepEqual(usualHigh(many), { value: 198, percent: 99, count: 200 });
  });
});

describe('samples', () => {
  const runs = Array.from({ length: 20 }, (_, i) => runOf(`r${i}`, { start: 1000 - i }));
  const filled = () => {
    const samples = createSamples();
    for (const [i, run] of runs.entries()) samples.add('key', run, i);
    return samples;
  };

  it('leave out the run itself', () => {
    const samples = createSamples();
    for (const run of runs.slice(0, 4)) samples.add('key', run, run === runs[1] ? 99 : 1);
    assert.deepEqual([...Array.from(samples.without('key', runs[1]!))], [1, 1, 1]);
    assert.equal(samples.without('key', runs[0]!).length, 3);
    assert.equal(samples.without('other', runs[0]!).length, 0);
  });

  it('prefer runs that began before, and give all others to the first ones', () => {
    const samples = filled();
    assert.deepEqual(
      Array.from(samples.without('key', runs[10]!)),
      [11, 12, 13, 14, 15, 16, 17, 18, 19],
    );
    assert.equal(samples.without('key', runs[19]!).length, 19, 'the first run of all');
    assert.equal(samples.without('key', runs[16]!).length, 19, 'three before it are too few');
  });

  it('keep the newest, whenever these are added: what is usual moves on with a file that is followed', () => {
    const samples = createSamples();
    const at = (time: number) => runOf(`at ${time}`, { start: time });
    for (let time = 3000; time > 0; time--) samples.add('key', at(time), time);
    const kept = () => Array.from(samples.without('key', runOf('later', { start: 1e9 })));
    assert.deepEqual([kept().length, kept()[0], kept().at(-1)], [600, 2401, 3000]);
    for (let time = 3001; time <= 8000; time++) samples.add('key', at(time), time);
    assert.deepEqual([kept().length, kept()[0], kept().at(-1)], [600, 7401, 8000]);
    samples.add('key', at(5000), 1);
    assert.equal(kept()[0], 7401, 'an older one has no room');
    samples.add('new', at(8001), 7);
    assert.deepEqual(Array.from(samples.without('new', at(9000))), [7]);
  });

  it('are bounded: by run, by key and in all, and what is no number is left out', () => {
    const samples = createSamples();
    const [one, other] = [runOf('one'), runOf('other')];
    for (let i = 0; i < 100_000; i++) samples.add('key', one, i);
    const of = Array.from(samples.without('key', other));
    assert.ok(of.length <= 20, `${of.length}`);
    assert.ok(
      of.some(value => value > 1000),
      'not only the first ones are kept',
    );
    for (let i = 0; i < 10_000; i++) samples.add(`key ${i}`, one, 1);
    assert.equal(samples.without('key 9999', other).length, 0);
    for (let i = 0; i < 5000; i++) samples.add('key', runOf(`more ${i}`), 1);
    assert.ok(samples.without('key', other).length <= 600 + 20);
    samples.add('none', one, Number.NaN);
    samples.add('none', one, undefined);
    assert.equal(samples.without('none', other).length, 0);
  });
});

describe('what is usual in a file', () => {
  const step = (index: number, ms: number) => [
    call('c', 0, ms, { input: 1000 + index, output: 100 }, { cost: 0.01 * (index + 1) }),
    tool('t', 'search', ms, ms + 50, { metadata: { tool_result: 'x'.repeat(10 * (index + 1)) } }),
  ];
  const runs = Array.from({ length: 6 }, (_, i) => runWith(step(i, 100), { start: 1000 * i }));

  it('is told by name: of runs, tools and calls', () => {
    const { usual } = contextOf(runs[0]!, runs.slice(1));
    assert.deepEqual(
      Array.from(usual.run('research_agent').costs, cost => Math.round(cost * 100)),
      [2, 3, 4, 5, 6],
    );
    assert.equal(usual.run('other').costs.length, 0);
    assert.deepEqual(Array.from(usual.run('research_agent').calls), [1, 1, 1, 1, 1]);
    assert.deepEqual(Array.from(usual.tool('search').resultChars), [20, 30, 40, 50, 60]);
    assert.equal(usual.tool('search').shapes.get('text'), 5);
    assert.deepEqual(Array.from(usual.tool('search').durations), [50, 50, 50, 50, 50]);
    const of = usual.call('llm_call', 'claude-sonnet-4-5');
    assert.deepEqual(Array.from(of.inputTokens), [1001, 1002, 1003, 1004, 1005]);
    assert.deepEqual(Array.from(of.pace), [1, 1, 1, 1, 1]);
    assert.equal(usual.call('llm_call', 'another').durations.length, 0);
  });

  it('knows nothing of runs that go on, and of spans that failed', () => {
    const usual = createUsual();
    const [run, other] = [runOf('a', { status: 'running', end: undefined }), runOf('b')];
    usual.addRun(run);
    usual.addRun(runOf('c', { partial: true }));
    usual.addSpans(other, [{ ...tool('t', 'search', 0, 9).span, status: 'error' }]);
    const seen = usual.seenFrom(runOf('d'));
    assert.equal(seen.run('agent').durations.length, 0);
    assert.equal(seen.tool('search').durations.length, 0);
  });

  it('takes runs that went well, and all where these are few', () => {
    const usual = createUsual();
    for (let i = 0; i < 9; i++) {
      usual.addRun(runOf(`ok${i}`, { cost: 0.5 }));
      usual.addRun(runOf(`failed${i}`, { cost: 0.001, status: 'error' }));
      usual.addRun(runOf(`only${i}`, { cost: 0.2, status: 'error', name: 'flaky' }));
    }
    const seen = usual.seenFrom(runOf('x'));
    assert.deepEqual([...new Set(Array.from(seen.run('agent').costs))], [0.5]);
    assert.equal(seen.run('flaky').costs.length, 9);
  });

  it('has room for tools, although each run has a name of its own', () => {
    const usual = createUsual();
    for (let i = 0; i < 1500; i++) usual.addRun(runOf(`r${i}`, { name: `run ${i}` }));
    const run = runOf('last', { name: 'last' });
    usual.addSpans(run, [tool('t', 'search', 0, 9).span]);
    assert.deepEqual(Array.from(usual.seenFrom(runOf('x')).tool('search').durations), [9]);
  });

  it('keeps names apart that JavaScript has a meaning for, and is the same each time', () => {
    const usual = createUsual();
    for (let i = 0; i < 9; i++) usual.addRun(runOf(`r${i}`, { name: 'constructor', cost: 1 }));
    const seen = usual.seenFrom(runOf('x'));
    assert.equal(seen.run('constructor').costs.length, 9);
    assert.equal(seen.run('__proto__').costs.length, 0);
    assert.equal(seen.run('constructor'), seen.run('constructor'), 'worked out once');
  });
});
