import assert from 'node:assert/strict';
import type { Span } from '../../src/core/model.ts';
import { type FailedRun, failedRuns } from '../tools/insights/causes.ts';
import { type Cells, clock, reading, spansDb } from './support/traceDb.ts';
import { spans } from './support/tree.ts';

/** The words behind `asks:`, `id:` and `had:` in a span's line. */
function ids(picture: string, name: string, word: string): readonly string[] {
  const line = picture.split('\n').find(one => one.trim().split(' ')[0] === name) ?? '';
  return new RegExp(` ${word}:(\\S+)`).exec(line)?.[1]?.split(',') ?? [];
}

function cellsOf(picture: string, { spanId, parentSpanId, kind, ...span }: Span): Cells {
  const answer = (word: string) => ({
    role: 'assistant',
    content: ids(picture, spanId, word).map(id => ({
      type: 'tool_use',
      id,
      name: 'step',
      input: {},
    })),
  });
  const [id] = ids(picture, spanId, 'id');
  const metadata = {
    kind,
    ...(kind === 'llm' && {
      request: { messages: [{ role: 'user', content: 'Go on.' }, answer('had')] },
      response: answer('asks'),
    }),
    ...(kind === 'tool' && { tool_name: 'step' }),
    ...(id && { tool_use_id: id }),
  };
  return {
    span_id: spanId,
    parent_span_id: parentSpanId ?? null,
    name: spanId,
    start_time: span.start ?? null,
    end_time: span.end ?? null,
    status: span.interrupted ? 'running' : span.status,
    error: span.status === 'error' && !span.interrupted ? 'broken' : null,
    metadata: JSON.stringify(metadata),
  };
}

async function found({ picture }: FailedRun): Promise<string> {
  const cells = spans(picture).map(span => cellsOf(picture, span));
  const reader = await reading(await spansDb(cells));
  const { failingSpanId = 'nothing' } = await reader.run('f', 'r', clock);
  const cause = await reader.cause('f', failingSpanId);
  return `${failingSpanId} < ${cause ? `${cause.spanId} by ${cause.rule}` : 'none'}`;
}

describe('labelled failed runs: where it failed, and what asked for it', () => {
  for (const one of failedRuns) {
    it(one.name, async () => assert.equal(await found(one), one.right));
  }
});
