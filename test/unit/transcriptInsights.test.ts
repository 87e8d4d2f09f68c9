import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Insight } from '../../src/core/insights/insight.ts';
import { defaultThresholds } from '../../src/core/insights/thresholds.ts';
import { claudeCode } from '../../src/formats/claudeCode.ts';
import { fixtures, Imported } from './support/imported.ts';
import { type Cells, reading, spansDb } from './support/traceDb.ts';

const transcripts = path.join(fixtures, 'claude-code-jsonl');
const hour = 3_600_000;

/** Of all transcripts as one trace file. */
function rowsOf(seen = new Set<string>()): readonly Cells[] {
  const files = fs
    .readdirSync(transcripts, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.jsonl'))
    .sort();
  const sessions = Map.groupBy(files, name => name.replace(/\/subagents\/.*$/, '.jsonl'));
  return [...sessions.values()].flatMap(names => {
    const it = new Imported(claudeCode, seen);
    for (const name of names) it.feedLines(name, path.join(transcripts, name));
    return [...it.end().spans.values()].map(span => ({
      ...{ span_id: span.spanId, run_id: span.runId, parent_span_id: span.parentSpanId ?? null },
      ...{ name: span.name, start_time: span.startTime, end_time: span.endTime ?? null },
      ...{ status: span.status, input_tokens: span.inputTokens, output_tokens: span.outputTokens },
      ...{ cost_usd: span.costUsd ?? null, model: span.model, error: span.error ?? null },
      metadata: JSON.stringify(span.metadata),
    }));
  });
}

async function insightsAt(rows: readonly Cells[], now: number): Promise<readonly Insight[]> {
  const reader = await reading(await spansDb(rows));
  const request = {
    of: { newest: 100 },
    thresholds: defaultThresholds,
    clock: { now, staleAfter: 600_000 },
  };
  for (;;) {
    const page = await reader.insights('f', request);
    if (page.done >= page.of) return page.insights;
  }
}

const told = (insights: readonly Insight[]) =>
  insights
    .filter(({ type }) => type !== 'unpriced')
    .map(({ type, severity }) => `${type} ${severity}`)
    .sort();

describe('insights of transcripts of Claude Code', () => {
  let rows: readonly Cells[] = [];
  let last = 0;
  before(function () {
    if (!fs.existsSync(fixtures)) {
      console.log('  skipped: ../shared/fixtures is not here');
      this.skip();
    }
    rows = rowsOf();
    const times = rows.map(row => Number(row.end_time ?? row.start_time));
    last = Math.max(...times) * 1000;
  });

  it('leave out small files, long answers, waits for a person and sessions that were left', async () => {
    assert.deepEqual(told(await insightsAt(rows, last + 30 * 24 * hour)), ['token-spike info']);
  });

  it('say of a session that lies still that it may wait for the person', async () => {
    const found = await insightsAt(rows, last + hour);
    assert.deepEqual(told(found), ['stuck info', 'token-spike info']);
    const stuck = found.find(({ type }) => type === 'stuck');
    assert.equal(stuck?.evidence[0]?.word, 'evidenceMayAwaitPerson');
  });

  it('are those of any other agent where nothing says that it is a transcript', async () => {
    const others = rows.map(row => {
      const { transcript: _, only_new_messages: __, ...rest } = JSON.parse(String(row.metadata));
      return { ...row, metadata: JSON.stringify(rest) };
    });
    const found = told(await insightsAt(others, last + 30 * 24 * hour));
    for (const one of ['stuck warning', 'latency-outlier warning', 'latency-outlier info']) {
      assert.ok(found.includes(one), one);
    }
    assert.ok(!found.some(one => one.startsWith('silent')), 'the length of a file is its own');
  });
});
