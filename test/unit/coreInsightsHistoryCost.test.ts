import assert from 'node:assert/strict';
import { findCostSpike } from '../../src/core/insights/costSpike.ts';
import { findTokenSpikes } from '../../src/core/insights/tokenSpike.ts';
import { findUnpricedSpike } from '../../src/core/insights/unpricedSpike.ts';
import { readPriceOverrides } from '../../src/core/priceOverrides.ts';
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
import { numbers } from './support/runs.ts';

const calls = (...costs: readonly number[]): readonly Recorded[] =>
  costs.map((cost, i) =>
    call(`c${i + 1}`, i * 1000, i * 1000 + 900, { input: 2000, output: 300 }, { cost }),
  );
/** About $0.14, in seven calls. */
const usually = (count = 12) =>
  earlier(count, i => calls(...new Array(7).fill(0.02 + (i % 3) * 0.001)));

describe('a token spike of a run that has no price', () => {
  const runs = (...tokens: readonly number[]) =>
    tokens.map((input, i) => call(`c${i + 1}`, i * 1000, i * 1000 + 900, { input, output: 100 }));
  const others = earlier(12, i => runs(5000, 5000 + i * 10));
  const found = (...tokens: readonly number[]) =>
    find(findUnpricedSpike, runWith(runs(...tokens)), others);

  it('says how many tokens it took, and how many are usual', () => {
    const [insight] = found(5000, 90_000);
    assert.equal(
      sentence(insight),
      'This run took 95.2k tokens, 9.3 times the usual 10.3k of 12 runs of research_agent; ' +
        'what they cost is not known.',
    );
    assert.deepEqual(
      [insight?.type, insight?.severity, insight?.spanIds],
      ['token-spike', 'warning', ['c2', 'root']],
    );
  });

  it('is as many times as the setting says, and none where the cost is known', () => {
    assert.equal(place(found(5000, 31_000)), 'info at c2');
    assert.equal(place(found(5000, 15_000)), '');
    const paid = runWith([call('c1', 0, 9, { input: 95_000 }, { cost: 0.01 })]);
    assert.equal(place(find(findUnpricedSpike, paid, others)), '');
  });
});

describe('cost spike', () => {
  it('says what a run cost, what is usual, and which call made it dear', () => {
    const dear = call('c4', 4000, 9000, { input: 190_000, output: 300 }, { cost: 0.61 });
    const run = runWith([...calls(0.02, 0.02, 0.02), dear]);
    const [insight] = find(findCostSpike, run, usually());
    assert.equal(
      sentence(insight),
      'This run cost $0.6700, 4.6 times the usual $0.1470 of 12 runs of research_agent; ' +
        'call 4 alone cost $0.6100, with 190k uncached input tokens.',
    );
    assert.deepEqual([insight?.severity, ...(insight?.spanIds ?? [])], ['warning', 'c4', 'root']);
  });

  it('names what a call paid for by the prices of whoever looks', () => {
    const said = (own: unknown) => {
      const dear = call('c4', 4000, 9000, { input: 9000, output: 9000 }, { cost: 0.61 });
      const run = runWith([...calls(0.02, 0.02, 0.02), dear]);
      const { prices } = readPriceOverrides({ 'claude-sonnet-4-5': own });
      return sentence(find(findCostSpike, run, usually(), {}, prices)[0]);
    };
    assert.match(said({ input: 90, output: 1 }), /9,000 uncached input tokens/);
    assert.match(said({ input: 1, output: 90 }), /9,000 output tokens/);
  });

  it('names what a call paid for: an answer, the cache, or nothing that was recorded', () => {
    const words = (usage: Parameters<typeof call>[3]) =>
      /alone cost \$2\.00(.*)\.$/.exec(
        sentence(
          find(findCostSpike, runWith([call('c1', 0, 9, usage, { cost: 2 })]), usually())[0],
        ),
      )?.[1];
    assert.equal(words({ input: 100, output: 90_000 }), ', with 90.0k output tokens');
    assert.equal(
      words({ input: 100, cacheWrite5m: 500_000, output: 10 }),
      ', with 500k tokens written to the cache',
    );
    assert.equal(
      words({ input: 100, cacheRead: 900_000, output: 10 }),
      ', with 900k tokens read from the cache',
    );
    assert.equal(words({}), undefined);
  });

  it('says of many calls of the usual cost how many they were', () => {
    const run = runWith(calls(...new Array(60).fill(0.021)));
    const [insight] = find(findCostSpike, run, usually());
    assert.match(sentence(insight), /; it made 60 model calls, usually 7\.$/);
    assert.equal(insight?.severity, 'warning');
    assert.equal(insight?.spanIds[0], 'root');
  });

  it('names the branch that was dear, where no single call was', () => {
    const below = (parentSpanId: string, of: readonly Recorded[]): readonly Recorded[] =>
      of.map(one => ({
        ...one,
        span: { ...one.span, spanId: `${parentSpanId}-${one.span.spanId}`, parentSpanId },
      }));
    const inner = tool('inner', 'investigate', 0, 90_000, { kind: 'agent' });
    const branch = [
      tool('outer', 'ask', 0, 99_000),
      ...below('outer', [inner]),
      ...below('outer-inner', calls(...new Array(40).fill(0.021))),
    ];
    const run = runWith([...calls(...new Array(7).fill(0.02)), ...branch]);
    const [insight] = find(findCostSpike, run, usually());
    assert.deepEqual(insight?.spanIds, ['outer-inner', 'root']);
    const [, , said] = insight?.evidence ?? [];
    assert.deepEqual([said?.word, said?.values[1]], ['evidenceCostBelow', '$0.8400']);
  });

  it('is only said of less than a cent, and only where it is far more', () => {
    const tiny = earlier(20, () => calls(0.0002));
    assert.equal(place(find(findCostSpike, runWith(calls(0.005)), tiny)), 'info at c1');
  });

  it('is found again in the next run, and although other runs failed early', () => {
    const failed = earlier(10, () => calls(0.001), { status: 'error' });
    const spiked = earlier(1, () => calls(0.9));
    const found = find(findCostSpike, runWith(calls(0.9)), [...usually(), ...failed, ...spiked]);
    assert.equal(place(found), 'warning at c1');
  });

  it('is found after the price went up, not only once half of all runs are dear', () => {
    const dear = Array.from({ length: 30 }, (_, i) =>
      runWith(calls(1), { start: 1_790_000_000_000 + (i + 1) * 60_000 }),
    );
    assert.equal(find(findCostSpike, runWith(calls(1)), [...usually(), ...dear]).length, 1);
  });

  it('is found in the first run of a file, from those after it', () => {
    const first = runWith(calls(0.9), { start: 1 });
    assert.equal(find(findCostSpike, first, usually()).length, 1);
  });

  it('says the least of a run whose calls are not all priced', () => {
    const unpriced = call('c9', 9000, 9100, { input: 5 }, { costSource: 'unpriced' });
    const [insight] = find(findCostSpike, runWith([...calls(0.9), unpriced]), usually());
    assert.match(sentence(insight), /^This run cost \$0\.9000/);
    assert.ok(insight?.evidence.some(one => one.word === 'evidenceUnpricedToo'));
  });

  const none = (cost: readonly Recorded[], others: Parameters<typeof find>[2], why: string) =>
    assert.equal(find(findCostSpike, runWith(cost), others).length, 0, why);

  it('is none where the usual is wide, or one run in five is as dear', () => {
    const next = numbers(3);
    none(
      calls(0.75),
      earlier(30, () => calls(0.02 + next() * 0.6)),
      'within what happens',
    );
    none(
      calls(0.8),
      earlier(30, i => calls(i % 5 === 0 ? 0.8 : 0.1)),
      'deep runs beside quick ones',
    );
  });

  it('is none of cents of a cent, of twice the usual, of few runs, of runs of another name', () => {
    none(
      calls(0.0008),
      earlier(20, () => calls(0.00001)),
      'cents of a cent',
    );
    none(
      calls(0.008),
      earlier(20, () => calls(0.001)),
      'less than a cent, eight times as much',
    );
    none(calls(0.29), usually(), 'twice the usual');
    none(calls(5), usually(4), 'four runs are no history');
    none(
      calls(5),
      earlier(20, () => calls(0.1), { name: 'other_agent' }),
      'another name',
    );
  });

  it('is none of a cheap run, and none where runs usually cost nothing', () => {
    none(calls(0.001), usually(), 'cheaper than usual');
    none(
      calls(0.5),
      earlier(20, () => []),
      'no share of nothing is usual',
    );
  });

  it('is said without alarm of a run that was asked for as much more', () => {
    const asking = (chars: number, cost: number) => [
      call(
        'c1',
        0,
        900,
        { input: chars / 4, output: 10 },
        {
          cost,
          metadata: { request: { messages: [{ role: 'user', content: 'x'.repeat(chars) }] } },
        },
      ),
    ];
    const others = earlier(12, () => asking(4000, 0.1));
    assert.equal(find(findCostSpike, runWith(asking(40_000, 1)), others)[0]?.severity, 'info');
    assert.equal(find(findCostSpike, runWith(asking(4000, 1)), others)[0]?.severity, 'warning');
  });
});

const read = (id: string, at: number, chars: number): Recorded =>
  tool(id, 'read_file', at, at + 100, { metadata: { tool_result: 'x'.repeat(chars) } });
const given = (id: string, at: number, input: number, ...results: readonly number[]): Recorded =>
  call(
    id,
    at,
    at + 500,
    { input, output: 100 },
    {
      cost: 0.01,
      metadata: {
        request: {
          system: 's'.repeat(4000),
          messages: [
            { role: 'user', content: 'Summarise the file.' },
            ...results.map(chars => ({
              role: 'user',
              content: [{ type: 'tool_result', tool_use_id: 'u', content: 'x'.repeat(chars) }],
            })),
          ],
        },
      },
    },
  );
const reading = (chars: number) => [
  given('c1', 0, 1000),
  read('t1', 600, chars),
  given('c2', 800, 1000 + chars / 4, chars),
];

describe('token spike', () => {
  const others = earlier(12, i => reading(11_000 + i * 200));

  it('says how large a result is, what is usual, and its share of the call it was given to', () => {
    const [insight] = find(findTokenSpikes, runWith(reading(212_000)), others);
    assert.equal(
      sentence(insight),
      'read_file returned 212,000 characters, 18 times the usual 12,100 of 12 results; ' +
        'with about 53.0k tokens, they are 98 % of the input of call 2.',
    );
    assert.deepEqual(insight?.spanIds, ['t1', 'c2']);
    assert.equal(insight?.severity, 'warning');
  });

  it('is found where no prompt was recorded, by how much the input grew', () => {
    const plain = (chars: number, grown: number) => [
      call('c1', 0, 500, { input: 1000 }),
      read('t1', 600, chars),
      call('c2', 800, 900, { input: 1000 + grown }),
    ];
    assert.equal(
      place(find(findTokenSpikes, runWith(plain(80_000, 20_000)), others)),
      'warning at t1',
    );
    assert.equal(find(findTokenSpikes, runWith(plain(80_000, 500)), others).length, 0, 'not given');
  });

  it('is found where results are given as plain text, and not where only an older one is there', () => {
    const [c1, t1] = reading(80_000) as [Recorded, Recorded];
    const prompt = (...messages: readonly string[]) => ({ metadata: { request: { messages } } });
    const text = call('c2', 800, 900, { input: 21_000 }, prompt('Result:', 'x'.repeat(80_000)));
    assert.equal(place(find(findTokenSpikes, runWith([c1, t1, text]), others)), 'warning at t1');
    const older = 'x'.repeat(90_000);
    const run = [
      call('c1', 0, 100, { input: 22_000 }, prompt('Result:', older)),
      read('t1', 200, 80_000),
      call('c2', 800, 900, { input: 22_100 }, prompt('Result:', older, 'That was long.')),
    ];
    assert.deepEqual(find(findTokenSpikes, runWith(run), others), []);
  });

  it('is found in a step of its own, and in a retrieval', () => {
    const step = (id: string, at: number) => ({
      ...tool(id, '', at, at + 500, { kind: 'chain', name: id, toolName: undefined }),
    });
    const inside = (one: Recorded, parentSpanId: string): Recorded => ({
      ...one,
      span: { ...one.span, parentSpanId },
    });
    const [c1, t1, c2] = reading(200_000) as [Recorded, Recorded, Recorded];
    const steps = [
      step('s1', 0),
      inside(c1, 's1'),
      inside(t1, 's1'),
      step('s2', 750),
      inside(c2, 's2'),
    ];
    assert.equal(place(find(findTokenSpikes, runWith(steps), others)), 'warning at t1');
    const retrieval = (all: readonly Recorded[]) =>
      all.map(one =>
        one.span.kind === 'tool'
          ? { ...one, span: { ...one.span, kind: 'retrieval' as const } }
          : one,
      );
    const found = find(
      findTokenSpikes,
      runWith(retrieval(reading(200_000))),
      earlier(9, () => retrieval(reading(9000))),
    );
    assert.equal(found.length, 1);
  });

  it('is found among the results of the run itself where the file has no other', () => {
    const many = Array.from({ length: 8 }, (_, i) => read(`r${i}`, i * 110, 6000 + i));
    const run = runWith([...many, read('big', 1000, 150_000), given('c', 1200, 60_000, 150_000)]);
    assert.equal(place(find(findTokenSpikes, run)), 'warning at big');
  });

  it('is one for all large results of a tool', () => {
    const run = runWith([
      read('t1', 0, 150_000),
      read('t2', 200, 190_000),
      given('c', 400, 90_000, 150_000, 190_000),
    ]);
    const found = find(findTokenSpikes, run, others);
    assert.deepEqual(
      found.map(one => one.spanIds),
      [['t2', 'c', 't1']],
    );
  });

  it('is none of a result that is large but usual, or small and many times the usual', () => {
    const large = earlier(12, i => reading(180_000 + i * 3000));
    assert.equal(find(findTokenSpikes, runWith(reading(212_000)), large).length, 0);
    const small = earlier(12, () => reading(100));
    assert.equal(find(findTokenSpikes, runWith(reading(3000)), small).length, 0);
  });

  it('is none of a result that was not given on, or only its beginning', () => {
    const [c1, t1] = reading(200_000) as [Recorded, Recorded];
    assert.equal(find(findTokenSpikes, runWith([c1, t1]), others).length, 0, 'no call after it');
    const cut = [c1, t1, given('c2', 800, 3000, 4000)];
    assert.equal(find(findTokenSpikes, runWith(cut), others).length, 0, 'cut before it was given');
    const first = [given('c2', 0, 60_000, 200_000), read('t1', 900, 200_000)];
    assert.equal(find(findTokenSpikes, runWith(first), others).length, 0, 'the call came first');
  });

  it('is none of a small share of a large input, and none of a tool that is not known', () => {
    const [c1, t1] = reading(60_000) as [Recorded, Recorded];
    const among = call(
      'c2',
      800,
      900,
      { input: 800_000 },
      {
        metadata: {
          request: {
            system: 's'.repeat(3_000_000),
            messages: [{ role: 'tool', content: 'x'.repeat(60_000) }],
          },
        },
      },
    );
    assert.equal(find(findTokenSpikes, runWith([c1, t1, among]), others).length, 0);
    assert.equal(find(findTokenSpikes, runWith(reading(200_000))).length, 0);
  });

  it('is none where the results of a tool always differ much', () => {
    const next = numbers(11);
    const wide = earlier(40, () => reading(Math.round(1000 * Math.exp(next() * 5))));
    assert.equal(find(findTokenSpikes, runWith(reading(120_000)), wide).length, 0);
  });
});
