import assert from 'node:assert/strict';
import { localReader } from '../../src/node/localReader.ts';
import {
  all,
  type Cells,
  clock,
  createSpans,
  dist,
  reading,
  spansDb,
  sqlDb,
} from './support/traceDb.ts';

const llm = (id: string, start: number, end: number, more: Cells = {}): Cells => ({
  span_id: id,
  name: 'llm_call',
  parent_span_id: 'root',
  start_time: start,
  end_time: end,
  input_tokens: 1000,
  output_tokens: 100,
  cost_usd: 0.01,
  model: 'claude-haiku-4-5',
  ...more,
});
const tool = (id: string, start: number, end: number, more: Cells = {}): Cells => ({
  span_id: id,
  name: 'tool_execution',
  parent_span_id: 'root',
  start_time: start,
  end_time: end,
  metadata: '{"tool_name":"search"}',
  ...more,
});
const answer = (...ids: string[]): string =>
  JSON.stringify({
    response: { content: ids.map(id => ({ type: 'tool_use', id, name: 'search', input: {} })) },
  });
const called = (id: string): string => JSON.stringify({ tool_name: 'search', tool_use_id: id });

describe('what a tracer could not keep', () => {
  const noted = (
    value: string,
    create = 'CREATE TABLE trace_info (key TEXT PRIMARY KEY, value TEXT)',
  ) =>
    `${createSpans}; ${create}; INSERT INTO trace_info VALUES ('schema_version', '1'), ('dropped_spans', ${value})`;
  for (const [title, sql, expected] of [
    ['is told', noted("'12'"), 12],
    ['is nothing where nothing was dropped', noted("'0'"), undefined],
    ['is nothing where it is no number', noted('zeroblob(100)'), undefined],
    ['is nothing where there is no such table', createSpans, undefined],
    [
      'is nothing where the table is a view, which may be of any cost',
      `${createSpans}; CREATE VIEW trace_info AS SELECT 'dropped_spans' AS key, '5' AS value`,
      undefined,
    ],
    ['is told of columns in capitals', noted("'7'", 'CREATE TABLE trace_info (KEY, VALUE)'), 7],
  ] as const) {
    it(title, async () => {
      const reader = localReader(dist);
      const bytes = await sqlDb(sql);
      const { droppedSpans } = await reader.open('f', { kind: 'bytes', bytes, name: 'f.db' });
      assert.equal(droppedSpans, expected);
    });
  }
});

describe('runs of a file', () => {
  it('come newest first, those without a start last, in pages that say of how many', async () => {
    const reader = await reading(
      await spansDb([
        ...Array.from({ length: 450 }, (_, i) => ({
          span_id: `s${i}`,
          run_id: `r${i}`,
          start_time: i,
        })),
        { span_id: 'none', run_id: 'none', start_time: null },
      ]),
    );
    const first = await reader.runs('f', { ...all, limit: 200 });
    assert.equal(first.matching, 451);
    assert.deepEqual([first.runs.length, first.runs[0]?.runId], [200, 'r449']);
    const last = await reader.runs('f', { ...all, offset: 400, limit: 200 });
    assert.deepEqual([last.runs.length, last.runs.at(-1)?.runId], [51, 'none']);
    assert.equal(await reader.runIndex('f', 'r0', 'all', clock), 449);
  });

  it('are judged by the clock of the question, without reading the file again', async () => {
    const open = { status: 'running', end_time: null };
    const reader = await reading(
      await spansDb([
        { ...open, span_id: 'root', start_time: 100 },
        { span_id: 'a', parent_span_id: 'root', start_time: 101, end_time: 102 },
      ]),
    );
    const at = async (now: number) => {
      const run = await reader.run('f', 'r', { now, staleAfter: 60_000 });
      return [run.status, run.judgement];
    };
    assert.deepEqual(await at(110_000), ['running', 'recent-activity']);
    assert.deepEqual(await at(1e9), ['ok', 'all-ended']);
    const running = await reader.runs('f', {
      ...all,
      filter: 'running',
      clock: { now: 110_000, staleAfter: 60_000 },
    });
    assert.equal(running.matching, 1);
  });

  it('that are dated far in the future are not taken to be running', async () => {
    const reader = await reading(
      await spansDb([
        { span_id: 'root', start_time: 1e9, status: 'running', end_time: null },
        { span_id: 'a', parent_span_id: 'root', start_time: 1e9, end_time: 1e9 + 1 },
      ]),
    );
    const run = await reader.run('f', 'r', { now: 110_000, staleAfter: 60_000 });
    assert.deepEqual([run.status, run.judgement], ['ok', 'all-ended']);
  });

  it('sum what calls cost; a model of unknown price is unpriced, never 0', async () => {
    const reader = await reading(
      await spansDb([
        { span_id: 'root' },
        llm('a', 1, 2),
        llm('b', 3, 4, { cost_usd: 0, model: 'acme-large-2' }),
        llm('c', 5, 6, { cost_usd: 0 }),
      ]),
    );
    const run = await reader.run('f', 'r', clock);
    assert.equal(run.cost, undefined);
    assert.equal(run.unpricedCalls, 1);
    // $0.01 as recorded, and 1,000 × $1 + 100 × $5 per million from the price table.
    assert.ok(Math.abs(run.pricedCost - 0.0115) < 1e-12, `${run.pricedCost}`);
    const totals = await reader.totals('f', clock);
    assert.deepEqual([totals.cost, totals.unpricedCalls, totals.spans], [undefined, 1, 4]);
  });

  it('count all spans of one file exactly, though they are read in several steps', async () => {
    const spans = Array.from({ length: 18_000 }, (_, i) => ({
      span_id: `s${i}`,
      run_id: `r${i % 500}`,
      parent_span_id: i < 500 ? null : `s${i % 500}`,
      start_time: i,
      status: i % 1000 === 999 ? 'error' : 'ok',
      input_tokens: 3,
    }));
    const totals = await (await reading(await spansDb(spans))).totals('f', clock);
    assert.deepEqual([totals.runs, totals.spans, totals.usage.input], [500, 18_000, 54_000]);
  });
});

describe('the calls before and after a span', () => {
  it('go by time, not by the place in the tree, where branches ran in parallel', async () => {
    const reader = await reading(
      await spansDb([
        { span_id: 'root', start_time: 0, end_time: 20 },
        { span_id: 'one', parent_span_id: 'root', start_time: 1, end_time: 9 },
        { span_id: 'other', parent_span_id: 'root', start_time: 2, end_time: 9 },
        llm('late', 7, 8, { parent_span_id: 'one' }),
        llm('early', 3, 4, { parent_span_id: 'other' }),
        tool('between', 5, 6, { parent_span_id: 'one' }),
      ]),
    );
    const { calls } = await reader.span('f', 'between', clock);
    assert.deepEqual(calls, { previous: 'early', next: 'late' });
    assert.deepEqual((await reader.span('f', 'late', clock)).calls.previous, 'early');
  });
});

describe('the cause of a failure', () => {
  it('is the answer that holds the id, not a later request that repeats it, nor a later branch', async () => {
    const history = JSON.stringify({
      request: { messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 'u1' }] }] },
      response: { content: [{ type: 'text', text: 'u1' }] },
    });
    const reader = await reading(
      await spansDb([
        { span_id: 'root', start_time: 0, end_time: 20 },
        llm('asked', 1, 2, { metadata: answer('u1', 'u2') }),
        llm('repeats', 3, 4, { metadata: history }),
        tool('fails', 5, 6, { status: 'error', error: 'no', metadata: called('u1') }),
      ]),
    );
    assert.deepEqual(await reader.cause('f', 'fails'), { spanId: 'asked', rule: 'tool-use-id' });
    const { causes } = await reader.span('f', 'asked', clock);
    assert.deepEqual(
      causes,
      [],
      'the root ended ok, so the failure was got over and the call led to none',
    );
  });

  it('is found among many calls, also where it ran on around the failure', async () => {
    const calls = Array.from({ length: 3000 }, (_, i) => llm(`c${i}`, i, i + 0.5));
    const reader = await reading(
      await spansDb([
        { span_id: 'root', start_time: 0, end_time: 9000, status: 'error' },
        ...calls,
        llm('before', 3001, 3002, { metadata: answer('u1') }),
        llm('around', 3001, 4000, { metadata: answer('u2') }),
        tool('a', 3003, 3004, { status: 'error', metadata: called('u1') }),
        tool('b', 3004, 3005, { status: 'error', metadata: called('u2') }),
      ]),
    );
    assert.deepEqual(await reader.cause('f', 'a'), { spanId: 'before', rule: 'tool-use-id' });
    assert.deepEqual(await reader.cause('f', 'b'), { spanId: 'around', rule: 'tool-use-id' });
  });

  it('of one of two calls of a tool is told by its id', async () => {
    const reader = await reading(
      await spansDb([
        { span_id: 'root', start_time: 0, end_time: 20, status: 'error' },
        llm('call', 1, 2, { metadata: answer('u1', 'u2') }),
        tool('good', 3, 4, { metadata: called('u1') }),
        tool('bad', 3, 4, { status: 'error', metadata: called('u2') }),
      ]),
    );
    const { causes } = await reader.span('f', 'call', clock);
    assert.deepEqual(
      causes.map(one => one.toolUseId),
      ['u2'],
    );
  });

  it('is inferred where no id was recorded, and none before the first call', async () => {
    const reader = await reading(
      await spansDb([
        { span_id: 'root', start_time: 0, end_time: 20, status: 'error' },
        tool('first', 0.5, 0.7, { status: 'error' }),
        llm('call', 1, 2),
        tool('fails', 3, 4, { status: 'error', error: 'boom' }),
      ]),
    );
    assert.deepEqual(await reader.cause('f', 'fails'), { spanId: 'call', rule: 'preceding' });
    assert.equal(await reader.cause('f', 'first'), undefined);
    const detail = await reader.span('f', 'fails', clock);
    assert.deepEqual(
      [detail.cause?.rule, detail.cause?.span.spanId, detail.cause?.call],
      ['preceding', 'call', { index: 1, count: 1 }],
    );
    // Who takes the run elsewhere hears of it with the first spans, and only then.
    const { failure } = await reader.recordedSpans('f', 'r', 0);
    const { span, cause } = failure!;
    assert.deepEqual([span.spanId, span.place, cause?.rule], ['fails', 3, 'preceding']);
    assert.deepEqual([cause?.span.spanId, cause?.span.place, cause?.call], ['call', 2, 1]);
    assert.equal((await reader.recordedSpans('f', 'r', 1)).failure, undefined);
    assert.deepEqual(detail.failure, { index: 1, count: 1 }, 'the first tool was got over');
    const call = await reader.span('f', 'call', clock);
    assert.deepEqual(call.causes, [
      {
        ...{ spanId: 'fails', name: 'tool_execution', toolName: 'search' },
        ...{ toolUseId: undefined, rule: 'preceding' },
      },
    ]);
  });
});

describe('going from failure to failure', () => {
  const file = async () =>
    reading(
      await spansDb([
        ...['old', 'mid', 'new'].flatMap((run, i) => [
          {
            span_id: `${run}-root`,
            run_id: run,
            start_time: i * 100,
            end_time: null,
            status: 'running',
          },
          {
            span_id: `${run}-a`,
            run_id: run,
            parent_span_id: `${run}-root`,
            start_time: i * 100 + 1,
            end_time: i * 100 + 9,
            status: run === 'mid' ? 'ok' : 'error',
          },
          {
            span_id: `${run}-b`,
            run_id: run,
            parent_span_id: `${run}-root`,
            start_time: i * 100 + 2,
            end_time: i * 100 + 8,
            status: run === 'mid' ? 'ok' : 'error',
          },
        ]),
      ]),
    );
  const walk = async (direction: 'next' | 'previous', steps: number) => {
    const reader = await file();
    const places: string[] = [];
    let from: { runId: string; spanId: string | undefined } | undefined;
    for (let i = 0; i < steps; i++) {
      from = await reader.nextFailure('f', from, direction, clock);
      places.push(from?.spanId ?? 'none');
    }
    return places;
  };

  it('follows the order of the tree, newest run first, and wraps', async () => {
    assert.deepEqual(await walk('next', 5), ['new-a', 'new-b', 'old-a', 'old-b', 'new-a']);
    assert.deepEqual(await walk('previous', 5), ['old-b', 'old-a', 'new-b', 'new-a', 'old-b']);
  });

  it('says when it went past the end, or past the beginning', async () => {
    const reader = await file();
    const wraps = async (runId: string, spanId: string, direction: 'next' | 'previous') =>
      (await reader.nextFailure('f', { runId, spanId }, direction, clock))?.wrapped;
    assert.equal(await wraps('new', 'new-b', 'next'), false);
    assert.equal(await wraps('old', 'old-b', 'next'), true);
    assert.equal(await wraps('old', 'old-a', 'previous'), false);
    assert.equal(await wraps('new', 'new-a', 'previous'), true);
  });

  it('takes a run’s own failures first, and the next run’s where it has none', async () => {
    const reader = await file();
    const from = (runId: string) =>
      reader.nextFailure('f', { runId, spanId: undefined }, 'next', clock);
    assert.equal((await from('old'))?.spanId, 'old-a');
    assert.equal((await from('mid'))?.spanId, 'old-a', 'mid has none; old follows it');
  });

  it('finds none in a file without failures', async () => {
    const reader = await reading(await spansDb([{ span_id: 'a' }]));
    assert.equal(await reader.nextFailure('f', undefined, 'next', clock), undefined);
  });
});

describe('spans by their ids', () => {
  it('are the rows of those that the run has, however far down, and at most 100', async () => {
    const ids = Array.from({ length: 3000 }, (_, at) => `s${at}`);
    const reader = await reading(
      await spansDb(ids.map((span_id, at) => ({ span_id, ...(at && { parent_span_id: 's0' }) }))),
    );
    const rows = await reader.spanRows('f', 'r', ['s2999', 'gone', 's7']);
    assert.deepEqual(
      rows.map(({ spanId }) => spanId),
      ['s2999', 's7'],
    );
    assert.equal((await reader.spanRows('f', 'r', ids)).length, 100);
  });
});

describe('times', () => {
  it('are seconds, or milli-, micro- or nanoseconds where the number can be nothing else', async () => {
    const at = 1.79e9;
    const reader = await reading(
      await spansDb(
        [1, 1e3, 1e6, 1e9].map((unit, i) => ({ span_id: `s${i}`, start_time: at * unit })),
      ),
    );
    const { spans } = await reader.spans('f', 'r', { offset: 0, limit: 10 });
    for (const span of spans) assert.equal(span.start, at * 1e3);
  });
});

describe('raw values', () => {
  it('keep integers beyond 2^53 and numbers as they were written', async () => {
    const reader = await reading(
      await spansDb([
        { span_id: 'a', metadata: '{"amount": 1204.50, "id": 12345678901234567890}' },
      ]),
    );
    const detail = await reader.span('f', 'a', clock);
    assert.match(detail.metadata?.text ?? '', /1204\.50/);
    assert.match(detail.metadata?.text ?? '', /12345678901234567890/);
  });
});

describe('a file that is closed while it is opened', () => {
  it('is closed afterwards', async () => {
    const reader = await reading(await spansDb([{ span_id: 'a' }]));
    const bytes = await spansDb([{ span_id: 'b' }]);
    const opening = reader.open('other', { kind: 'bytes', bytes, name: 'b.db' });
    await reader.close('other');
    await opening;
    await assert.rejects(reader.totals('other', clock), { code: 'fileNotOpen' });
  });
});
