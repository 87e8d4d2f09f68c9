import assert from 'node:assert/strict';
import { sumCost } from '../../src/core/cost.ts';
import { type CostRow, costKeyWord, modelRow, otherRow } from '../../src/core/costBy.ts';
import { costByModel, costOfRun } from '../../src/core/costByOthers.ts';
import { costByTool } from '../../src/core/costByTool.ts';
import type { CostPart } from '../../src/core/costPart.ts';
import { CostSums, mostRows } from '../../src/core/costSums.ts';
import { nearestRank } from '../../src/core/distribution.ts';
import { inputCost } from '../../src/core/inputCost.ts';
import type { Span, Usage } from '../../src/core/model.ts';
import type { Price } from '../../src/core/price.ts';
import { exactValues, Quantiles } from '../../src/core/quantiles.ts';
import type { ResultSize } from '../../src/core/resultSize.ts';
import { englishWords } from '../../src/core/words.ts';
import { numbers, runOf } from './support/runs.ts';
import { span, spans, tree } from './support/tree.ts';

const none: ResultSize = { chars: undefined, tokens: undefined };
const day = Date.UTC(2026, 10, 28);

/** The price of `m`: input 1, output 2 dollars a million. */
const table: readonly Price[] = [
  {
    model: 'm',
    rates: { input: 1, cacheWrite5m: 1, cacheWrite1h: 1, cacheRead: 0.1, output: 2 },
    source: 'user',
  },
];

/** The picture's spans, calls of 1000 input tokens and 1 dollar, results of so many characters by name. */
function partsOf(
  picture: string,
  results: Readonly<Record<string, number | ResultSize>>,
  change: Readonly<Record<string, Partial<Span>>> = {},
): Record<string, { own: number; attributed: number; calls: number }> {
  const drawn = spans(picture).map(one => ({
    ...one,
    ...(one.kind === 'llm' && {
      cost: 1,
      costSource: 'recorded' as const,
      usage: { input: 1000, output: 0 } satisfies Usage,
    }),
    ...change[one.name],
  }));
  const parts = costByTool(
    tree(drawn),
    node => {
      const size = results[node.span.name];
      return typeof size === 'number' ? { ...none, chars: size } : (size ?? none);
    },
    table,
  );
  const round = (value: number): number => Number(value.toFixed(9));
  return Object.fromEntries(
    parts.map(part => [
      part.key,
      { own: round(part.own), attributed: round(part.attributed), calls: part.calls },
    ]),
  );
}

const costsOf = (parts: ReturnType<typeof partsOf>) =>
  Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, part.attributed]));

describe('cost by tool', () => {
  it('gives a tool the share that its result is of the next call under the same parent', () => {
    const parts = partsOf(
      `
agent agent 0-100
  ask llm 1-10
  search tool 11-20
  other agent 21-40
    think llm 22-30
  answer llm 41-50
  more llm 51-60
`,
      { search: 400 },
    );
    assert.deepEqual(parts, {
      [modelRow]: { own: 4, attributed: 3.9, calls: 4 },
      search: { own: 0, attributed: 0.1, calls: 1 },
    });
  });

  it('takes tokens where they are known, and never more than the call had', () => {
    const picture = 'agent agent 0-9\n  a tool 1-2\n  b tool 1-3\n  answer llm 4-5';
    const known = { a: { chars: 4_000_000, tokens: 500 }, b: { chars: 4, tokens: 250 } };
    assert.deepEqual(costsOf(partsOf(picture, known)), { [modelRow]: 0.25, a: 0.5, b: 0.25 });
    const large = { a: 30_000, b: 10_000 };
    assert.deepEqual(costsOf(partsOf(picture, large)), { [modelRow]: 0, a: 0.75, b: 0.25 });
    assert.deepEqual(costsOf(partsOf(picture, {})), { [modelRow]: 1, a: 0, b: 0 });
  });

  it('takes only the input part of what a call cost', () => {
    const picture = 'agent agent 0-9\n  a tool 1-2\n  answer llm 4-5';
    const usage = { input: 1000, output: 500 };
    const of = (model: string) =>
      costsOf(partsOf(picture, { a: { chars: 1, tokens: 1000 } }, { answer: { usage, model } }));
    assert.deepEqual(of('m'), { [modelRow]: 0.5, a: 0.5 }, 'by the ratio of its prices');
    assert.deepEqual(of('n'), { [modelRow]: 0.333333333, a: 0.666666667 }, 'by its tokens');
  });

  it('counts what is below a tool once, with the innermost tool', () => {
    const parts = partsOf(
      `
agent agent 0-100
  outer tool 1-50
    sub agent 2-49
      plan llm 3-4
      inner tool 5-20
        guess llm 6-7
      sum llm 21-22
  answer llm 60-70
`,
      { inner: 400, outer: 800 },
    );
    assert.deepEqual(parts, {
      [modelRow]: { own: 1, attributed: 0.8, calls: 1 },
      outer: { own: 2, attributed: 2.1, calls: 1 },
      inner: { own: 1, attributed: 1.1, calls: 1 },
    });
  });

  it('goes by the parent that was recorded, not by where a span without one stands', () => {
    const orphans =
      'agent agent 0-9\n  a tool 1-2 <x\n  b tool 1-2\n  c llm 3-4 <x\n  d llm 5-6 <y';
    assert.deepEqual(costsOf(partsOf(orphans, { a: 400, b: 400 })), {
      [modelRow]: 1.9,
      a: 0.1,
      b: 0,
    });
    const flat = 'a tool 1-2\nanswer llm 3-4\nb tool 5-6\nlast llm 7-8';
    assert.deepEqual(costsOf(partsOf(flat, { a: 400, b: 800 })), {
      [modelRow]: 1.7,
      a: 0.1,
      b: 0.2,
    });
  });

  it('passes over calls that failed before they read anything, and over times that are none', () => {
    const picture = 'agent agent 0-9\n  a tool 1-2\n  failed llm 3-4 !\n  answer llm 5-6';
    const failed: Partial<Span> = { usage: {}, cost: undefined, costSource: 'none' };
    assert.deepEqual(costsOf(partsOf(picture, { a: 400 }, { failed })), {
      [modelRow]: 0.9,
      a: 0.1,
    });
    const timeless = 'agent agent 0-0\n  ask llm 0-0\n  a tool 0-0\n  answer llm 0-0';
    const ask = { usage: { input: 10 } };
    assert.deepEqual(costsOf(partsOf(timeless, { a: 400 }, { ask })), { [modelRow]: 1.9, a: 0.1 });
    const open = 'agent agent 0-9\n  a tool 1-\n  answer llm 5-6';
    assert.deepEqual(costsOf(partsOf(open, { a: 400 })), { [modelRow]: 1, a: 0 });
  });

  it('adds up to what a run costs, whatever its tree', () => {
    const kinds = ['agent', 'llm', 'llm', 'tool', 'tool', 'retrieval', 'chain', 'other'] as const;
    for (let seed = 1; seed <= 300; seed++) {
      const next = numbers(seed);
      const whole = (below: number): number => Math.floor(next() * below);
      const drawn = Array.from({ length: 1 + whole(60) }, (_, i): Span => {
        const start = whole(40);
        const priced = next() < 0.7;
        return span(`s${i}`, {
          parentSpanId: next() < 0.1 ? `gone${whole(3)}` : i === 0 ? undefined : `s${whole(60)}`,
          kind: kinds[whole(kinds.length)] ?? 'other',
          toolName: next() < 0.5 ? `tool ${whole(3)}` : undefined,
          start: next() < 0.1 ? undefined : start,
          end: next() < 0.1 ? undefined : start + whole(5),
          status: next() < 0.2 ? 'error' : 'ok',
          model: ['m', 'n', undefined][whole(3)],
          usage:
            next() < 0.2 ? {} : { input: whole(2000), cacheRead: whole(100), output: whole(9) },
          cost: priced ? next() : undefined,
          costSource: priced ? 'recorded' : 'unpriced',
        });
      });
      const built = tree(drawn);
      const parts = costByTool(built, () => ({ ...none, chars: whole(5000) }), table);
      const { pricedCost, unpricedCalls } = sumCost(drawn);
      const sum = (of: (part: CostPart) => number): number =>
        parts.reduce((all, part) => all + of(part), 0);
      const near = (value: number, what: string): void =>
        assert.ok(Math.abs(value - pricedCost) < 1e-9, `${what} of seed ${seed}`);
      near(
        sum(part => part.own),
        'own',
      );
      near(
        sum(part => part.attributed),
        'attributed',
      );
      assert.equal(
        sum(part => part.unpriced),
        unpricedCalls,
      );
      assert.ok(
        parts.every(part => part.attributed > -1e-9),
        `a row below nothing in seed ${seed}`,
      );
      const tools = drawn.filter(({ kind }) => kind === 'tool' || kind === 'retrieval').length;
      const counted = parts.filter(part => part.key !== modelRow);
      assert.equal(
        counted.reduce((all, part) => all + part.calls, 0),
        tools,
      );
      const byModel = costByModel(built);
      near(
        byModel.reduce((all, part) => all + part.own, 0),
        'by model',
      );
    }
  });

  it('does not nest as deep as its spans', () => {
    const deep = Array.from({ length: 20_000 }, (_, i) =>
      span(`s${i}`, {
        parentSpanId: i === 0 ? undefined : `s${i - 1}`,
        kind: i % 2 === 0 ? 'tool' : 'llm',
        cost: 1,
        costSource: 'recorded',
      }),
    );
    const sum = costByTool(tree(deep), () => none).reduce((all, part) => all + part.attributed, 0);
    assert.equal(sum, 20_000);
  });
});

describe('cost by model, name and day', () => {
  it('counts calls, also those that failed, and no agents', () => {
    const parts = costByModel(
      tree([
        span('root', { kind: 'agent', model: 'm' }),
        span('a', { parentSpanId: 'root', model: 'm', cost: 2, costSource: 'recorded', end: 10 }),
        span('b', { parentSpanId: 'root', model: 'm', status: 'error' }),
        span('c', { parentSpanId: 'root', model: 'x', costSource: 'unpriced' }),
        span('d', { parentSpanId: 'root', kind: 'tool' }),
      ]),
    );
    assert.deepEqual(
      parts.map(({ key, calls, errors, own, unpriced }) => [key, calls, errors, own, unpriced]),
      [
        ['m', 2, 1, 2, 0],
        ['x', 1, 0, 0, 1],
      ],
    );
  });

  it('puts a run on its local day', () => {
    const at = (start: number | undefined, zone: number) =>
      costOfRun(runOf('r', { start, cost: 1, status: 'error' }), 'day', zone);
    assert.equal(at(day + 1, 0).key, '2026-11-28');
    assert.equal(at(day + 1, -3_600_000).key, '2026-11-27');
    assert.deepEqual([at(undefined, 0).key, at(1e17, 0).key], ['', '']);
    assert.deepEqual([at(day, 0).errors, at(day, 0).own, at(day, 0).durations], [1, 1, [1000]]);
    assert.equal(costOfRun(runOf('r', { name: 'n' }), 'name', 0).key, 'n');
  });
});

describe('the input part of a cost', () => {
  it('is nothing where no cost is known', () => {
    const of = (part: Partial<Span>): number => inputCost(span('s', part), table);
    assert.equal(of({ usage: { input: 5 } }), 0);
    assert.equal(of({ cost: 1 }), 0);
    assert.equal(of({ cost: 1, usage: { input: 5 } }), 1);
    assert.equal(of({ cost: 3, model: 'm', usage: { cacheRead: 20, output: 1 } }), 1.5);
  });
});

describe('costs of many runs', () => {
  const part = (key: string, attributed: number, durations: number[] = []): CostPart => ({
    ...{ key, calls: 1, errors: 0, own: attributed, attributed, unpriced: 0 },
    ...{ durations, resultChars: durations },
  });

  it('are rows, the dearest first, with percentiles of all', () => {
    const sums = new CostSums();
    for (const one of [part('a', 1, [1, 9]), part('b', 3), part('a', 1, [5])]) sums.add(one);
    const [b, a] = sums.rows as [CostRow, CostRow];
    assert.deepEqual([b.key, b.p50Ms, b.resultChars], ['b', undefined, undefined]);
    assert.deepEqual(
      [a.key, a.calls, a.attributedCostUsd, a.p50Ms, a.p99Ms, a.resultChars],
      ['a', 2, 2, 5, 9, { p50: 5, max: 9 }],
    );
  });

  it('take bounded room where each has a key of its own, and still add up', () => {
    const sums = new CostSums();
    for (let i = 0; i < mostRows * 3; i++) sums.add(part(`key ${i}`, 1));
    const { rows } = sums;
    assert.ok(rows.length <= mostRows + 1);
    assert.equal(
      rows.reduce((all, row) => all + row.attributedCostUsd, 0),
      mostRows * 3,
    );
    assert.equal(rows[0]?.key, otherRow);
  });
});

describe('what a row of costs is called', () => {
  const words = { ...englishWords, costsModelRow: '(Modell)', costsOtherRow: '(andere)' };

  it('is in the words of whoever reads it where it has no recorded name', () => {
    assert.equal(costKeyWord(modelRow, 'tool', words), '(Modell)');
    assert.equal(costKeyWord(otherRow, 'name', words), '(andere)');
    assert.equal(costKeyWord('', 'model', words), '(no model)');
    assert.equal(costKeyWord('', 'name', words), '(no name)');
  });

  it('is its name where it has one, also of a model that is called like the row of others', () => {
    assert.equal(costKeyWord('search', 'tool', words), undefined);
    assert.equal(costKeyWord(modelRow, 'model', words), undefined);
  });
});

describe('percentiles in bounded room', () => {
  it('are exact of few values and within a percent of many', () => {
    const next = numbers(5);
    for (const count of [0, 1, exactValues, exactValues * 20]) {
      const values = Array.from({ length: count }, () => Math.exp(next() * 20 - 5));
      const quantiles = new Quantiles();
      for (const value of values) quantiles.add(value);
      const sorted = Float64Array.from(values).sort();
      const slack = count <= exactValues ? 0 : 0.01;
      for (const percent of [0, 50, 95, 99, 100]) {
        const [found] = quantiles.at(percent);
        const exact = nearestRank(sorted, percent);
        if (exact === undefined) assert.equal(found, undefined);
        else assert.ok(Math.abs((found ?? 0) - exact) <= slack * exact, `${percent} of ${count}`);
      }
      assert.equal(quantiles.most, sorted.at(-1));
    }
  });

  it('know zeros', () => {
    const quantiles = new Quantiles();
    for (let i = 0; i < exactValues * 2; i++) quantiles.add(0);
    assert.deepEqual(quantiles.at(50, 99), [0, 0]);
  });
});
