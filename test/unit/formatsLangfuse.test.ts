import assert from 'node:assert/strict';
import { langfuse } from '../../src/formats/langfuse.ts';
import { Imported } from './support/imported.ts';

const span = (id: string, second: number, more: object = {}): object => ({
  ...{ id, traceId: 't1', type: 'SPAN', name: id, parentObservationId: null, level: 'DEFAULT' },
  startTime: `2026-02-01T10:00:0${second}.000Z`,
  endTime: `2026-02-01T10:00:0${second + 1}.000Z`,
  ...more,
});
const read = (...records: readonly unknown[]): Imported =>
  new Imported(langfuse).feed('export.json', ...records).end();
const trace = { id: 't1', name: 'checkout', sessionId: 's1', userId: null, tags: ['a'] };

describe('an export of Langfuse', () => {
  it('gives a trace of several roots one above them, and keeps what is said of the trace', () => {
    const it = read({ trace, observations: [span('a', 1), span('b', 2)] });
    assert.deepEqual(it.tree(), ['checkout - ok', '  a - ok', '  b - ok']);
    const { metadata } = it.one('checkout');
    assert.deepEqual(metadata.session_id, 's1');
    assert.deepEqual(metadata.trace, { id: 't1', name: 'checkout', tags: ['a'] });
  });

  it('is also taken with the observations in the trace, as a list, and an observation a line', () => {
    const observations = [span('a', 1), span('b', 2, { parentObservationId: 'a' })];
    const expected = ['a - ok', '  b - ok'];
    assert.deepEqual(read({ ...trace, observations }).tree(), expected);
    assert.deepEqual(read([{ trace, observations }]).tree(), expected);
    assert.deepEqual(read(...observations).tree(), expected);
    const table = {
      ...{ id: 'a', trace_id: 't1', type: 'GENERATION', name: 'a', start_time: 1, end_time: 2 },
      usage_details: { input: 3, output: 4 },
    };
    assert.deepEqual(read(table).usage().input, 3);
  });

  it('counts cached and reasoning tokens once, whichever way they were counted', () => {
    const of = (usageDetails: object) => {
      const it = read(span('a', 1, { type: 'GENERATION', model: 'gpt-5', usageDetails }));
      const { input, cacheRead, output, reasoning } = it.usage();
      return [input, cacheRead, output, reasoning];
    };
    const apart = { input: 10, input_cache_read: 90, output: 5, output_reasoning: 15, total: 120 };
    assert.deepEqual(of(apart), [10, 90, 20, 15]);
    const within = { input: 100, input_cached_tokens: 90, output: 20, output_reasoning: 15 };
    assert.deepEqual(of({ ...within, total: 120 }), [10, 90, 20, 15]);
  });

  it('reads values that are texts of JSON, or texts of such texts', () => {
    const input = JSON.stringify(JSON.stringify([{ role: 'user', content: 'Hi' }]));
    const it = read(span('a', 1, { type: 'GENERATION', model: 'gpt-5', input }));
    assert.deepEqual(it.one('a').metadata.request, [{ role: 'user', content: 'Hi' }]);
  });

  it('takes what LangChain answered for a tool as the call of that tool', () => {
    const output = {
      ...{ type: 'tool', name: 'search', tool_call_id: 'call_1', status: 'success' },
      content: '[{"url":"https://example.com"}]',
    };
    const inputs = { query: 'x' };
    const it = read(
      span('a', 1, { name: 'Web', output: JSON.stringify(output), input: "{'query': 'x'}" }),
      span('b', 2, { metadata: { inputs }, output, parentObservationId: 'a' }),
      span('c', 3, { output: { ...output, tool_call_id: null }, parentObservationId: 'a' }),
    );
    const { metadata } = it.one('Web');
    assert.equal(metadata.kind, 'tool');
    assert.equal(metadata.tool_name, 'search');
    assert.equal(metadata.tool_use_id, 'call_1');
    assert.equal(metadata.tool_input, "{'query': 'x'}");
    assert.deepEqual(metadata.tool_result, [{ url: 'https://example.com' }]);
    assert.deepEqual((metadata.tool_message as { status?: unknown }).status, 'success');
    assert.deepEqual(it.one('b').metadata.tool_input, inputs);
    assert.equal(it.one('c').metadata.kind, undefined);
  });

  it('says what failed, and takes an observation without an end as running', () => {
    const it = read(
      span('a', 1, { level: 'ERROR', statusMessage: 'refused' }),
      span('b', 2, { parentObservationId: 'a', endTime: null }),
      span('c', 3, { parentObservationId: 'a', type: 'EVENT', endTime: null }),
    );
    assert.deepEqual(it.tree(), ['a - error', '  b - running']);
    assert.equal(it.one('a').error, 'refused');
    assert.deepEqual(
      it.events.map(event => [event.name, event.spanId]),
      [['c', 'a']],
    );
  });

  it('does not let a field of the export pass for what is read of it', () => {
    const metadata = { kind: 'tool', usage: { input_tokens: 9 }, more: 1 };
    const call = span('a', 1, { type: 'GENERATION', usageDetails: { input: 1 }, metadata });
    const { metadata: kept } = read(call).one('a');
    assert.deepEqual([kept.kind, kept.usage, kept.more], ['llm', { input_tokens: 1 }, 1]);
  });

  it('counts what it cannot read, and ends where parents go round', () => {
    const it = read(
      '{"trace":{"id":"t1"},"observ',
      { trace, observations: [span('a', 1, { startTime: null }), { name: 'no id' }, 'x'] },
      { hello: 1 },
      span('x', 1, { type: 'GENERATION', parentObservationId: 'y', usageDetails: { input: 1 } }),
      span('y', 2, { type: 'GENERATION', parentObservationId: 'x', usageDetails: { input: 1 } }),
    );
    assert.deepEqual(it.problems, [
      ...['notJson 1', 'noTime 2', 'noId 2', 'noId 2', 'noTime 0', 'notRecord 3'],
    ]);
    assert.equal(it.spans.size, 2);
  });
});
