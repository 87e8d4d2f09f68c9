import assert from 'node:assert/strict';
import { findLatencyOutliers } from '../../src/core/insights/latencyOutlier.ts';
import {
  call,
  earlier,
  find,
  place,
  type Recorded,
  runWith,
  sentence,
  tool,
} from './support/insightRuns.ts';

/** One call of the model, then one of a tool. */
const steps = (llm: number, search: number, output = 200): readonly Recorded[] => [
  call('c1', 0, llm, { input: 1000, output }),
  tool('t1', 'search', llm, llm + search),
];
const others = earlier(20, i => steps(2000 + i * 20, 300 + i * 10));
const found = (below: readonly Recorded[], beside = others) =>
  find(findLatencyOutliers, runWith(below), beside);

describe('latency outlier', () => {
  it('says how long a span took, and how long nearly all of its like take', () => {
    const [insight] = found(steps(2000, 9000));
    assert.equal(
      sentence(insight),
      'search took 9.00 s, 19 times the 480 ms within which 95 % of 20 such calls were done.',
    );
    assert.deepEqual([insight?.severity, insight?.spanIds], ['warning', ['t1']]);
    assert.ok(insight?.evidence.some(one => one.word === 'evidenceWaitedFor'));
  });

  it('says a slow run with the span that made it slow', () => {
    const insights = found(steps(2000, 9000));
    assert.equal(insights.length, 1);
    assert.ok(insights[0]?.evidence.some(one => one.word === 'evidenceRunTook'));
  });

  it('finds a call that wrote as much as usual, and slowly', () => {
    assert.equal(place(found(steps(40_000, 300))), 'warning at c1');
  });

  it('finds one slow call among those of the run itself where the file has no other', () => {
    const many = Array.from({ length: 9 }, (_, i) =>
      tool(`t${i}`, 'fetch', i * 300, i * 300 + 200),
    );
    const run = [...many, tool('slow', 'fetch', 3000, 12_000)];
    assert.equal(place(found(run, [])), 'warning at slow');
  });

  it('says that it failed, and for how long it waited between retries', () => {
    const failed = { status: 'error', error: 'timed out' } as const;
    const [tooLong] = found([
      ...steps(2000, 0).slice(0, 1),
      tool('t1', 'search', 2000, 32_000, failed),
    ]);
    assert.match(sentence(tooLong), /^search took 30\.00 s until it failed; 95 % of 20/);
    const retries = [
      { status: 429, wait_ms: 20_000 },
      { status: 429, wait_ms: 15_000 },
    ];
    const [slow] = found([
      call('c1', 0, 40_000, { input: 1000, output: 200 }, { metadata: { retries } }),
    ]);
    const waits = slow?.evidence.find(one => one.word === 'evidenceRetriesWaited');
    assert.deepEqual(waits?.values, ['35.00 s']);
  });

  it('does not say that a call failed which went well, where its like take no time', () => {
    const still = earlier(20, () => steps(2000, 0));
    const [slow] = found(steps(2000, 9000), still);
    assert.equal(
      sentence(slow),
      'search took 9.00 s; 95 % of 20 such calls were done within 0 ms.',
    );
  });

  it('does not alarm where the run did not wait for it', () => {
    const beside = [
      call('c1', 0, 20_000, { input: 1000, output: 2000 }),
      tool('t1', 'search', 0, 9000),
    ];
    const usual = earlier(20, () => [
      call('c1', 0, 20_000, { input: 1000, output: 2000 }),
      tool('t1', 'search', 0, 400),
    ]);
    assert.equal(place(found(beside, usual)), 'info at t1');
  });

  it('does not alarm of a shell, which takes as long as what it is given', () => {
    const shell = (ms: number) => [tool('t', 'bash', 0, ms)];
    const usual = earlier(20, i => shell(300 + i));
    assert.equal(place(found(shell(90_000), usual)), 'info at t');
  });

  it('is one for all slow calls of a name', () => {
    const run = [1, 2, 3].map(i => tool(`t${i}`, 'search', i * 5010, i * 5010 + 5000 + i));
    const insights = found(run).filter(one => one.said.word !== 'insightSlowRun');
    assert.deepEqual(
      insights.map(one => one.spanIds),
      [['t3', 't2', 't1']],
    );
    assert.match(sentence(insights[0]), /took up to 5\.00 s in 3 calls/);
  });

  it('says of a slow run without a slow span where its time went', () => {
    const idle = [tool('t1', 'search', 0, 300), tool('t2', 'search', 60_000, 60_300)];
    const [waiting] = found(idle);
    assert.match(sentence(waiting), /^This run took 1m 00s; .* for 59\.70 s of it nothing ran\.$/);
    assert.deepEqual([waiting?.severity, waiting?.spanIds], ['info', ['root', 't2']]);
    const many = Array.from({ length: 30 }, (_, i) =>
      call(`c${i}`, i * 2000, i * 2000 + 2000, { input: 1000, output: 200 }),
    );
    assert.match(sentence(found(many)[0]), /it made 30 model calls, usually 1\.$/);
    const unknown = [tool('new', 'reindex', 0, 90_000)];
    assert.match(sentence(found(unknown)[0]), /it waited 1m 30s for reindex\.$/);
    assert.equal(place(found(unknown)), 'warning at root');
  });

  const none = (below: readonly Recorded[], beside = others, why = '') =>
    assert.deepEqual(found(below, beside).map(sentence), [], why);

  it('is none below a floor: nobody cares about 3 ms instead of 1', () => {
    none(
      steps(2000, 400),
      earlier(20, () => steps(2000, 1)),
      'a third of a second',
    );
    none(
      [tool('t', 'hash', 0, 3)],
      earlier(20, () => [tool('t', 'hash', 0, 1)]),
    );
  });

  it('is only said where few are known, unless it is far beyond them', () => {
    const few = others.slice(0, 6);
    assert.equal(place(found(steps(2000, 1000), few)), 'info at t1');
    assert.equal(place(found(steps(2000, 4000), few)), 'warning at t1');
    assert.equal(place(found(steps(2000, 1600))), 'warning at t1', 'twenty are enough');
    const run = (ms: number) => [tool('new', 'reindex', 0, ms)];
    assert.equal(place(found(run(6000), few)), 'info at root');
    assert.equal(place(found(run(12_000), few)), 'warning at root');
  });

  it('is none of a call that took longer because it wrote more', () => {
    none(
      [call('c1', 0, 60_000, { input: 1000, output: 6000 })],
      earlier(20, () => [
        call('c1', 0, 2000, { input: 1000, output: 200 }),
        tool('rest', 'search', 2000, 60_000),
      ]),
    );
  });

  it('is none where such times happen: in one of ten, or always', () => {
    none(
      steps(2000, 9000),
      earlier(40, i => steps(2000, i % 10 === 0 ? 9500 : 300)),
    );
    none(
      steps(2000, 9000),
      earlier(20, i => steps(2000, 8000 + i)),
    );
  });

  it('is none of what waits for a person or is meant to wait', () => {
    const asks = (ms: number) => [tool('t', 'ask_user', 0, ms), tool('u', 'sleep', 0, ms)];
    const waits = find(
      findLatencyOutliers,
      runWith(asks(600_000)),
      earlier(20, () => asks(900)),
    );
    assert.deepEqual(
      waits.map(one => one.severity),
      ['info'],
      'the run itself was slow',
    );
    assert.ok(waits[0]?.spanIds[0] === 'root');
  });

  it('is none with too little to compare with, and none of what goes on', () => {
    none(steps(2000, 9000), others.slice(0, 4));
    const open = {
      ...steps(2000, 0)[0]!,
      span: { ...steps(2000, 0)[0]!.span, end: undefined, status: 'running' as const },
    };
    none([open]);
  });

  it('is none of an agent or chain: what is inside it is looked at', () => {
    const chain = (ms: number): readonly Recorded[] => [
      { ...tool('s', '', 0, ms, { kind: 'chain', name: 'step', toolName: undefined }) },
      {
        ...tool('t', 'search', 0, ms),
        span: { ...tool('t', 'search', 0, ms).span, parentSpanId: 's' },
      },
    ];
    const insights = find(
      findLatencyOutliers,
      runWith(chain(9000)),
      earlier(20, () => chain(300)),
    );
    assert.deepEqual(
      insights.map(one => one.spanIds[0]),
      ['t'],
    );
  });
});
