import assert from 'node:assert/strict';
import { nativeUsage } from '../../src/core/usage.ts';
import type { CallUsage, Span } from '../../src/tracer/main.ts';
import { memoryTracer } from './support/memoryTracer.ts';

const model = 'claude-haiku-4-5';

async function recorded(work: (span: Span) => void) {
  const { tracer, rows, said } = memoryTracer({
    prices: { 'acme-1': { input: 2, output: 8, cacheRead: 1 } },
  });
  tracer.run('run', undefined, () => tracer.span('call', {}, work));
  const found = await rows();
  const { fields, costUsd, ...call } = found.get('call')!;
  return {
    call,
    cost: costUsd,
    usage: fields.usage,
    totals: found.get('run')!.fields.totals,
    said,
  };
}

describe('Two calls that are recorded on one span', () => {
  it('are added: tokens, cost, and the usage by its fields', async () => {
    const first = {
      input_tokens: 1_000_000,
      output_tokens: 10,
      cache_creation_input_tokens: 700,
      cache_creation: { ephemeral_5m_input_tokens: 300, ephemeral_1h_input_tokens: 400 },
      service_tier: 'standard',
    };
    const second = {
      input_tokens: 5,
      output_tokens: 2,
      cache_creation: null,
      service_tier: 'batch',
    };
    const { call, cost, usage, totals } = await recorded(span => {
      span.recordLlmCall(model, first);
      span.recordLlmCall('acme-1', second);
    });
    assert.deepEqual(
      [call.model, call.inputTokens, call.outputTokens, usage],
      [
        'acme-1',
        1_000_005,
        12,
        { ...first, input_tokens: 1_000_005, output_tokens: 12, service_tier: 'batch' },
      ],
    );
    const expected = (1e6 * 1 + 10 * 5 + 300 * 1.25 + 400 * 2 + (5 * 2 + 2 * 8) / 2) / 1e6;
    assert.ok(Math.abs((cost ?? 0) - expected) < 1e-12, `${cost} is ${expected}`);
    assert.deepEqual([totals.input_tokens, totals.cost_usd], [1_000_005, cost]);
  });

  it('have no cost where one of them has none', async () => {
    const { cost, totals } = await recorded(span => {
      span.recordLlmCall('some-model-9', { input_tokens: 1, output_tokens: 1 });
      span.recordLlmCall(model, { input_tokens: 1, output_tokens: 1 });
    });
    assert.deepEqual([cost, totals.unpriced_calls], [undefined, 1]);
  });

  it('are added whichever names their counts have', async () => {
    const { call, usage } = await recorded(span => {
      span.recordLlmCall('acme-1', { prompt_tokens: 10, completion_tokens: 2 });
      span.recordLlmCall('acme-1', { input_tokens: 3, output_tokens: 1 });
    });
    assert.deepEqual([call.inputTokens, call.outputTokens], [13, 3]);
    assert.deepEqual(usage, { input_tokens: 13, output_tokens: 3 });
  });
});

describe("Usage with OpenAI's names", () => {
  const chat = {
    prompt_tokens: 100,
    completion_tokens: 20,
    total_tokens: 120,
    prompt_tokens_details: { cached_tokens: 40 },
    completion_tokens_details: { reasoning_tokens: 5 },
  };
  const responses = {
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 40 },
    output_tokens: 20,
    output_tokens_details: { reasoning_tokens: 5 },
  };
  for (const [title, usage] of [
    ['chat completions', chat],
    ['responses', responses],
  ] as const) {
    it(`is read and priced, and kept as it is: ${title}`, async () => {
      const {
        call,
        cost,
        usage: kept,
      } = await recorded(span => span.recordLlmCall('acme-1', usage as CallUsage));
      assert.deepEqual([call.inputTokens, call.outputTokens, kept], [60, 20, usage]);
      assert.ok(Math.abs((cost ?? 0) - (60 * 2 + 40 * 1 + 20 * 8) / 1e6) < 1e-12);
      const read = nativeUsage(call.inputTokens, call.outputTokens, kept);
      assert.deepEqual([read.input, read.cacheRead, read.output, read.reasoning], [60, 40, 20, 5]);
    });
  }

  it('without any count has no cost, rather than none to pay, and that is said', async () => {
    const unknown = { promptTokens: 100 } as CallUsage;
    const { call, cost, totals, said } = await recorded(span => span.recordLlmCall(model, unknown));
    assert.deepEqual([call.inputTokens, cost, totals.unpriced_calls], [0, undefined, 0]);
    assert.deepEqual(said, [
      `the usage of a call of ${model} has no input_tokens or output_tokens: its cost is unknown`,
    ]);
  });
});
