import assert from 'node:assert/strict';
import { addsToSpan, joinLogs } from '../../src/formats/logJoin.ts';

const at = (name: string, attributes: Record<string, unknown>) => ({ name, time: 1, attributes });

describe('Records of a log and their span', () => {
  const telling = [
    ['llm', at('claude_code.api_request', { cost_usd: 0.5 })],
    ['llm', at('claude_code.api_error', { error: 'Overloaded' })],
    ['llm', at('api_request_body', { body: '{"messages":[]}' })],
    ['llm', at('claude_code.api_response_body', { body: '{"content":[]}' })],
    ['llm', at('claude_code.assistant_response', { response: 'Yes.' })],
    ['agent', at('claude_code.user_prompt', { prompt: 'Hi' })],
    ['tool', at('claude_code.tool_result', { tool_input: '{}' })],
    ['llm', at('gen_ai.user.message', { body: { content: 'Hi' } })],
    ['llm', at('log', { body: { 'gen_ai.completion': 'Yes.' } })],
    ['llm', at('log', { 'gen_ai.prompt': 'Hi' })],
  ] as const;

  it('are joined where they say something of it', () => {
    for (const [kind, record] of telling) {
      assert.equal(addsToSpan(record), true, record.name);
      const joined = joinLogs({ kind }, [record]);
      const said = { ...joined.metadata, cost: joined.cost, error: joined.error };
      assert.notDeepEqual(said, { kind, cost: undefined, error: undefined }, record.name);
    }
  });

  it('are left alone where they are lines of an ordinary log', () => {
    const lines = [
      at('log', { body: 'started' }),
      at('api_request_done', {}),
      at('x.tool_result', {}),
    ];
    for (const record of lines) assert.equal(addsToSpan(record), false, record.name);
    assert.deepEqual(joinLogs({ kind: 'llm' }, lines), {
      ...{ metadata: { kind: 'llm' }, cost: undefined, error: undefined },
    });
  });

  it('count the cost of a call with the call, and what became of a tool with the tool', () => {
    const call = at('claude_code.api_request', { cost_usd: 0.5 });
    const tool = at('claude_code.tool_result', { success: 'false', error: 'no such file' });
    const joined = joinLogs({ kind: 'agent' }, [call, tool]);
    assert.deepEqual([joined.cost, joined.error], [undefined, undefined]);
  });
});
