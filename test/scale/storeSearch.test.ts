import assert from 'node:assert/strict';
import type { ReaderApi } from '../../src/protocol/reader.ts';
import type { SearchCursor, SearchHit } from '../../src/protocol/search.ts';
import { all, type Cells, clock, reading, spansDb } from '../unit/support/traceDb.ts';

const json = (value: unknown) => JSON.stringify(value);
const story: readonly Cells[] = [
  {
    span_id: 'a0',
    run_id: 'a',
    name: 'invoice',
    start_time: 10,
    end_time: 30,
    status: 'error',
    error: 'late failure',
  },
  {
    span_id: 'a1',
    run_id: 'a',
    parent_span_id: 'a0',
    name: 'llm_call',
    start_time: 11,
    end_time: 12,
    model: 'claude-haiku-4-5',
    input_tokens: 900,
    output_tokens: 10,
    metadata: json({
      request: { messages: [{ role: 'user', content: 'Please refund\nthe "Café" order' }] },
      response: { content: [{ type: 'text', text: 'I refuse politely' }] },
    }),
  },
  {
    span_id: 'a2',
    run_id: 'a',
    parent_span_id: 'a0',
    name: 'tool_execution',
    start_time: 13,
    end_time: 29,
    status: 'error',
    error: `${'x'.repeat(3000)} ledger closed`,
    metadata: json({
      tool_name: 'post_entry',
      tool_input: { amount: 12 },
      tool_result: 'no such entry',
      tags: ['prod'],
    }),
  },
  {
    span_id: 'b0',
    run_id: 'b',
    name: 'digest',
    start_time: 50,
    end_time: 51,
    metadata: json({ session_id: 'desk-7' }),
  },
  {
    span_id: 'b1',
    run_id: 'b',
    parent_span_id: 'b0',
    name: 'tool_execution',
    start_time: 50.5,
    end_time: 50.75,
    metadata: json({ tool_name: 'search', tool_input: { q: 'refund rules' }, tool_result: 'none' }),
  },
];

async function found(reader: ReaderApi, text: string, most = 200): Promise<readonly SearchHit[]> {
  const hits: SearchHit[] = [];
  let from: SearchCursor | undefined;
  do {
    const page = await reader.search('f', { text, clock, from, most });
    assert.ok(page.hits.length <= most && page.done <= page.of);
    hits.push(...page.hits);
    from = page.next;
  } while (from);
  return hits;
}
const at = (hits: readonly SearchHit[]): string =>
  hits.map(hit => `${hit.spanId}${hit.where ? `:${hit.where}` : ''}`).join(' ');

describe('searching a file', () => {
  let reader: ReaderApi;
  before(async () => {
    reader = await reading(await spansDb(story));
  });

  it('finds texts wherever they were recorded, newest run first, and says where', async () => {
    for (const [text, places] of [
      ['refund', 'b1:toolInput a1:prompt'],
      ['"refund\nthe \\"café\\""', 'a1:prompt'],
      ['"Refund the"', ''],
      ['politely', 'a1:response'],
      ['"no such"', 'a2:toolResult'],
      ['"ledger closed"', 'a2:error'],
      ['llm_call', 'a1:name'],
      ['post_entry', 'a2:name'],
      ['desk-7', 'b0:metadata'],
      ['prod', 'a2:metadata'],
      ['invoice', 'a0:name'],
      ['ref*rules', 'b1:toolInput'],
      ['absent', ''],
    ] as const) {
      assert.equal(at(await found(reader, text)), places, text);
    }
  });

  it('shows a line around the place', async () => {
    const [hit] = await found(reader, 'café');
    const [[from, length] = [0, 0]] = hit?.matches ?? [];
    assert.equal(hit?.snippet.slice(from, from + length), 'Café');
    assert.match(hit?.snippet ?? '', /Please refund the "Café" order/);
  });

  it('finds spans by fields, all of the same span, and a run once where only it is asked', async () => {
    for (const [text, places] of [
      ['tool:post', 'a2'],
      ['kind:tool', 'b1 a2'],
      ['kind:tool -tool:search', 'a2'],
      ['tool:search span.status:error', ''],
      ['span.status:error kind:tool', 'a2'],
      ['model:haiku status:failed', 'a1'],
      ['provider:anthropic', 'a1'],
      ['tag:prod', 'a2'],
      ['error:"ledger closed"', 'a2'],
      ['status:error', 'a0'],
      ['spans>=2', 'b0 a0'],
      ['calls>0', 'a0'],
      ['refund status:error', 'a1:prompt'],
      ['refund -kind:tool', 'a1:prompt'],
      ['refund OR politely', 'b1:toolInput a1:prompt'],
      ['invoice refund', 'a1:prompt'],
      ['-kind:tool status:ok', 'b0'],
    ] as const) {
      assert.equal(at(await found(reader, text)), places, text);
    }
  });

  it('goes on where it was, one hit at a time', async () => {
    assert.equal(at(await found(reader, 'e', 1)), at(await found(reader, 'e')));
    assert.ok((await found(reader, 'e')).length > 3);
  });

  it('finds what is in the oldest rows of a file whose runs are read a part at a time', async () => {
    const many = Array.from({ length: 9000 }, (_, i) => ({
      span_id: `s${i}`,
      run_id: `r${i}`,
      start_time: i,
      metadata: json({ input: i % 4499 === 0 ? 'a needle' : 'hay' }),
    }));
    const large = await reading(await spansDb(many));
    assert.equal(at(await found(large, 'needle')), 's8998:prompt s4499:prompt s0:prompt');
  });

  it('refuses what is no query, with what is wrong', async () => {
    await assert.rejects(reader.search('f', { text: 'cots>1', clock, most: 1 }), /no field “cots”/);
    await assert.rejects(reader.runs('f', { ...all, text: '(' }), /not closed/);
  });
});

describe('runs of a file, asked for by a query', () => {
  const matching = async (reader: ReaderApi, text: string): Promise<string> =>
    (await reader.runs('f', { ...all, text })).runs.map(run => run.runId).join(' ');

  it('match by their own fields and by what some one span has', async () => {
    const reader = await reading(await spansDb(story));
    for (const [text, runs] of [
      ['', 'b a'],
      ['invoice', 'a'],
      ['late', 'a'],
      ['refund', 'b a'],
      ['refund rules', 'b'],
      ['refund post_entry', ''],
      ['tool:post', 'a'],
      ['status:error tool:post', 'a'],
      ['status:error tool:search', ''],
      ['tool:post kind:llm', ''],
      ['model:haiku tool:post', ''],
      ['calls=1', 'a'],
      ['cost>100 OR tool:search', 'b'],
    ] as const) {
      assert.equal(await matching(reader, text), runs, text);
    }
  });

  it('without a term and with it are all runs together', async () => {
    const reader = await reading(await spansDb(story));
    const every = 'b a';
    for (const text of [
      'tool:post',
      'refund',
      'status:error',
      'kind:llm',
      'tool:x',
      '(tool:post kind:llm)',
      '(tool:post -kind:llm)',
    ]) {
      const both = `${await matching(reader, text)} ${await matching(reader, `-${text}`)}`;
      assert.deepEqual(both.trim().split(/\s+/).sort(), every.split(' ').sort(), text);
    }
    assert.equal(await matching(reader, 'tool:post -kind:llm'), '', 'the run has such a span');
  });

  it('are counted and placed alike', async () => {
    const reader = await reading(await spansDb(story));
    const figures = await reader.figures('f', { filter: 'all', text: 'tool:post', zone: 0, clock });
    assert.equal(figures.matching, 1);
    assert.equal(await reader.runIndex('f', 'a', 'all', clock, 'tool:post'), 0);
    assert.equal(await reader.runIndex('f', 'b', 'all', clock, 'tool:post'), -1);
  });

  it('can be worked out in parts', async () => {
    const many = Array.from({ length: 400 }, (_, i) => ({
      span_id: `s${i}`,
      run_id: `r${i}`,
      start_time: i,
      end_time: i + 1,
      metadata: json({ input: `${'word '.repeat(200)}${i % 2 ? 'odd' : 'even'}` }),
    }));
    const reader = await reading(await spansDb(many));
    let state = await reader.findRuns('f', 'odd', clock);
    while (state.done < state.of) state = await reader.findRuns('f', 'odd', clock);
    assert.equal(state.of, 400);
    assert.equal((await reader.runs('f', { ...all, text: 'odd' })).matching, 200);
  });
});

describe('long texts', () => {
  it('are searched in parts, also where a part ends within what is sought', async () => {
    const part = 4 * 1024 * 1024;
    const needle = 'the "needle" é';
    const spans: Cells[] = [];
    for (const [offset, ascii] of [
      [-9, false],
      [-9, true],
      [0, false],
      [part - 5000, true],
    ] as const) {
      const before = 'y'.repeat(part + offset - 10);
      const text = json({ input: `${before}${needle}${'z'.repeat(5000)}` });
      spans.push({
        span_id: `s${spans.length}`,
        run_id: `r${spans.length}`,
        start_time: spans.length,
        metadata: ascii ? text.replaceAll('é', '\\u00e9') : text,
      });
    }
    spans.push({
      span_id: 'none',
      run_id: 'none',
      metadata: json({ input: 'y'.repeat(part + 9000) }),
    });
    const reader = await reading(await spansDb(spans));
    const hits = await found(reader, '"the \\"NEEDLE\\" é"');
    assert.equal(hits.length, 4);
    assert.ok(hits.every(hit => hit.snippet.length < 500));
  }).timeout(60_000);

  it('of databases in UTF-16 are found as well', async () => {
    const { createSpans } = await import('../unit/support/traceDb.ts');
    const bytes = await spansDb(story, `PRAGMA encoding = 'UTF-16le'; ${createSpans}`);
    const reader = await reading(bytes);
    assert.equal(at(await found(reader, 'café')), 'a1:prompt');
    assert.equal(at(await found(reader, 'tool:post')), 'a2');
  });
});
