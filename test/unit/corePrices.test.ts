import assert from 'node:assert/strict';
import type { Price } from '../../src/core/price.ts';
import { readPriceOverrides } from '../../src/core/priceOverrides.ts';
import { priceOf } from '../../src/core/prices.ts';
import { priceSources, priceTable, priceTableVersion } from '../../src/core/priceTable.ts';
import { recomputedCost } from '../../src/core/recomputedCost.ts';
import { span } from './support/tree.ts';

const november = Date.UTC(2026, 10, 25);
const holds = (price: Price, at: number): boolean =>
  at >= (price.from ?? Number.NEGATIVE_INFINITY) && at < (price.until ?? Number.POSITIVE_INFINITY);

describe('price table', () => {
  it('has one price at a time for each id, and none that is 0 or costs more read than written', () => {
    const edges = priceTable.flatMap(({ from, until }) => [from ?? 0, until ?? november]);
    for (const price of priceTable) {
      for (const id of [price.model, ...(price.aliases ?? [])]) {
        for (const at of edges) {
          const all = priceTable.filter(
            one => (one.model === id || one.aliases?.includes(id)) && holds(one, at),
          );
          assert.ok(all.length <= 1, `${id} has ${all.length} prices`);
        }
      }
      for (const rates of [price.rates, price.longPrompt?.rates ?? price.rates]) {
        assert.ok(Object.values(rates).every(rate => rate > 0));
        assert.ok(rates.cacheRead <= rates.input && rates.input <= rates.cacheWrite5m);
        assert.ok(rates.cacheWrite5m <= rates.cacheWrite1h && rates.input < rates.output);
      }
      assert.ok(price.source !== 'user' && priceSources[price.source].read);
    }
  });

  it('has a version that is a day, whose prices hold for what has no date', () => {
    assert.match(priceTableVersion, /^\d{4}-\d\d-\d\d$/);
    for (const model of ['gemini-3.8-flash', 'gpt-5.6-sol', 'claude-sonnet-5-5']) {
      const price = priceOf(model, undefined);
      assert.ok(price);
      assert.equal(price, priceOf(model, Date.parse(priceTableVersion)));
    }
    assert.equal(priceOf('gemini-3.8-flash', undefined)?.rates.input, 0.75);
    assert.equal(priceOf('gemini-3.8-flash', Date.UTC(2027, 0, 1))?.rates.input, 1.5);
  });

  it('knows a dated id of its own price, and no model that is not in it', () => {
    assert.equal(priceOf('gpt-4o-2024-05-13', november)?.rates.input, 5);
    assert.equal(priceOf('gpt-4o-2024-08-06', november)?.rates.input, 2.5);
    const opus = priceOf('claude-opus-5', november);
    assert.ok(opus);
    assert.equal(priceOf('claude-opus-5[1m]', november), opus, 'as Claude Code writes it');
    for (const other of [
      'claude-opus-5[2m]',
      'gpt-4o-2030-01-01',
      'gpt-4',
      'gpt-5.55',
      'gemini',
      'o3-2025',
    ]) {
      assert.equal(priceOf(other, november), undefined, other);
    }
  });
});

describe('prices of the user', () => {
  it('come before those of the table, by their dates', () => {
    const { prices, problems } = readPriceOverrides({
      'my-model-20250101': { input: 1, output: 2 },
      'claude-haiku-4-5': [
        { input: 7, output: 8, cacheRead: 0, until: '2026-01-01' },
        {
          input: 9,
          output: 10,
          from: '2026-11-01',
          longPrompt: { above: 10, input: 11, output: 12 },
        },
      ],
    });
    assert.deepEqual(problems, []);
    const table = [...prices, ...priceTable];
    const input = (model: string, at: number) => priceOf(model, at, table)?.rates.input;
    assert.equal(input('my-model-20250101', november), 1);
    assert.equal(input('my-model', november), undefined);
    assert.equal(input('claude-haiku-4-5-20251001', Date.UTC(2025, 11, 31)), 7);
    assert.equal(input('claude-haiku-4-5', Date.UTC(2026, 0, 1)), 1, 'between them the list price');
    assert.equal(input('claude-haiku-4-5', november), 9);
    assert.deepEqual(prices[1]?.rates, {
      input: 7,
      cacheWrite5m: 7,
      cacheWrite1h: 7,
      cacheRead: 0,
      output: 8,
    });
    assert.equal(prices[2]?.longPrompt?.rates.cacheRead, 11);
  });

  it('that cannot be read are named, and the others hold', () => {
    const { prices, problems } = readPriceOverrides({
      good: { input: 1, output: 2 },
      a: { input: '1', output: 2 },
      b: { input: 1 },
      c: 5,
      d: { input: 1, output: -2 },
      e: { input: 1, output: 2, from: '1.1.2026' },
      f: { input: 1, output: 2, longPrompt: [] },
      g: [null],
    });
    assert.deepEqual(
      prices.map(price => price.model),
      ['good'],
    );
    assert.deepEqual(problems, [
      'a: input is not a number of 0 or more',
      'b: output is missing',
      'c: not an object',
      'd: output is not a number of 0 or more',
      'e: from is not a date like 2026-10-07',
      'f: longPrompt is not an object',
      'g: not an object',
    ]);
    assert.deepEqual(readPriceOverrides([1]).problems, ['not an object']);
    assert.deepEqual(readPriceOverrides(undefined), { prices: [], problems: [] });
  });
});

describe('cost recorded and recomputed', () => {
  const call = (cost: number, usage: object, part: object = {}) =>
    recomputedCost(
      span('a', {
        cost,
        usage,
        costSource: 'recorded',
        model: 'claude-haiku-4-5',
        start: november,
        ...part,
      }),
    );

  it('differ where the tracer had other prices, as the article’s table has', () => {
    // 0.80 and 4 dollars are those of Haiku 3.5.
    const other = call(0.0048, { input: 1000, output: 1000 });
    assert.ok(other);
    assert.equal(other.recorded, 0.0048);
    assert.ok(Math.abs(other.recomputed - 0.006) < 1e-12);
    assert.ok(call(0.001, { input: 1000, cacheRead: 100_000 }), 'the cache was forgotten');
  });

  it('agree within what a tracer rounds to', () => {
    for (const cost of [0.0123, 0.0123000001, 0.01, 0.012, 0.01229999]) {
      assert.equal(call(cost, { input: 2300, output: 2000 }), undefined, String(cost));
    }
    assert.equal(call(1.23e-5, { input: 2.3, output: 2 }), undefined);
    assert.ok(call(1.3e-5, { input: 2.3, output: 2 }));
    assert.ok(call(0.02, { input: 2300, output: 2000 }));
  });

  it('are compared at the date of the call, and only where there is something to compare', () => {
    const read = { usage: { cacheRead: 1e6 }, model: 'claude-sonnet-5-5' };
    assert.equal(call(0.2, {}, { ...read, start: Date.UTC(2026, 9, 6) }), undefined);
    assert.ok(call(0.2, {}, { ...read, start: Date.UTC(2026, 9, 7) }));
    assert.equal(call(5, { input: 1 }, { model: 'gpt-99' }), undefined);
    assert.equal(call(5, { input: 1 }, { costSource: 'computed' }), undefined);
    assert.equal(call(5, {}), undefined);
  });
});
