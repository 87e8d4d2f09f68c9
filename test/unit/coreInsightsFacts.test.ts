import assert from 'node:assert/strict';
import {
  type CallFacts,
  keptChars,
  keptEvents,
  keptNames,
  keptParts,
  type ResultFacts,
  type ToolFacts,
} from '../../src/core/insights/facts.ts';
import { calledName, factsOf } from '../../src/core/insights/factsOf.ts';
import { readMetadata } from '../../src/core/metadata.ts';
import type { SpanEvent, SpanKind } from '../../src/core/model.ts';

const facts = (fields: unknown, kind: SpanKind, events: readonly SpanEvent[] = []) =>
  factsOf(readMetadata(JSON.stringify(fields)), events, kind);
const tool = (fields: unknown): ToolFacts => {
  const found = facts(fields, 'tool').tool;
  assert.ok(found);
  return found;
};
const result = (recorded: unknown): ResultFacts => {
  const found = tool({ tool_result: recorded }).result;
  assert.ok(found);
  return found;
};
const call = (fields: unknown, events: readonly SpanEvent[] = []): CallFacts => {
  const found = facts(fields, 'llm', events).call;
  assert.ok(found);
  return found;
};
const event = (name: string, attributes: unknown, time?: number): SpanEvent => ({
  name,
  time,
  attributes: JSON.stringify(attributes),
});

describe('facts of a tool', () => {
  it('know the same input in any order, as JSON and as a text of JSON', () => {
    const one = tool({ tool_input: { b: [1, { d: 2, c: 3 }], a: 'x' } }).input;
    assert.equal(one, '{"a":"x","b":[1,{"c":3,"d":2}]}');
    assert.equal(tool({ tool_input: '{"b":[1,{"c":3,"d":2}],"a":"x"}' }).input, one);
    assert.equal(
      tool({ 'gen_ai.tool.call.arguments': '{"a":"x","b":[1,{"c":3,"d":2}]}' }).input,
      one,
    );
    assert.equal(tool({}).input, undefined, 'nothing recorded is not an empty input');
    assert.equal(tool({ tool_input: {} }).input, '{}');
  });

  it('tell long inputs apart by all of them, and keep little of each', () => {
    const long = (end: string) => tool({ tool_input: { text: 'x'.repeat(1e6) + end } }).input ?? '';
    assert.notEqual(long('a'), long('b'));
    assert.equal(long('a'), long('a'));
    assert.ok(long('a').length < keptChars + 30);
  });

  it('hold the values of the input, the first ones', () => {
    const { inputValues } = tool({ tool_input: { id: 'A-17', n: 5, list: ['x', { y: 'z' }] } });
    assert.deepEqual(inputValues, ['A-17', '5', 'x', 'z']);
    const many = tool({ tool_input: Array.from({ length: 5000 }, (_, i) => i) }).inputValues;
    assert.equal(many.length, keptNames);
  });

  it('say what a write puts in the place of what', () => {
    const edit = (tool_name: string, tool_input: unknown) => tool({ tool_name, tool_input }).edit;
    const there = edit('edit', { path: 'a.ts', old_string: 'x', new_string: 'y' });
    const back = edit('edit', { path: 'a.ts', old_string: 'y', new_string: 'x' });
    assert.deepEqual([there?.before, there?.after], [back?.after, back?.before]);
    assert.equal(there?.target, 'a.ts');
    assert.equal(edit('write_file', { path: 'a.ts', content: 'y' })?.after, there?.after);
    assert.equal(edit('read_file', { path: 'a.ts', content: 'y' }), undefined);
    assert.equal(edit('translate', { text: 'x', from: 'de', to: 'en' }), undefined);
  });

  it('are there for tools and retrievals only', () => {
    assert.ok(facts({}, 'retrieval').tool);
    for (const kind of ['agent', 'llm', 'chain', 'other'] as const) {
      assert.equal(facts({ tool_input: {} }, kind).tool, undefined, kind);
    }
    assert.equal(calledName({ toolName: 'search', name: 'tool_execution' }), 'search');
    assert.equal(calledName({ toolName: undefined, name: 'lookup' }), 'lookup');
  });
});

describe('facts of a result', () => {
  it('know its shape, also within a text and within the envelopes in use', () => {
    const shapes: readonly (readonly [recorded: unknown, shape: string])[] = [
      ['plain words', 'text'],
      ['{"a": 1}', 'object'],
      [{ a: 1 }, 'object'],
      ['[{"a": 1}]', 'list'],
      ['{"a": "cut by its recor', 'object'],
      ['[draft] not JSON', 'text'],
      ['<!DOCTYPE html><html></html>', 'html'],
      ['\n<html lang="en">', 'html'],
      ['<htmlish>', 'text'],
      [3, 'number'],
      [false, 'boolean'],
      [[{ type: 'text', text: '{"a": 1}' }], 'object'],
      [{ content: [{ type: 'text', text: 'words' }], isError: false }, 'text'],
      [{ type: 'tool_result', content: '[1]' }, 'list'],
      [[{ type: 'image', source: {} }], 'list'],
    ];
    for (const [recorded, shape] of shapes) {
      assert.equal(result(recorded).shape, shape, JSON.stringify(recorded));
    }
  });

  it('know an answer that holds nothing', () => {
    const nothing = [
      '',
      ' \n',
      null,
      [],
      {},
      '[]',
      'null',
      'None',
      'No results found.',
      'No matching documents found for "x y"',
      '0 results',
      'Could not find any documents for “x”.',
      { results: [] },
      { query: 'rates', hits: [], total: 0, note: 'index is being rebuilt' },
      { data: { items: [] } },
      { data: null, errors: [] },
      [{ type: 'text', text: '' }],
    ];
    for (const one of nothing) assert.equal(result(one).shape, 'nothing', JSON.stringify(one));
    const something = [
      0,
      false,
      'No.',
      'No results today, but the archive has three papers on it.',
      { id: 'c-1', name: 'Jane', orders: [] },
      { total: 0 },
      { status: 'ok', warning: null },
      { saved: true },
      { results: [], summary: 'The page says that …' },
      [null],
      [''],
    ];
    for (const one of something) assert.notEqual(result(one).shape, 'nothing', JSON.stringify(one));
  });

  it('tell that nothing was recorded from a result that is null', () => {
    assert.equal(tool({}).result, undefined);
    assert.equal(tool({ tool_result: null }).result?.shape, 'nothing');
    assert.equal(tool({ result_length: 0 }).result?.shape, 'nothing');
    assert.deepEqual(
      [tool({ result_length: 9 }).result?.shape, tool({ result_length: 9 }).result?.chars],
      ['unknown', 9],
    );
  });

  it('are the same where only times and ids of requests differ', () => {
    const at = (time: string, id: string, progress: number) =>
      result({ progress, request_id: id, note: `at ${time}`, generated_at: time }).hash;
    const [one, two] = ['2026-11-28T15:54:25Z', '2026-11-28T15:54:26.5Z'];
    assert.equal(at(one, 'a', 1), at(two, 'b', 1));
    assert.notEqual(at(one, 'a', 1), at(one, 'a', 2));
    assert.notEqual(result(one).hash, result(two).hash, 'where the time is all there is');
    assert.notEqual(result({ timestamp: one }).hash, result({ timestamp: two }).hash);
    assert.equal(result({ a: 1, b: 2 }).hash, result('{"b":2,"a":1}').hash);
  });

  it('say how it says that it failed', () => {
    const said: readonly (readonly [recorded: unknown, words: string])[] = [
      [{ error: 'no such file' }, 'error: no such file'],
      ['{"error": {"message": "quota exceeded", "code": 429}}', 'error: quota exceeded'],
      [{ content: [{ type: 'text', text: 'boom' }], isError: true }, 'is_error: true'],
      [[{ type: 'tool_result', is_error: true, content: 'x' }], 'is_error: true'],
      [{ success: false, message: 'locked' }, 'success: false (locked)'],
      [{ ok: false, error: 'not_in_channel' }, 'error: not_in_channel'],
      [{ status: 'error', message: 'busy' }, 'status: error (busy)'],
      [{ status_code: 503, body: '' }, 'status_code: 503'],
      [{ errors: [{ message: 'Unknown field' }], data: null }, 'errors: Unknown field'],
      [{ result: { error: 'gone' } }, 'error: gone'],
      [{ exit_code: 127, stderr: 'rg: not found' }, 'exit code: 127'],
      [{ type: 'error', error: { type: 'overloaded_error' } }, 'error: overloaded_error'],
    ];
    for (const [recorded, words] of said) assert.equal(result(recorded).saysFailed, words);
  });

  it('do not take a report on failures for a failure', () => {
    const reports = [
      { error: null, rows: [1] },
      { error: '', data: 1 },
      { error: 'none', data: 1 },
      { errors: [], data: 1 },
      { error: 0.02, mean: 3 },
      { success: true, error: false },
      { errors: [{ line: 3, message: 'unexpected ;' }] },
      { errors: [{ message: 'x' }], data: { user: 1 } },
      { build: 12, status: 'failed' },
      { url: 'https://a', status: 404 },
      { ok: false, violations: ['a'] },
      { exit_code: 1, stdout: '1 failed' },
      { level: 'error', message: 'disk full' },
      [{ error: 'a' }, { error: 'b' }],
      'Error handling\n\nAn error is …',
      'ERROR 12:00 disk full',
    ];
    for (const one of reports) {
      assert.equal(result(one).saysFailed, undefined, JSON.stringify(one));
    }
  });

  it('keep the beginning and the length of a long one', () => {
    const { begin, chars, keys } = result('y'.repeat(3e6));
    assert.deepEqual([begin.length, chars, keys.length], [keptChars, 3e6, 0]);
    const many = result(Object.fromEntries(Array.from({ length: 999 }, (_, i) => [`k${i}`, i])));
    assert.equal(many.keys.length, keptNames);
  });
});

describe('facts of a call', () => {
  const messages = [
    { role: 'user', content: 'Which?' },
    {
      role: 'assistant',
      content: [{ type: 'tool_use', id: 'u1', name: 'search', input: { b: 1, a: 2 } }],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'u1', content: 'found it' }] },
  ];

  it('read a Messages API call', () => {
    const found = call({
      request: {
        model: 'm',
        max_tokens: 512,
        system: 'Be brief.',
        tools: [{ name: 'search' }],
        messages,
      },
      response: {
        stop_reason: 'tool_use',
        content: [
          { type: 'thinking', thinking: 'hm' },
          { type: 'text', text: 'Looking.' },
          { type: 'tool_use', id: 'u2', name: 'search', input: { b: 1, a: 2 } },
        ],
      },
    });
    assert.equal(found.stopReason, 'tool_use');
    assert.equal(found.maxTokens, 512);
    assert.equal(found.answer, 'Looking.');
    assert.deepEqual(found.toolUses, [{ id: 'u2', name: 'search', input: '{"a":2,"b":1}' }]);
    assert.deepEqual(found.toolNames, ['search']);
    assert.deepEqual(
      found.prompt.map(({ part, role, at }) => [part, role, at]),
      [
        ['tools', undefined, 0],
        ['system', undefined, 1],
        ['message', 'user', 2],
        ['message', 'assistant', 3],
        ['message', 'user', 4],
      ],
    );
    assert.ok((found.prompt[4]?.resultChars ?? 0) > 0);
    assert.equal(found.promptResultChars, found.prompt[4]?.resultChars);
    assert.equal(found.asksForCache, false);
  });

  it('read chat completions, OpenTelemetry’s messages and OpenInference’s values', () => {
    const chat = call({
      request: { max_completion_tokens: 9, messages: [{ role: 'tool', content: 'r' }] },
      response: {
        choices: [
          {
            finish_reason: 'length',
            message: {
              content: 'Hi',
              tool_calls: [
                { id: 'c', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
              ],
            },
          },
        ],
      },
    });
    assert.deepEqual([chat.stopReason, chat.maxTokens, chat.answer], ['length', 9, 'Hi']);
    assert.deepEqual(chat.toolUses, [{ id: 'c', name: 'f', input: '{"x":1}' }]);
    assert.ok((chat.prompt[0]?.resultChars ?? 0) > 0);
    const otel = call({
      'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]',
      'gen_ai.output.messages':
        '[{"role":"assistant","parts":[{"type":"text","content":"Yes"}],"finish_reason":"length"}]',
      'gen_ai.request.max_tokens': '64',
    });
    assert.deepEqual([otel.stopReason, otel.maxTokens, otel.answer], ['length', 64, 'Yes']);
    const open = call({
      'input.value': '{"messages":[{"role":"user","content":"Hi"}]}',
      'output.value': '{"content":[{"type":"text","text":"Yes"}],"stop_reason":"end_turn"}',
      'llm.invocation_parameters': '{"max_tokens": 7}',
    });
    assert.deepEqual([open.stopReason, open.maxTokens, open.answer], ['end_turn', 7, 'Yes']);
    assert.equal(open.prompt.length, 1);
  });

  it('hash a prompt without the marks for the cache, which move from call to call', () => {
    const of = (marked: boolean) =>
      call({
        request: {
          system: [
            { type: 'text', text: 's', ...(marked && { cache_control: { type: 'ephemeral' } }) },
          ],
          messages,
        },
      });
    assert.deepEqual(of(true).prompt, of(false).prompt);
    assert.deepEqual([of(true).asksForCache, of(false).asksForCache], [true, false]);
  });

  it('say whether a prompt begins with another, of any length', () => {
    const of = (count: number, changed = -1) =>
      call({
        request: Array.from({ length: count }, (_, i) => ({
          role: 'user',
          content: i === changed ? 'other' : `message ${i}`,
        })),
      }).prompt;
    const begins = (longer: CallFacts['prompt'], shorter: CallFacts['prompt']) => {
      const last = shorter.at(-1);
      return longer.some(part => part.at === last?.at && part.upTo === last.upTo);
    };
    assert.ok(begins(of(5), of(3)));
    assert.ok(!begins(of(5, 1), of(3)));
    assert.ok(begins(of(5000), of(4998)));
    assert.ok(!begins(of(5000, 2500), of(4998)), 'though that part is not kept');
    assert.ok(of(5000).length <= keptParts);
    assert.equal(of(5000).at(-1)?.at, 4999);
  });

  it('know retries as the tracer writes them and as others count them', () => {
    const retry = event('retry', { attempt: 2, status: 529, wait_ms: 1500 }, 3);
    assert.deepEqual(call({ retries: 1 }, [retry]).retries, [{ status: '529', waitMs: 1500 }]);
    assert.equal(call({ retries: 2 }).retries.length, 2);
    assert.equal(call({ 'http.request.resend_count': 4 }).retries.length, 4);
    assert.equal(call({ attempt: 3 }).retries.length, 2);
    assert.equal(call({ retries: 1e9 }).retries.length, keptNames);
    assert.equal(call({ retries: 'many' }).retries.length, 0);
  });

  it('keep the first and the last events, by time, with their small values', () => {
    const many = Array.from({ length: 3000 }, (_, i) => event('e', { i, big: { a: 1 } }, 3000 - i));
    const { events } = facts({}, 'other', many);
    assert.equal(events.length, keptEvents);
    assert.deepEqual([events[0]?.time, events.at(-1)?.time], [1, 3000]);
    assert.deepEqual(events[0]?.attributes, { i: 2999 });
    const broken = facts({}, 'other', [{ name: 'n', time: undefined, attributes: '{' }]).events;
    assert.deepEqual(broken, [{ name: 'n', time: undefined, attributes: {} }]);
  });
});

describe('facts of hostile records', () => {
  it('are made of anything', () => {
    const deep = `${'['.repeat(3000)}1${']'.repeat(3000)}`;
    const texts = [
      '[]',
      'null',
      '{',
      `{"tool_input":${deep},"tool_result":${deep},"request":{"messages":${deep}},"response":${deep}}`,
      '{"tool_input":{"__proto__":{"a":1},"constructor":2},"tool_result":{"__proto__":[]}}',
      '{"request":{"messages":[null,1,"x",[],{}],"tools":[null,3],"system":7},"response":{"choices":[null]}}',
      '{"request":{"messages":{"a":1},"max_tokens":"x"},"response":{"content":{"type":3}},"retries":{}}',
      '{"response":[[[null]]],"tool_result":[[],[[]]],"result_length":-5}',
    ];
    for (const text of texts) {
      for (const kind of ['tool', 'llm', 'agent'] as const) {
        const made = factsOf(readMetadata(text), [], kind);
        assert.ok(JSON.stringify(made).length < 20_000, text.slice(0, 40));
      }
    }
  });
});
