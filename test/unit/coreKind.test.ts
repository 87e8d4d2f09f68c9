import assert from 'node:assert/strict';
import { decideKind, type KindFacts, type KindHints } from '../../src/core/kind.ts';
import { readMetadata } from '../../src/core/metadata.ts';

const nothing: KindFacts = {
  hints: {},
  name: 'x',
  model: undefined,
  hasTokens: false,
  isRoot: false,
  hasChildren: false,
};
const kind = (hints: KindHints, rest: Partial<KindFacts> = {}): string =>
  decideKind({ ...nothing, ...rest, hints });

describe('kind (FORMATS.md 2.9)', () => {
  it('is the span’s own word first, where it is one of ours', () => {
    assert.equal(kind({ kind: 'tool', 'openinference.span.kind': 'LLM' }), 'tool');
    assert.equal(kind({ kind: 'banana', 'openinference.span.kind': 'LLM' }), 'llm');
  });

  const operations: readonly (readonly [string, string])[] = [
    ...['chat', 'text_completion', 'generate_content', 'completion', 'embeddings'].map(
      op => [op, 'llm'] as const,
    ),
    ['execute_tool', 'tool'],
    ['invoke_agent', 'agent'],
    ['create_agent', 'agent'],
    ['invoke_workflow', 'chain'],
    ['plan', 'chain'],
    ['chain', 'chain'],
    ['retrieval', 'retrieval'],
    ['search_memory', 'retrieval'],
    ['execute_hook', 'other'],
  ];
  for (const [operation, expected] of operations) {
    it(`gen_ai.operation.name ${operation} is ${expected}`, () => {
      assert.equal(kind({ 'gen_ai.operation.name': operation }, { isRoot: true }), expected);
    });
  }

  const words: readonly (readonly [keyof KindHints, string, string])[] = [
    ['openinference.span.kind', 'EMBEDDING', 'llm'],
    ['openinference.span.kind', 'RERANKER', 'retrieval'],
    ['openinference.span.kind', 'GUARDRAIL', 'other'],
    ['traceloop.span.kind', 'workflow', 'chain'],
    ['traceloop.span.kind', 'session', 'agent'],
    ['langsmith.span.kind', 'retriever', 'retrieval'],
    ['langfuse.observation.type', 'GENERATION', 'llm'],
    ['mlflow.spanType', 'CHAT_MODEL', 'llm'],
    ['span.type', 'interaction', 'agent'],
    ['span.type', 'llm_request', 'llm'],
    ['span.type', 'tool.execution', 'other'],
    ['ai.operationId', 'ai.streamText.doStream', 'llm'],
    ['ai.operationId', 'ai.toolCall', 'tool'],
    ['ai.operationId', 'ai.generateText', 'chain'],
    ['gen_ai.tool.name', 'search', 'tool'],
    ['tool.name', 'search', 'tool'],
    ['tool_name', 'search', 'tool'],
    ['db.system', 'qdrant', 'retrieval'],
  ];
  for (const [key, word, expected] of words) {
    it(`${key} ${word} is ${expected}`, () => assert.equal(kind({ [key]: word }), expected));
  }

  it('knows Claude Code’s spans by their names', () => {
    const named = (name: string) => kind({}, { name, hasChildren: true });
    assert.equal(named('claude_code.interaction'), 'agent');
    assert.equal(named('claude_code.llm_request'), 'llm');
    assert.equal(named('claude_code.tool'), 'tool');
    assert.equal(named('claude_code.tool.blocked_on_user'), 'other');
  });

  it('guesses from the columns last', () => {
    assert.equal(kind({}, { model: 'm', hasTokens: true }), 'llm');
    assert.equal(kind({ 'db.system': 'q' }, { model: 'm', hasTokens: true }), 'llm', '7 before 8');
    assert.equal(kind({ 'db.system': 'q' }, { model: 'm' }), 'retrieval');
    assert.equal(kind({ tool_name: 't' }, { model: 'm', hasTokens: true }), 'tool', '6 before 7');
    assert.equal(kind({}, { name: 'llm_call_1' }), 'llm');
    assert.equal(kind({}, { isRoot: true }), 'agent');
    assert.equal(kind({}, { hasChildren: true }), 'agent');
    assert.equal(kind({}), 'other');
  });

  it('takes words that every object has for unknown', () => {
    for (const word of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      assert.equal(kind({ 'span.type': word }), 'other', word);
    }
  });
});

describe('metadata', () => {
  const read = (value: unknown) => readMetadata(JSON.stringify(value));

  it('tells what is not JSON and what is no object', () => {
    assert.equal(readMetadata('{').problem, 'not-json');
    for (const text of ['[1]', '5', '"x"']) assert.equal(readMetadata(text).problem, 'not-object');
    for (const text of [undefined, '', '  ', 'null'])
      assert.equal(readMetadata(text).problem, undefined);
  });

  it('reads our keys before the conventions’', () => {
    assert.equal(read({ request: 'ours', 'gen_ai.prompt': 'theirs' }).request, 'ours');
    assert.equal(read({ request: null, 'gen_ai.prompt': 'theirs' }).request, 'theirs');
  });

  const families: readonly (readonly [
    (
      | 'request'
      | 'response'
      | 'toolInput'
      | 'toolUseId'
      | 'toolResult'
      | 'toolName'
      | 'input'
      | 'output'
    ),
    readonly string[],
  ])[] = [
    [
      'request',
      [
        'request',
        'gen_ai.input.messages',
        'gen_ai.prompt',
        'ai.prompt.messages',
        'ai.prompt',
        'messages',
        'prompt',
        'query',
      ],
    ],
    [
      'response',
      [
        'response',
        'gen_ai.output.messages',
        'gen_ai.completion',
        'ai.response.text',
        'completion',
        'answer',
      ],
    ],
    ['toolName', ['tool_name', 'gen_ai.tool.name', 'tool.name']],
    [
      'toolInput',
      [
        'tool_input',
        'gen_ai.tool.call.arguments',
        'tool.parameters',
        'input.value',
        'ai.toolCall.args',
      ],
    ],
    ['toolUseId', ['tool_use_id', 'gen_ai.tool.call.id', 'tool_call_id', 'ai.toolCall.id']],
    [
      'toolResult',
      [
        'tool_result',
        'gen_ai.tool.call.result',
        'anthropic.tool_result.content',
        'output.value',
        'ai.toolCall.result',
      ],
    ],
    ['input', ['input', 'query']],
    ['output', ['output']],
  ];
  for (const [field, keys] of families) {
    it(`finds ${field} under each of its keys`, () => {
      for (const key of keys) assert.equal(read({ [key]: 'value' })[field], 'value', key);
    });
  }

  it('unpacks JSON strings of the conventions, leaves our texts and cut ones alone', () => {
    assert.deepEqual(read({ 'gen_ai.prompt': '[{"role":"user"}]' }).request, [{ role: 'user' }]);
    assert.equal(read({ 'gen_ai.prompt': '[{"role":' }).request, '[{"role":');
    assert.equal(
      read({ tool_result: '{"a":1}' }).toolResult,
      '{"a":1}',
      'a text that looks like JSON',
    );
  });

  it('reads the source under our key and OpenTelemetry’s', () => {
    const source = { file: 'a.py', line: 3, function: 'f' };
    assert.deepEqual(read({ source }).source, source);
    assert.deepEqual(
      read({ 'code.filepath': 'a.py', 'code.lineno': 3, 'code.function': 'f' }).source,
      source,
    );
    assert.equal(read({ source: { line: 3 } }).source, undefined, 'a line of no file');
    assert.equal(read({ source: [] }).source, undefined);
  });

  it('survives deep nesting and hostile keys', () => {
    const deep = `${'['.repeat(1000)}${']'.repeat(1000)}`;
    assert.equal(readMetadata(`{"request":${deep}}`).problem, undefined);
    const hostile = readMetadata('{"__proto__":{"request":"x","kind":"llm"},"constructor":1}');
    assert.equal(hostile.request, undefined);
    assert.equal(hostile.hints.kind, undefined);
  });
});
