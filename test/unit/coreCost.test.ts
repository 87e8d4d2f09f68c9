import assert from 'node:assert/strict';
import { callCost, sumCost } from '../../src/core/cost.ts';
import { costParts, priceOf } from '../../src/core/prices.ts';
import { anthropicPrices } from '../../src/core/pricesAnthropic.ts';
import { recomputedCost } from '../../src/core/recomputedCost.ts';
import { addUsage, inputTokens, nativeUsage, totalTokens } from '../../src/core/usage.ts';
import { span } from './support/tree.ts';

const october6 = Date.UTC(2026, 9, 6, 23, 59, 59, 999);
const october7 = Date.UTC(2026, 9, 7);
const million = { input: 1e6 };
const near = (actual: number | undefined, expected: number): void =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) < 1e-12, `${actual} is ${expected}`);

describe('cost of a call', () => {
  it('is what was recorded, whatever the table says', () => {
    const cost = callCost(0.5, million, 'claude-haiku-4-5', october7);
    assert.deepEqual(cost, { cost: 0.5, costSource: 'recorded' });
  });

  it('is unpriced, never 0, where tokens meet a model of unknown price', () => {
    for (const recorded of [undefined, 0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      for (const model of ['gpt-99', undefined, 'constructor']) {
        const cost = callCost(recorded, million, model, october7);
        assert.deepEqual(cost, { cost: undefined, costSource: 'unpriced' }, `${recorded} ${model}`);
      }
    }
  });

  it('is computed where 0 was recorded for a model that has a price', () => {
    const cost = callCost(0, { input: 1e6, output: 1e6 }, 'claude-haiku-4-5', october7);
    assert.deepEqual(cost, { cost: 6, costSource: 'computed' });
  });

  it('is 0 where 0 was recorded for a call that failed, and no list price is held against it', () => {
    for (const model of ['claude-haiku-4-5', 'gpt-99', undefined]) {
      const cost = callCost(0, million, model, october7, undefined, true);
      assert.deepEqual(cost, { cost: 0, costSource: 'recorded' }, model);
      const call = { ...cost, usage: million, model, start: october7 };
      assert.equal(recomputedCost(call), undefined, model);
    }
    const unsaid = callCost(undefined, million, 'claude-haiku-4-5', october7, undefined, true);
    assert.deepEqual(unsaid, { cost: 1, costSource: 'computed' });
    assert.equal(callCost(0, {}, undefined, october7, undefined, true).costSource, 'none');
  });

  it('is none without tokens, and 0 where a model answered nothing for nothing', () => {
    assert.equal(callCost(undefined, {}, undefined, 1).costSource, 'none');
    assert.equal(
      callCost(0, {}, undefined, 1).costSource,
      'none',
      'tracers write 0 for every span',
    );
    assert.deepEqual(callCost(0, {}, 'claude-haiku-4-5', 1), { cost: 0, costSource: 'recorded' });
  });
});

describe('cost of a run', () => {
  it('is 0 without calls', () => {
    const none = { cost: 0, pricedCost: 0, unpricedCalls: 0 };
    assert.deepEqual(sumCost([]), none);
    assert.deepEqual(sumCost([span('a')]), none);
  });

  it('is unknown as soon as one call is unpriced, with the sum of the others beside it', () => {
    const calls = [
      span('a', { cost: 0.25, costSource: 'recorded' }),
      span('b', { cost: 0.5, costSource: 'computed' }),
      span('c', { costSource: 'unpriced' }),
    ];
    assert.deepEqual(sumCost(calls), { cost: undefined, pricedCost: 0.75, unpricedCalls: 1 });
  });
});

describe('price', () => {
  it('holds for the exact id, with or without a date', () => {
    assert.ok(priceOf('claude-haiku-4-5', october7));
    assert.ok(priceOf('claude-haiku-4-5-20251001', october7));
    assert.equal(priceOf('claude-opus-4-20250514', october7)?.model, 'claude-opus-4');
    for (const trap of [
      'claude-sonnet-5-6',
      'claude-sonnet-5-5-preview',
      'claude-opus-4-12345678-1',
      'claude-haiku',
      'claude-haiku-4-5-2025',
      'xclaude-haiku-4-5',
      '',
      '__proto__',
    ]) {
      assert.equal(priceOf(trap, october7), undefined, `${trap} is another model`);
    }
  });

  it('is that of the run’s date, to the last fraction of a millisecond', () => {
    const read = (at: number | undefined) => priceOf('claude-sonnet-5-5', at)?.rates.cacheRead;
    assert.equal(read(october6), 0.2);
    assert.equal(read(october7 - 0.5), 0.2, 'tracers record microseconds: no gap between the two');
    assert.equal(read(october7), 0.1);
    assert.equal(read(undefined), 0.1, 'without a date the price of today');
    assert.equal(read(Number.NaN), 0.1);
  });

  it('changes for the whole request where its prompt, cache included, is long', () => {
    const price = priceOf('claude-haiku-5-5', october7);
    assert.ok(price);
    assert.equal(costParts({ input: 100_000 }, price).input, 0.01, 'the threshold itself is short');
    const long = costParts({ input: 50_000, cacheRead: 50_001, output: 1e6 }, price);
    assert.equal(long.input, 0.025);
    assert.equal(long.output, 2.5);
  });

  it('is, per million tokens, what Anthropic’s list says: input, writes of 5m and 1h, read, output', () => {
    const line = (model: string, rates: object): string =>
      `${model} ${Object.values(rates).join(' ')}`;
    assert.deepEqual(
      anthropicPrices.flatMap(({ model, rates, longPrompt }) => [
        line(model, rates),
        ...(longPrompt ? [line(`${model}>${longPrompt.above}`, longPrompt.rates)] : []),
      ]),
      [
        'claude-haiku-4-5 1 1.25 2 0.1 5',
        'claude-haiku-5-5 0.1 0.125 0.2 0.01 0.5',
        'claude-haiku-5-5>100000 0.5 0.625 1 0.05 2.5',
        'claude-sonnet-4-5 3 3.75 6 0.3 15',
        'claude-sonnet-4-5>200000 6 7.5 12 0.6 22.5',
        'claude-sonnet-4-6 3 3.75 6 0.3 15',
        'claude-sonnet-4-6>200000 6 7.5 12 0.6 22.5',
        'claude-sonnet-4-6 3 3.75 6 0.3 15',
        'claude-sonnet-5 2 2.5 4 0.2 10',
        'claude-sonnet-5-5 2 2.5 4 0.2 10',
        'claude-sonnet-5-5 2 2.5 4 0.1 10',
        'claude-opus-4-5 5 6.25 10 0.5 25',
        'claude-opus-4-6 5 6.25 10 0.5 25',
        'claude-opus-4-6>200000 10 12.5 20 1 37.5',
        'claude-opus-4-6 5 6.25 10 0.5 25',
        'claude-opus-4-7 5 6.25 10 0.5 25',
        'claude-opus-4-8 5 6.25 10 0.5 25',
        'claude-opus-5 5 6.25 10 0.5 25',
        'claude-opus-5-5 4 5 8 0.2 20',
        'claude-opus-4-1 15 18.75 30 1.5 75',
        'claude-opus-4 15 18.75 30 1.5 75',
        'claude-sonnet-4 3 3.75 6 0.3 15',
        'claude-fable-5 10 12.5 20 1 50',
        'claude-fable-5-1 10 12.5 20 0.25 50',
        'claude-mythos-5-1 10 12.5 20 0.25 50',
        'claude-mythos-5 10 12.5 20 1 50',
        'claude-3-5-haiku 0.8 1 1.6 0.08 4',
        'claude-3-7-sonnet 3 3.75 6 0.3 15',
        'claude-3-5-sonnet 3 3.75 6 0.3 15',
        'claude-3-opus 15 18.75 30 1.5 75',
        'claude-3-haiku 0.25 0.3 0.5 0.03 1.25',
      ],
    );
  });
});

describe('usage', () => {
  it('leaves what nobody recorded undefined', () => {
    assert.deepEqual(addUsage([{ input: 1 }, {}, { input: 2, output: 3 }]), {
      input: 3,
      output: 3,
    });
    assert.equal(inputTokens({ output: 3 }), undefined);
    assert.equal(totalTokens({}), undefined);
    assert.equal(
      totalTokens({ input: 1, cacheRead: 2, cacheWrite5m: 3, cacheWrite1h: 4, output: 5 }),
      15,
    );
  });

  it('takes two zero columns without a usage object for nothing recorded', () => {
    assert.deepEqual(nativeUsage(0, 0, undefined), {});
    assert.equal(nativeUsage(0, 0, { input_tokens: 0 }).input, 0);
  });

  it('prefers the usage object to the columns', () => {
    const usage = nativeUsage(7, 8, {
      input_tokens: 412,
      cache_read_input_tokens: 1900,
      output_tokens: 10,
      output_tokens_details: { thinking_tokens: 4 },
    });
    assert.deepEqual(
      [usage.input, usage.cacheRead, usage.output, usage.reasoning],
      [412, 1900, 10, 4],
    );
  });

  it('splits cache writes, and counts what the split does not name as five minutes', () => {
    const written = (whole: unknown, split: unknown) => {
      const u = nativeUsage(1, 1, { cache_creation_input_tokens: whole, cache_creation: split });
      return [u.cacheWrite5m, u.cacheWrite1h];
    };
    assert.deepEqual(written(300, null), [300, undefined]);
    assert.deepEqual(
      written(300, { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 }),
      [100, 200],
    );
    assert.deepEqual(written(300, { ephemeral_1h_input_tokens: 100 }), [200, 100]);
    assert.deepEqual(
      written(300, { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 }),
      [300, 0],
    );
  });

  it('keeps what was billed beside the counts apart: it is no part of the context', () => {
    const compaction = { type: 'compaction', input_tokens: 180_000, output_tokens: 3500 };
    const advisor = { type: 'advisor_message', model: 'claude-opus-4-5', output_tokens: 100 };
    const message = { type: 'message', input_tokens: 10, output_tokens: 5 };
    const usage = nativeUsage(0, 0, {
      input_tokens: 10,
      output_tokens: 5,
      iterations: [compaction, message, advisor, null, 'compaction'],
    });
    assert.equal(totalTokens(usage), 15);
    assert.deepEqual(
      usage.beside?.map(({ model, usage: one }) => [model, one.input, one.output]),
      [
        [undefined, 180_000, 3500],
        ['claude-opus-4-5', undefined, 100],
      ],
    );
    const model = 'claude-haiku-4-5';
    const { cost } = callCost(undefined, usage, model, undefined);
    near(cost, (10 + 180_000 + (5 + 3500) * 5 + 100 * 25) / 1e6);
    const unknown = { ...advisor, model: 'acme-9' };
    const { costSource } = callCost(
      undefined,
      nativeUsage(0, 0, { input_tokens: 10, iterations: [unknown] }),
      model,
      undefined,
    );
    assert.equal(costSource, 'unpriced');
  });

  it('costs half in a batch, and what no list says at the priority tier or another speed', () => {
    const counts = { input_tokens: 1000, cache_read_input_tokens: 1000, output_tokens: 10 };
    const cost = (more: object) =>
      callCost(undefined, nativeUsage(0, 0, { ...counts, ...more }), 'claude-haiku-4-5', undefined);
    const whole = (1000 + 1000 * 0.1 + 10 * 5) / 1e6;
    near(cost({ service_tier: 'standard', speed: 'standard', iterations: null }).cost, whole);
    near(cost({ service_tier: 'batch' }).cost, whole / 2);
    for (const more of [{ service_tier: 'priority' }, { speed: 'fast' }]) {
      assert.deepEqual(cost(more), { cost: undefined, costSource: 'unpriced' });
    }
  });

  it('drops what is no count', () => {
    for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY, '5', null, {}]) {
      assert.deepEqual(nativeUsage(bad, bad, undefined), {});
    }
  });
});
