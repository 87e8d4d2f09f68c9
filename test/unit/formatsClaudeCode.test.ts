import assert from 'node:assert/strict';
import { claudeCode } from '../../src/formats/claudeCode.ts';
import { Imported } from './support/imported.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 1, 10, 12, 0, second)).toISOString();
const common = { sessionId: 's1', cwd: '/home/u/shop', version: '2.1.40', isSidechain: false };
const user = (uuid: string, second: number, content: unknown, more = {}): object => ({
  ...{ ...common, type: 'user', uuid, timestamp: at(second) },
  ...{ message: { role: 'user', content }, ...more },
});
const usage = (output: number) => ({
  ...{ input_tokens: 10, cache_read_input_tokens: 1000, cache_creation_input_tokens: 200 },
  ...{ cache_creation: { ephemeral_5m_input_tokens: 150, ephemeral_1h_input_tokens: 50 } },
  output_tokens: output,
});
const answer = (
  [id, uuid]: readonly [string, string],
  second: number,
  block: object,
  output = 5,
  more = {},
): object => ({
  ...{ ...common, type: 'assistant', uuid, timestamp: at(second), requestId: `req_${id}` },
  message: {
    ...{ id, type: 'message', role: 'assistant', model: 'claude-opus-4-6', stop_reason: null },
    ...{ content: [block], usage: usage(output) },
  },
  ...more,
});
const text = (words: string) => ({ type: 'text', text: words });
const use = (id: string, name: string, input = {}) => ({ type: 'tool_use', id, name, input });
const result = (id: string, content: unknown, isError = false) => [
  { type: 'tool_result', tool_use_id: id, content, ...(isError && { is_error: true }) },
];

const read = (...lines: readonly unknown[]): Imported =>
  new Imported(claudeCode).feed('s1.jsonl', ...lines).end();

const statusOf = (it: Imported, id: string) => [it.spans.get(id)?.status, it.spans.get(id)?.error];

describe('a transcript of Claude Code', () => {
  it('is a run for each prompt, with calls and tools, each with what it gave', () => {
    const it = read(
      user('p1', 0, 'List the files'),
      answer(['m1', 'a1'], 2, text('I look.')),
      answer(['m1', 'a2'], 3, use('t1', 'Bash', { command: 'ls' }), 40),
      user('r1', 4, result('t1', 'a.txt'), { toolUseResult: { stdout: 'a.txt' } }),
      answer(['m2', 'a3'], 6, text('One file.'), 9),
      user('p2', 10, 'Thanks'),
    );
    assert.deepEqual(it.tree(), [
      'shop #1 agent ok',
      '  chat claude-opus-4-6 llm ok',
      '  Bash tool ok',
      '  chat claude-opus-4-6 llm ok',
      'shop #2 agent running',
    ]);
    const run = it.spans.get('p1');
    assert.deepEqual(
      [run?.metadata.input, run?.metadata.output, run?.metadata.session_id],
      ['List the files', 'One file.', 's1'],
    );
    assert.equal((run?.endTime ?? 0) - (run?.startTime ?? 0), 6);
    const call = it.spans.get('m1');
    assert.deepEqual(call?.metadata.messages, [{ role: 'user', content: 'List the files' }]);
    const response = call?.metadata.response as { content: unknown[]; usage: object };
    assert.deepEqual(response.content.length, 2, 'both blocks of one answer');
    assert.equal((call?.endTime ?? 0) - (call?.startTime ?? 0), 3);
    const tool = it.spans.get('t1');
    assert.deepEqual(
      [tool?.metadata.tool_use_id, tool?.metadata.tool_input, tool?.metadata.tool_result],
      ['t1', { command: 'ls' }, 'a.txt'],
    );
    const raw = tool?.metadata.transcript as { toolUseResult: object };
    assert.deepEqual(raw.toolUseResult, { stdout: 'a.txt' });
    assert.deepEqual(it.problems, []);
  });

  it('counts the usage of an answer once, with the output of its last line and both caches', () => {
    const it = read(
      user('p1', 0, 'Hi'),
      answer(['m1', 'a1'], 1, { type: 'thinking', thinking: 'Hm' }, 3),
      answer(['m1', 'a2'], 2, text('Hello'), 441),
    );
    const counts = { input: 10, cacheRead: 1000, cacheWrite5m: 150, cacheWrite1h: 50 };
    assert.deepEqual({ ...it.usage(), reasoning: 0 }, { ...counts, output: 441, reasoning: 0 });
    const cost = (10 * 5 + 1000 * 0.5 + 150 * 6.25 + 50 * 10 + 441 * 25) / 1e6;
    assert.ok(Math.abs((it.cost() ?? 0) - cost) < 1e-12);
  });

  it('counts an answer that another file repeats once', () => {
    const seen = new Set<string>();
    const lines = [user('p1', 0, 'Hi'), answer(['m1', 'a1'], 1, use('t1', 'Read'), 7)];
    const first = new Imported(claudeCode, seen).feed('s1.jsonl', ...lines).end();
    const second = new Imported(claudeCode, seen);
    second.feed('s2.jsonl', ...lines, user('p2', 5, 'Go on'), answer(['m9', 'a9'], 6, text('Yes')));
    second.end();
    assert.equal(first.usage().output, 7);
    assert.deepEqual([...second.spans.keys()], ['p2', 'm9']);
    assert.deepEqual(second.problems, ['repeated 2']);
  });

  it('says which tools failed, and that a person interrupted', () => {
    const it = read(
      user('p1', 0, 'Build it'),
      answer(['m1', 'a1'], 1, use('t1', 'Bash')),
      user('r1', 2, result('t1', 'exit 1', true)),
      user('i1', 3, [text('[Request interrupted by user]')]),
    );
    assert.equal(it.one('Bash').error, 'exit 1');
    assert.deepEqual(statusOf(it, 'p1'), ['cancelled', undefined], 'no failure of the agent');
    assert.deepEqual(
      it.events.map(event => event.name),
      ['interrupted', 'unanswered'],
    );
  });

  it('of an interruption, what was under way is cancelled, and what goes on is not', () => {
    const asked = answer(['m1', 'a1'], 1, use('t1', 'Bash'));
    const stop = user('i1', 3, [text('[Request interrupted by user for tool use]')]);
    const refusal =
      "The user doesn't want to proceed with this tool use. The tool use was rejected.";
    const open = read(user('p1', 0, 'Build it'), asked, stop);
    assert.deepEqual(statusOf(open, 't1'), ['cancelled', undefined]);
    assert.equal(open.spans.get('t1')?.endTime, Date.parse(at(3)) / 1000);
    const refused = user('r1', 2, result('t1', refusal, true));
    const not = read(user('p1', 0, 'Build it'), asked, refused, stop);
    assert.deepEqual(statusOf(not, 't1'), ['cancelled', undefined]);
    assert.deepEqual(statusOf(not, 'p1'), ['cancelled', undefined]);
    const late = read(
      ...[user('p1', 0, 'Build it'), asked, stop, user('r1', 4, result('t1', 'done'))],
      answer(['m2', 'a2'], 5, text('It is built.')),
    );
    assert.deepEqual(statusOf(late, 'p1'), ['ok', undefined]);
  });

  it('shows an error of the API as a call that failed, without tokens', () => {
    const refused = answer(['m1', 'a1'], 1, text('API Error: 529 overloaded'), 0, {
      isApiErrorMessage: true,
    }) as { message: object };
    const it = read(user('p1', 0, 'Hi'), {
      ...refused,
      message: { ...refused.message, model: '<synthetic>' },
    });
    const call = it.one('chat');
    assert.deepEqual(
      [call.status, call.error, call.model, call.costUsd],
      ['error', 'API Error: 529 overloaded', '', 0],
    );
    assert.deepEqual(it.usage(), {});
  });

  it('joins sub-agents from their own files to the use of the tool that started them', () => {
    const ofAgent = { isSidechain: true, agentId: 'x1' };
    const it = new Imported(claudeCode)
      .feed(
        's1.jsonl',
        user('p1', 0, 'Research'),
        answer(['m1', 'a1'], 1, use('t1', 'Task', { subagent_type: 'Explore', prompt: 'Look' })),
        user('r1', 9, result('t1', 'Found'), { toolUseResult: { agentId: 'x1' } }),
        answer(['m2', 'a2'], 10, text('Done')),
      )
      .feed(
        's1/subagents/agent-x1.jsonl',
        user('q1', 2, 'Look', ofAgent),
        answer(['m3', 'b1'], 3, use('t2', 'Grep'), 5, ofAgent),
        user('q2', 4, result('t2', 'hit'), ofAgent),
        answer(['m4', 'b2'], 8, text('Found'), 6, ofAgent),
      )
      .end();
    assert.deepEqual(it.tree(), [
      'shop #1 agent ok',
      '  chat claude-opus-4-6 llm ok',
      '  Task tool ok',
      '    Explore agent ok',
      '      chat claude-opus-4-6 llm ok',
      '      Grep tool ok',
      '      chat claude-opus-4-6 llm ok',
      '  chat claude-opus-4-6 llm ok',
    ]);
    assert.ok([...it.spans.values()].every(span => span.runId === 'p1'));
  });

  it('reads sub-agents that stand in the file of their parent, old and new, once', () => {
    const carried = (uuid: string, line: object): object => ({
      ...{ ...common, type: 'progress', uuid, timestamp: at(3), parentToolUseID: 't1' },
      data: { type: 'agent_progress', agentId: 'x1', message: line },
    });
    const inner = answer(['m3', 'b1'], 3, text('Found'), 6);
    const task = use('t1', 'Task', { subagent_type: 'Plan', prompt: 'Look' });
    const it = new Imported(claudeCode)
      .feed(
        's1.jsonl',
        ...[user('p1', 0, 'Research'), answer(['m1', 'a1'], 1, task), carried('g1', inner)],
        answer(['m5', 'a5'], 4, use('t5', 'Task', { prompt: 'Old' })),
        { ...user('o1', 5, 'Old'), isSidechain: true, parentUuid: null },
        { ...answer(['m6', 'o2'], 6, text('Old too')), isSidechain: true, parentUuid: 'o1' },
      )
      .feed('s1/subagents/agent-x1.jsonl', { ...inner, agentId: 'x1', isSidechain: true })
      .end();
    assert.deepEqual(it.tree('t1').length, 2);
    const response = it.spans.get('m3')?.metadata.response as { content: unknown[] };
    assert.equal(response.content.length, 1);
    assert.deepEqual(it.tree('t5'), ['sub-agent agent ok', '  chat claude-opus-4-6 llm ok']);
  });

  it('takes what a person ran without the model for no prompt', () => {
    const it = read(
      user('c0', 0, '<command-name>/model</command-name>'),
      user('c1', 1, '<local-command-stdout>Kept</local-command-stdout>'),
      user('p1', 2, 'Hi'),
      answer(['m1', 'a1'], 3, text('Hello')),
      user('c2', 4, '<command-message>init</command-message><command-name>/init</command-name>'),
      user('c3', 4, [text('Analyse this project')], { isMeta: true }),
      answer(['m2', 'a2'], 6, text('Done')),
    );
    assert.deepEqual(it.tree(), [
      'shop #1 agent ok',
      '  chat claude-opus-4-6 llm ok',
      'shop #2 agent ok',
      '  chat claude-opus-4-6 llm ok',
    ]);
    const call = it.spans.get('m2')?.metadata.messages as unknown[];
    assert.equal(call.length, 2, 'the command, and what it stands for');
    assert.equal(it.events.length, 2, 'the local command and what it printed are kept');
  });

  it('keeps lines that it does not know, with all their fields', () => {
    const it = read(user('p1', 0, 'Hi'), {
      ...{ ...common, type: 'system', subtype: 'compact_boundary', uuid: 'x', timestamp: at(1) },
      compactMetadata: { trigger: 'auto', preTokens: 150_000 },
    });
    const [event] = it.events;
    assert.equal(event?.name, 'system.compact_boundary');
    assert.deepEqual(event?.attributes.compactMetadata, { trigger: 'auto', preTokens: 150_000 });
  });

  it('counts what is no line of a transcript, and goes on', () => {
    const it = read('{"type":"us', 'null', '42', user('p1', 0, 'Hi'), '{"silly":1}', '\u0000');
    assert.deepEqual(it.problems, [
      ...['notJson 1', 'notRecord 2', 'notRecord 3', 'notRecord 5', 'notJson 6'],
    ]);
    assert.equal(it.spans.size, 1);
  });

  it('puts an answer whose prompt was cut off into a run all the same', () => {
    const it = read(answer(['m1', 'a1'], 1, text('Hello')));
    assert.deepEqual(it.tree(), ['shop #1 agent ok', '  chat claude-opus-4-6 llm ok']);
  });

  it('shows a tool as running until its result comes, and then as what it was', () => {
    const it = new Imported(claudeCode);
    const file = it.reader.file('s1.jsonl');
    const say = (line: object): void => file.record?.(JSON.stringify(line), 1);
    say(user('p1', 0, 'Hi'));
    say(answer(['m1', 'a1'], 1, use('t1', 'Bash')));
    it.reader.settle();
    assert.deepEqual([it.one('Bash').status, it.spans.get('p1')?.status], ['running', 'running']);
    say(user('r1', 4, result('t1', 'ok')));
    it.reader.settle();
    assert.equal(it.one('Bash').endTime, Date.UTC(2026, 1, 10, 12, 0, 4) / 1000);
    say(answer(['m2', 'a2'], 5, text('Done')));
    it.reader.settle();
    assert.equal(it.spans.get('p1')?.status, 'ok');
  });
});
