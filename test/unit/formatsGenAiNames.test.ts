import assert from 'node:assert/strict';
import { exportedSpan } from '../../src/formats/exportedSpan.ts';
import { conventionsVersion, genAiAttributes } from '../../src/formats/genAiAttributes.ts';
import { recorded } from './support/recordedSpan.ts';

type Type = 'string' | 'string[]' | 'int' | 'double' | 'boolean' | 'any';

/** docs/registry/attributes/{gen-ai,code,error,user}.md of open-telemetry/semantic-conventions at v1.41.0. */
const registry: Readonly<Record<string, Type>> = {
  'gen_ai.agent.name': 'string',
  'gen_ai.conversation.id': 'string',
  'gen_ai.input.messages': 'any',
  'gen_ai.operation.name': 'string',
  'gen_ai.output.messages': 'any',
  'gen_ai.provider.name': 'string',
  'gen_ai.request.max_tokens': 'int',
  'gen_ai.request.model': 'string',
  'gen_ai.request.seed': 'int',
  'gen_ai.request.stop_sequences': 'string[]',
  'gen_ai.request.stream': 'boolean',
  'gen_ai.request.temperature': 'double',
  'gen_ai.request.top_k': 'double',
  'gen_ai.request.top_p': 'double',
  'gen_ai.response.finish_reasons': 'string[]',
  'gen_ai.response.id': 'string',
  'gen_ai.response.model': 'string',
  'gen_ai.response.time_to_first_chunk': 'double',
  'gen_ai.retrieval.query.text': 'string',
  'gen_ai.system_instructions': 'any',
  'gen_ai.tool.call.arguments': 'any',
  'gen_ai.tool.call.id': 'string',
  'gen_ai.tool.call.result': 'any',
  'gen_ai.tool.definitions': 'any',
  'gen_ai.tool.name': 'string',
  'gen_ai.usage.cache_creation.input_tokens': 'int',
  'gen_ai.usage.cache_read.input_tokens': 'int',
  'gen_ai.usage.input_tokens': 'int',
  'gen_ai.usage.output_tokens': 'int',
  'gen_ai.usage.reasoning.output_tokens': 'int',
  'gen_ai.workflow.name': 'string',
  'code.file.path': 'string',
  'code.function.name': 'string',
  'code.line.number': 'int',
  'error.type': 'string',
  'user.id': 'string',
};
/** Of its successor, and of none. */
const beside: Readonly<Record<string, Type>> = {
  'gen_ai.usage.cache_write.input_tokens': 'int',
  'gen_ai.usage.cost': 'double',
  'anthropic.usage.cache_creation.ephemeral_5m_input_tokens': 'int',
  'anthropic.usage.cache_creation.ephemeral_1h_input_tokens': 'int',
  request_id: 'string',
};

const operations = ['chat', 'execute_tool', 'invoke_agent', 'invoke_workflow', 'retrieval'];

function typeOf(value: unknown): Type {
  if (Array.isArray(value)) return 'string[]';
  if (typeof value === 'bigint') return 'int';
  return typeof value === 'number' ? 'double' : typeof value === 'boolean' ? 'boolean' : 'string';
}

describe('Attributes by the GenAI conventions', () => {
  it(`have the names and types of ${conventionsVersion}, all of them`, () => {
    assert.equal(conventionsVersion, '1.41.0');
    const common = { user_id: 'me', source: { file: 'a.py', line: 3, function: 'f' } };
    const spans = [
      recorded({ span: { kind: 'agent', status: 'error' }, sessionId: 's', metadata: common }),
      recorded({ span: { kind: 'chain' } }),
      recorded({
        span: { kind: 'tool', toolName: 't' },
        metadata: { tool_use_id: 'u', tool_input: { a: 1 }, tool_result: 'r' },
      }),
      recorded({ span: { kind: 'retrieval' }, metadata: { tool_input: 'why' } }),
      recorded({
        span: {
          kind: 'llm',
          model: 'claude-haiku-4-5',
          usage: {
            input: 1,
            cacheRead: 2,
            cacheWrite5m: 3,
            cacheWrite1h: 4,
            output: 5,
            reasoning: 6,
          },
          cost: 1,
          costSource: 'recorded',
        },
        metadata: {
          request_id: 'q',
          time_to_first_token_ms: 2000,
          request: {
            model: 'claude-haiku-4-5',
            max_tokens: 9,
            temperature: 1,
            top_p: 1,
            top_k: 4,
            seed: 7,
            stream: true,
            stop_sequences: ['x'],
            system: 'Be brief.',
            tools: [{ name: 'sum', input_schema: {} }],
            messages: [{ role: 'user', content: 'Why?' }],
          },
          response: {
            id: 'm',
            model: 'claude-haiku-4-5',
            stop_reason: 'end_turn',
            content: [{ type: 'text', text: 'So.' }],
          },
        },
      }),
    ];
    const seen = new Set<string>();
    for (const { key, value } of spans.flatMap(one => genAiAttributes(exportedSpan(one)))) {
      seen.add(key);
      const type = registry[key] ?? beside[key];
      assert.notEqual(type, undefined, `${key} is no name of the conventions`);
      assert.equal(typeOf(value), type === 'any' ? 'string' : type, key);
      if (key === 'gen_ai.operation.name') assert.ok(operations.includes(String(value)), key);
    }
    assert.deepEqual(
      [...Object.keys(registry), ...Object.keys(beside)].filter(key => !seen.has(key)),
      [],
    );
  });
});
