import type { OtelSpan } from './database.ts';

/** Whether prompts, answers and tool data are recorded. */
interface Options {
  readonly content?: boolean;
  readonly session?: string;
}

const part = (type: string, more: object) => ({ type, ...more });
const said = (role: string, ...parts: object[]) => ({ role, parts });
const text = (content: string) => part('text', { content });

/** A turn in which a tool fails inside a sub-agent, and a second call is refused before the third succeeds. */
export function agentTurn(
  prefix: string,
  start: number,
  { content = true, session = 'session-1' }: Options = {},
): readonly OtelSpan[] {
  const id = (name: string): string => `${prefix}-${name}`;
  const at = (seconds: number): number => start + seconds * 1000;
  const common = { 'gen_ai.provider.name': 'github', 'copilot_chat.chat_session_id': session };
  const child = {
    ...common,
    'copilot_chat.chat_session_id': `${session}-child`,
    'copilot_chat.parent_chat_session_id': session,
    'copilot_chat.debug_log_label': 'runSubagent',
  };
  const only = (fields: Readonly<Record<string, unknown>>) => (content ? fields : {});
  const ask = said('user', text('The total of the cart is wrong. Find out why and fix it.'));
  const read = { filePath: '/src/cart.ts' };
  const search = { query: 'sumOf(' };
  const firstAnswer = said(
    'assistant',
    text('I read the file that adds up the cart.'),
    part('tool_call', { id: id('call-1'), name: 'read_file', arguments: read }),
  );
  const found = 'export const total = (items) => sumOf(items.map(one => one.price));';
  const result = said(
    'tool',
    part('tool_call_response', { id: id('call-1'), content: [{ type: 'text', text: found }] }),
  );
  const chat = (
    name: string,
    parent: string,
    times: readonly [number, number],
    more: Readonly<Record<string, unknown>>,
    rest: Partial<OtelSpan> = {},
  ): OtelSpan => ({
    id: id(name),
    trace: prefix,
    parent: id(parent),
    name: 'chat claude-sonnet-4-5',
    start: at(times[0]) + 0.25,
    end: at(times[1]) + 0.5,
    attributes: {
      ...common,
      'gen_ai.operation.name': 'chat',
      // The trap of this schema: each request is a conversation of its own.
      'gen_ai.conversation.id': `request-${id(name)}`,
      'gen_ai.request.model': 'claude-sonnet-4-5',
      'gen_ai.response.model': 'claude-sonnet-4-5',
      'gen_ai.request.max_tokens': 16000,
      'gen_ai.response.finish_reasons': ['stop'],
      'copilot_chat.time_to_first_token': 812.5,
      ...more,
    },
    ...rest,
  });
  const tool = (
    name: string,
    parent: string,
    times: readonly [number, number],
    more: Readonly<Record<string, unknown>>,
    rest: Partial<OtelSpan> = {},
  ): OtelSpan => ({
    id: id(name),
    trace: prefix,
    parent: id(parent),
    name: `execute_tool ${String(more['gen_ai.tool.name'])}`,
    start: at(times[0]),
    end: at(times[1]),
    code: 1,
    attributes: { ...common, 'gen_ai.operation.name': 'execute_tool', ...more },
    ...rest,
  });
  const tokens = (input: number, output: number, cached: number) => ({
    'gen_ai.usage.input_tokens': input,
    'gen_ai.usage.output_tokens': output,
    'gen_ai.usage.cache_read.input_tokens': cached,
  });
  const system = [part('text', { content: 'You are an expert AI programming assistant.' })];
  const tools = [{ type: 'function', name: 'read_file', description: 'Reads a file.' }];
  return [
    {
      id: id('root'),
      trace: prefix,
      name: 'invoke_agent copilot',
      start: at(0),
      end: at(20),
      code: 1,
      attributes: {
        ...common,
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': 'copilot',
        'gen_ai.conversation.id': 'conversation-1',
        'gen_ai.request.model': 'claude-sonnet-4-5',
        ...tokens(29_000, 430, 10_000),
        'copilot_chat.turn_count': 3,
        ...only({ 'copilot_chat.user_request': 'The total of the cart is wrong.' }),
      },
      events: [
        {
          name: 'user_message',
          time: at(0.1),
          attributes: { content: content ? 'The total…' : '' },
        },
      ],
    },
    chat('chat-1', 'root', [0.1, 3], {
      ...tokens(9000, 120, 0),
      ...only({
        'gen_ai.system_instructions': system,
        'gen_ai.tool.definitions': tools,
        'gen_ai.input.messages': [ask],
        'gen_ai.output.messages': [{ ...firstAnswer, finish_reason: 'tool_calls' }],
        'copilot_chat.reasoning_content': 'The cart is added up somewhere in src.',
      }),
    }),
    tool('read', 'root', [3.1, 3.2], {
      'gen_ai.tool.name': 'read_file',
      'gen_ai.tool.call.id': id('call-1'),
      ...only({
        'gen_ai.tool.call.arguments': JSON.stringify(read),
        'gen_ai.tool.call.result': found,
      }),
    }),
    tool('sub', 'root', [3.3, 9], {
      'gen_ai.tool.name': 'runSubagent',
      'gen_ai.tool.call.id': id('call-2'),
      ...only({ 'gen_ai.tool.call.arguments': '{"prompt":"Where is sumOf?"}' }),
    }),
    {
      id: id('agent'),
      trace: prefix,
      parent: id('sub'),
      name: 'invoke_agent Explore',
      start: at(3.4),
      end: at(8.9),
      code: 1,
      attributes: {
        ...child,
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': 'Explore',
        'gen_ai.request.model': 'claude-haiku-4-5',
        ...tokens(4000, 60, 0),
      },
    },
    chat('chat-2', 'agent', [3.5, 6], {
      ...child,
      ...tokens(4000, 60, 0),
      ...only({
        'gen_ai.input.messages': [said('user', text('Where is sumOf?'))],
        'gen_ai.output.messages': [
          said(
            'assistant',
            part('tool_call', { id: id('call-3'), name: 'grep_search', arguments: search }),
          ),
        ],
      }),
    }),
    tool(
      'grep',
      'agent',
      [6.1, 6.3],
      {
        ...child,
        'gen_ai.tool.name': 'grep_search',
        'gen_ai.tool.call.id': id('call-3'),
        'error.type': 'FileNotFoundError',
        ...only({
          'gen_ai.tool.call.arguments': JSON.stringify(search),
          'gen_ai.tool.call.result': 'ERROR: no such folder: /src/lib',
        }),
      },
      { code: 2, message: 'no such folder: /src/lib' },
    ),
    {
      id: id('hook'),
      trace: prefix,
      parent: id('root'),
      name: 'execute_hook PostToolUse',
      start: at(9.1),
      end: at(9.2),
      code: 1,
      attributes: {
        ...common,
        'gen_ai.operation.name': 'execute_hook',
        'copilot_chat.hook_type': 'PostToolUse',
        ...only({ 'copilot_chat.hook_input': '{"tool":"runSubagent"}' }),
      },
    },
    chat(
      'chat-3',
      'root',
      [9.3, 9.6],
      {
        ...tokens(12_000, 0, 8000),
        'error.type': 'RateLimitError',
        ...only({ 'gen_ai.output.messages': [] }),
      },
      { code: 2, message: 'Rate limited' },
    ),
    chat('chat-4', 'root', [9.7, 19.9], {
      ...tokens(8000, 250, 2000),
      ...only({
        'gen_ai.system_instructions': system,
        'gen_ai.tool.definitions': tools,
        'gen_ai.input.messages': [ask, firstAnswer, result],
        'gen_ai.output.messages': [
          {
            ...said('assistant', text('Prices are texts: `sumOf` joins them.')),
            finish_reason: 'stop',
          },
        ],
      }),
    }),
  ];
}

/** A turn of Claude Code in VS Code's agent host: its own names and counts, times in whole milliseconds. */
export function claudeTurn(prefix: string, start: number): readonly OtelSpan[] {
  const resource = { 'service.name': 'claude-code', 'service.namespace': 'vscode.agent-host' };
  const common = { ...resource, 'session.id': 'claude-session' };
  const span = (
    name: string,
    parent: string | undefined,
    kind: string,
    times: readonly [number, number],
    attributes: Readonly<Record<string, unknown>>,
  ): OtelSpan => ({
    id: `${prefix}-${name}`,
    trace: prefix,
    parent: parent && `${prefix}-${parent}`,
    name: `claude_code.${kind}`,
    start: start + times[0],
    end: start + times[1],
    attributes: { ...common, 'span.type': kind, ...attributes },
  });
  return [
    span('root', undefined, 'interaction', [0, 9000], { user_prompt_length: 12 }),
    span('llm', 'root', 'llm_request', [10, 4000], {
      model: 'claude-opus-4-5',
      input_tokens: 20,
      output_tokens: 300,
      cache_read_tokens: 15_000,
      cache_creation_tokens: 700,
      success: true,
    }),
    span('tool', 'root', 'tool', [4100, 8000], {
      tool_name: 'Bash',
      success: false,
      error: 'exit code 1',
    }),
  ];
}

/** What is in the file while a turn runs: its spans that ended, whose parents did not. */
export const runningTurn = (prefix: string, start: number): readonly OtelSpan[] =>
  agentTurn(prefix, start).filter(
    ({ name, end }) => !name.includes('invoke_agent copilot') && (end ?? 0) < start + 9050,
  );
