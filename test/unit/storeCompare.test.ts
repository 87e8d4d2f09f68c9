import assert from 'node:assert/strict';
import { all, type Cells, clock, reading, spansDb } from './support/traceDb.ts';

const call = (id: string, run: string, parent: string, start: number, more: Cells = {}): Cells => ({
  span_id: id,
  run_id: run,
  parent_span_id: parent,
  name: 'llm_call',
  start_time: start,
  end_time: start + 1,
  input_tokens: 10,
  cost_usd: 0.01,
  model: 'claude-haiku-4-5',
  ...more,
});
const tool = (id: string, run: string, parent: string, start: number, name: string): Cells => ({
  span_id: id,
  run_id: run,
  parent_span_id: parent,
  name: 'tool_execution',
  start_time: start,
  end_time: start + 1,
  metadata: JSON.stringify({ tool_name: name, tool_result: 'a secret '.repeat(1000) }),
});

describe('two runs of the reader', () => {
  it('are compared within a file and across two, in a short answer without texts', async () => {
    const one = await spansDb([
      { span_id: 'a', run_id: 'A' },
      call('a1', 'A', 'a', 1),
      tool('a2', 'A', 'a', 2, 'read'),
      { span_id: 'b', run_id: 'B' },
      call('b1', 'B', 'b', 1),
      tool('b2', 'B', 'b', 2, 'write'),
    ]);
    const reader = await reading(one);
    await reader.open('g', { kind: 'bytes', bytes: one, name: 'g.db' });
    const [a, b] = [
      { file: 'f', runId: 'A' },
      { file: 'f', runId: 'B' },
    ];
    const found = await reader.compareRuns(a, b, clock);
    assert.deepEqual(
      [found.difference?.a?.toolName, found.difference?.b?.toolName, found.difference?.calls],
      ['read', 'write', { a: 'a1', b: 'b1' }],
    );
    assert.deepEqual([found.a.figures.llmCalls, found.a.figures.toolCalls], [1, 1]);
    const text = JSON.stringify(found);
    assert.ok(text.length < 5000 && !text.includes('secret'));
    const across = await reader.compareRuns(a, { ...b, file: 'g' }, clock);
    assert.deepEqual(across, found);
  });

  it('of thousands of spans are told by their tools, which only the metadata names', async () => {
    const run = (id: string, last: string): Cells[] => [
      { span_id: id, run_id: id },
      ...Array.from({ length: 2999 }, (_, i) =>
        tool(`${id}${i}`, id, id, i, i === 2998 ? last : `tool ${i % 7}`),
      ).map(cells => ({ ...cells, metadata: JSON.stringify({ tool_name: toolOf(cells) }) })),
    ];
    const toolOf = (cells: Cells): string => JSON.parse(String(cells.metadata)).tool_name;
    const reader = await reading(await spansDb([...run('x', 'left'), ...run('y', 'right')]));
    const found = await reader.compareRuns(
      { file: 'f', runId: 'x' },
      { file: 'f', runId: 'y' },
      clock,
    );
    assert.deepEqual(
      [found.difference?.position, found.difference?.a?.toolName, found.difference?.b?.toolName],
      [2999, 'left', 'right'],
    );
    assert.equal(found.a.figures.toolCalls, 2999);
    assert.ok(JSON.stringify(found).length < 20_000);
  });

  it('are refused where one is not there', async () => {
    const reader = await reading(await spansDb([{ span_id: 's' }]));
    const [there, gone] = [
      { file: 'f', runId: 'r' },
      { file: 'f', runId: 'gone' },
    ];
    await assert.rejects(reader.compareRuns(there, gone, clock), { code: 'runMissing' });
    const closed = { file: 'nowhere', runId: 'r' };
    await assert.rejects(reader.compareRuns(there, closed, clock), { code: 'fileNotOpen' });
  });
});

describe('runs that hold words', () => {
  it('are counted and found in place', async () => {
    const reader = await reading(
      await spansDb([
        { span_id: 'a', run_id: 'A', name: 'invoice', start_time: 1 },
        {
          span_id: 'b',
          run_id: 'B',
          name: 'invoice',
          start_time: 2,
          status: 'error',
          error: 'late',
        },
        { span_id: 'c', run_id: 'C', name: 'support', start_time: 3 },
      ]),
    );
    const ids = async (text: string, filter: 'all' | 'failed' = 'all') => {
      const page = await reader.runs('f', { ...all, filter, text });
      assert.equal(page.matching, page.runs.length);
      return page.runs.map(run => run.runId).join(' ');
    };
    assert.equal(await ids('INVOICE'), 'B A');
    assert.equal(await ids('invoice late'), 'B');
    assert.equal(await ids('invoice', 'failed'), 'B');
    assert.equal(await ids('nothing'), '');
    assert.equal(await reader.runIndex('f', 'A', 'all', clock, 'invoice'), 1);
    assert.equal(await reader.runIndex('f', 'C', 'all', clock, 'invoice'), -1);
  });
});
