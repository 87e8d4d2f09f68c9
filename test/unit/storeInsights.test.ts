import assert from 'node:assert/strict';
import { type Insight, insightTypes } from '../../src/core/insights/insight.ts';
import { defaultThresholds } from '../../src/core/insights/thresholds.ts';
import type { InsightsRequest } from '../../src/protocol/analysis.ts';
import type { ReaderApi } from '../../src/protocol/reader.ts';
import { type Cells, clock, reading, spansDb } from './support/traceDb.ts';

async function insightsOf(reader: ReaderApi, of: InsightsRequest['of']) {
  for (;;) {
    const page = await reader.insights('f', { of, thresholds: defaultThresholds, clock });
    if (page.done >= page.of) return page;
  }
}

const said = (insights: readonly Insight[]) =>
  insights.map(({ type, runId, spanIds }) => [type, runId, ...spanIds].join(' '));

const run = (id: string, start: number): Cells[] => [
  { span_id: `${id}-root`, run_id: id, start_time: start },
  { span_id: `${id}-lost`, run_id: id, parent_span_id: 'gone', start_time: start },
  {
    ...{ span_id: `${id}-call`, run_id: id, parent_span_id: `${id}-root`, name: 'llm_call' },
    ...{ start_time: start + 1, end_time: start + 2, input_tokens: 5, model: 'unheard-of' },
  },
];

describe('insights of a file', () => {
  it('are of the newest runs, newest first, or of one run', async () => {
    const reader = await reading(await spansDb([...run('a', 1), ...run('b', 10), ...run('c', 20)]));
    const newest = await insightsOf(reader, { newest: 2 });
    const kinds = (insights: readonly Insight[]) =>
      said(insights.filter(({ type }) => type === 'orphan' || type === 'unpriced'));
    assert.deepEqual(kinds(newest.insights), [
      'orphan c c-lost',
      'unpriced c c-call',
      'orphan b b-lost',
      'unpriced b b-call',
    ]);
    assert.deepEqual([newest.done, newest.of, newest.partial], [2, 2, true]);
    const one = await insightsOf(reader, { runId: 'a' });
    assert.deepEqual(kinds(one.insights), ['orphan a a-lost', 'unpriced a a-call']);
    assert.equal(one.partial, false);
    const all = await insightsOf(reader, { newest: 200 });
    assert.deepEqual([all.of, all.partial], [3, false]);
    assert.ok(all.insights.every(({ type }) => insightTypes.includes(type)));
  });

  it('of a run that is not there are refused', async () => {
    const reader = await reading(await spansDb(run('a', 1)));
    await assert.rejects(insightsOf(reader, { runId: 'gone' }), { code: 'runMissing' });
    const none = await insightsOf(reader, { newest: Number.NaN });
    assert.deepEqual([none.of, none.insights.length], [0, 0]);
  });
});
