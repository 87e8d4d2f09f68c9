import assert from 'node:assert/strict';
import { TraceError } from '../../src/core/errors.ts';
import { compareResults } from '../../src/core/replay/compareResults.ts';
import { mcpFailed, mcpText } from '../../src/core/replay/mcpResult.ts';
import { registeredName, toolCall } from '../../src/core/replay/toolCall.ts';
import { type ReplayedTool, toolReplayRows } from '../../src/core/replay/toolReplayRun.ts';

const call = (metadata: unknown, error?: string) =>
  toolCall('search', {
    name: 'search',
    metadata: typeof metadata === 'string' ? metadata : JSON.stringify(metadata),
    error,
  });
const refusal = (metadata: unknown): string => {
  try {
    call(metadata);
  } catch (error) {
    const { code, message } = TraceError.from(error);
    return `${code}: ${message}`;
  }
  return 'none';
};

describe('a recorded call of a tool', () => {
  it('has its input as it was written', () => {
    assert.equal(
      call('{"tool_input": {"b": 1.0, "a": 12345678901234567890}}').input,
      '{"b": 1.0, "a": 12345678901234567890}',
    );
    assert.equal(call({ tool_input: 'a "text"' }).input, '"a \\"text\\""');
    assert.equal(call({ tool_input: 0 }).input, '0');
    assert.equal(call({ 'gen_ai.tool.call.arguments': '{"a":[1]}' }).input, '{"a":[1]}');
    assert.equal(registeredName({ toolName: undefined, name: 'a' }), 'a');
    assert.equal(registeredName({ toolName: 'b', name: 'a' }), 'b');
  });

  it('has what it gave, or how it failed', () => {
    const recorded = (metadata: object, error?: string) => {
      const { text, failed } = call({ tool_input: 1, ...metadata }, error).recorded ?? {};
      return [text, failed];
    };
    assert.deepEqual(recorded({}), [undefined, undefined]);
    assert.deepEqual(recorded({ tool_result: 'x' }, 'late'), ['x', false]);
    assert.deepEqual(recorded({}, 'refused'), ['refused', true]);
    assert.deepEqual(recorded({ tool_result: { a: 1 } }), ['{"a":1}', false]);
    assert.deepEqual(recorded({ tool_result: [1, 2] }), ['[1,2]', false]);
    assert.deepEqual(recorded({ tool_result: [{ type: 'text', text: 'x' }] }), ['x', false]);
    const whole = { content: [{ type: 'text', text: 'x' }], isError: false };
    assert.equal(call({ tool_input: 1, tool_result: whole }).recorded?.whole, true);
  });

  it('without its input, or with one that was cut, is not run', () => {
    assert.match(refusal({}), /^toolInputUnrecorded: The input of “search” was not recorded/);
    assert.match(refusal('no json'), /^toolInputUnrecorded/);
    assert.match(refusal({ redacted: { tool_input: 'content' } }), /^toolInputCut: .*content/);
    for (const redacted of [{ 'tool_input.key': 'secret' }, { '…': 'more' }, 'the input']) {
      assert.match(
        refusal({ tool_input: {}, redacted }),
        /^toolInputCut/,
        JSON.stringify(redacted),
      );
    }
    const marked = { tool_input: { mail: '[redacted:email]' } };
    assert.match(refusal(marked), /^toolInputCut: .*\(\[redacted:email\]\)/);
    assert.equal(refusal({ tool_input: {}, redacted: { 'response.text': 'secret' } }), 'none');
    const deep = `{"tool_input":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    assert.match(refusal(deep), /^toolInputTooDeep/);
  });

  it('says what was cut of its result', () => {
    const cut = (tool_result: unknown, redacted?: object) =>
      call({ tool_input: 1, tool_result, redacted }).recorded?.cut;
    assert.equal(cut('x'), undefined);
    assert.equal(
      cut('x', { tool_result: 'size: 9 characters' }),
      'tool_result: size: 9 characters',
    );
    assert.equal(cut('a [redacted:api-key]'), '[redacted:api-key]');
  });
});

describe('two results', () => {
  const told = (recorded: string, replayed: string) => {
    const { same, at, json, lostJson } = compareResults(recorded, replayed);
    return [same, at, ...(json ? ['json'] : []), ...(lostJson ? ['lost'] : [])];
  };

  it('are compared as JSON where both are, else as text', () => {
    assert.deepEqual(told('{"a":1.0,"b":[2]}', '{ "b": [2], "a": 1 }\n'), [
      true,
      undefined,
      'json',
    ]);
    assert.deepEqual(told('{"a":[{"b":1}]}', '{"a":[{"b":2}]}'), [false, 'a[0].b', 'json']);
    assert.deepEqual(told('{"a":1}', 'oops'), [false, undefined, 'lost']);
    assert.deepEqual(told('x\r\ny', 'x\ny\n'), [true, undefined]);
    assert.deepEqual(told('x', '"x"'), [true, undefined], 'as JSON a text has quotation marks');
    assert.deepEqual(told('x', '[{"type":"text","text":"x"}]'), [true, undefined]);
    assert.deepEqual(told('[]', '{}'), [false, undefined, 'json']);
    assert.deepEqual(told('42', '42.0'), [false, undefined]);
  });

  it('are shown alike: indented where both are JSON', () => {
    const { recorded, replayed } = compareResults('{"a":1.50}', '{"a":2}');
    assert.deepEqual([recorded, replayed], ['{\n  "a": 1.50\n}', '{\n  "a": 2\n}']);
    assert.equal(compareResults('{"a":1}', 'x').recorded, '{"a":1}');
  });

  it('may be anything', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    assert.deepEqual(told(deep, deep), [true, undefined]);
    assert.deepEqual(told('', ''), [true, undefined]);
    assert.deepEqual(told('{"__proto__":1}', '{"__proto__":2}'), [false, '__proto__', 'json']);
  });
});

describe('the result of an MCP tool', () => {
  it('is what its blocks say, else its structured content, or all of it', () => {
    const content = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ];
    assert.equal(mcpText({ content, structuredContent: { x: 1 } }, false), 'a\n\nb');
    assert.equal(mcpText({ content: [], structuredContent: { x: 1 } }, false), '{"x":1}');
    assert.equal(mcpText({ content: [] }, false), '');
    assert.equal(
      mcpText({ content: [], _meta: { t: 1 }, isError: true }, true),
      '{"content":[],"isError":true}',
    );
    assert.equal(mcpText(null, false), '');
    assert.deepEqual(
      [mcpFailed({ isError: true }), mcpFailed({}), mcpFailed(undefined)],
      [true, false, false],
    );
  });
});

describe('a tool that was run again', () => {
  const replayed: ReplayedTool = {
    origin: { runId: 'run', spanId: 'span', file: '/a.db', name: 'search' },
    call: call({ tool_input: { n: 1 } }),
    definition: {
      name: 'search',
      way: { kind: 'command', command: ['x'] },
      cwd: undefined,
      env: { KEY: 'secret-value' },
      passEnv: ['HOME'],
      timeout: 1,
      mostBytes: 1,
    },
    outcome: {
      text: 'found',
      error: undefined,
      failure: undefined,
      log: '',
      exitCode: 0,
      start: 5000,
      duration: 250,
    },
    git: undefined,
    versions: { node: '24' },
  };
  const ids = { runId: 'r', spanId: 's' };

  it('is a run of its own with links to what was recorded', () => {
    const [root, span] = toolReplayRows(replayed, ids);
    assert.deepEqual([root?.spanId, span?.parentSpanId, span?.name], ['r', 'r', 'search']);
    assert.deepEqual([span?.startTime, span?.endTime, span?.status], [5, 5.25, 'ok']);
    const links = { replay_of_run: 'run', replay_of_span: 'span', replay_of_file: '/a.db' };
    assert.deepEqual(JSON.parse(root?.metadata ?? ''), {
      kind: 'chain',
      ...links,
      replay_edited: [],
      replay_tool: { kind: 'command', command: ['x'], variables: ['KEY', 'HOME'] },
      versions: { node: '24' },
    });
    assert.deepEqual(JSON.parse(span?.metadata ?? ''), {
      tool_input: { n: 1 },
      kind: 'tool',
      tool_name: 'search',
      ...links,
      tool_result: 'found',
      result_length: 5,
      exit_code: 0,
    });
    assert.ok(!JSON.stringify([root, span]).includes('secret-value'));
  });

  it('that failed has its words as its error', () => {
    const error = new TraceError('toolExited', ['search', '1', '“no index”.']);
    const outcome = { ...replayed.outcome, text: undefined, error, failure: 'no index' };
    const [root, span] = toolReplayRows({ ...replayed, outcome }, ids);
    assert.deepEqual([root?.status, span?.error], ['error', 'no index']);
    const [late] = toolReplayRows(
      { ...replayed, outcome: { ...outcome, failure: undefined } },
      ids,
    );
    assert.equal(late?.error, error.message);
  });
});
