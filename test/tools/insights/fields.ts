import type { Json, Usage } from '../sample/conversation.ts';

/**
 * How a run is recorded: `messages` as our tracer does, `steps` with the same fields under the names of the
 * article's spans, `genai` by OpenTelemetry's conventions, `columns` as the article itself, without texts.
 */
export type Style = 'messages' | 'steps' | 'genai' | 'columns';

export interface Asked {
  readonly id: string;
}

interface Prompt {
  readonly model: string;
  readonly system: string | undefined;
  readonly tools: readonly Json[] | undefined;
  readonly messages: readonly Json[];
  readonly ttlMs: number | undefined;
  readonly maxTokens: number;
}

export const answerMessage = (
  id: string,
  model: string,
  content: readonly Json[],
  stop_reason: string,
  usage: Usage | undefined,
): Json => ({
  id,
  type: 'message',
  role: 'assistant',
  model,
  content,
  stop_reason,
  stop_sequence: null,
  usage,
});

/** The metadata of a call. */
export function callFields(
  style: Style,
  prompt: Prompt,
  response: Json | undefined,
  usage: Usage | undefined,
): Json {
  if (style === 'columns') return {};
  if (style === 'genai') return genAiFields(prompt, response, usage);
  return {
    kind: 'llm',
    request: requestOf(prompt),
    ...(response && { response }),
    ...(usage && { usage }),
  };
}

function requestOf({ model, system, tools, messages, ttlMs, maxTokens }: Prompt): Json {
  const ttl = ttlMs !== undefined && ttlMs > 300_000 ? { ttl: '1h' } : {};
  const cache_control = { type: 'ephemeral', ...ttl };
  const mark = ttlMs === undefined ? {} : { cache_control };
  const last = messages.length - 1;
  return {
    model,
    max_tokens: maxTokens,
    ...(system !== undefined && {
      system: ttlMs === undefined ? system : [{ type: 'text', text: system, ...mark }],
    }),
    ...(tools && { tools }),
    messages:
      ttlMs === undefined
        ? messages
        : messages.map((one, at) => (at === last ? marked(one, mark) : one)),
  };
}

function marked(message: Json, mark: Json): Json {
  const content = (
    typeof message.content === 'string'
      ? [{ type: 'text', text: message.content }]
      : message.content
  ) as readonly Json[];
  return {
    ...message,
    content: content.map((one, at) => (at === content.length - 1 ? { ...one, ...mark } : one)),
  };
}

function genAiFields(prompt: Prompt, response: Json | undefined, usage: Usage | undefined): Json {
  const finish = genAiStop.get(String(response?.stop_reason)) ?? String(response?.stop_reason);
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': prompt.model,
    'gen_ai.request.max_tokens': prompt.maxTokens,
    'gen_ai.input.messages': JSON.stringify(prompt.messages.map(genAiMessage)),
    ...(prompt.system && {
      'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: prompt.system }]),
    }),
    ...(prompt.tools && {
      'gen_ai.tool.definitions': JSON.stringify(
        prompt.tools.map(({ name, description, input_schema }) => ({
          type: 'function',
          name,
          description,
          parameters: input_schema,
        })),
      ),
    }),
    ...(response && {
      'gen_ai.output.messages': JSON.stringify([
        { ...genAiMessage(response), finish_reason: finish },
      ]),
      'gen_ai.response.finish_reasons': [finish],
    }),
    ...(usage && {
      'gen_ai.usage.input_tokens':
        usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens,
      'gen_ai.usage.output_tokens': usage.output_tokens,
    }),
  };
}

const genAiStop = new Map([
  ['end_turn', 'stop'],
  ['tool_use', 'tool_call'],
  ['max_tokens', 'length'],
]);

function genAiMessage({ role, content }: Json): Json {
  const blocks = (
    typeof content === 'string' ? [{ type: 'text', text: content }] : content
  ) as readonly Json[];
  const isResult = blocks.some(({ type }) => type === 'tool_result');
  return { role: isResult ? 'tool' : role, parts: blocks.map(genAiPart) };
}

function genAiPart(block: Json): Json {
  switch (block.type) {
    case 'text':
      return { type: 'text', content: block.text };
    case 'tool_use':
      return { type: 'tool_call', id: block.id, name: block.name, arguments: block.input };
    case 'tool_result':
      return { type: 'tool_call_response', id: block.tool_use_id, response: block.content };
    default:
      return block;
  }
}

/** The metadata of a tool call. */
export function toolFields(
  style: Style,
  one: Asked & {
    readonly name: string;
    readonly input: unknown;
    readonly result: unknown;
    readonly kind?: string;
    readonly error?: string;
    readonly noId?: boolean;
    readonly open?: boolean;
  },
): Json {
  const { id, name, input, kind = 'tool' } = one;
  const result = one.error !== undefined || one.open ? undefined : one.result;
  const length = result === undefined ? undefined : textLength(result);
  if (style === 'columns') return { tool_name: name, tool_input: input, result_length: length };
  if (style === 'genai') {
    return {
      'gen_ai.operation.name': kind === 'retrieval' ? 'retrieval' : 'execute_tool',
      'gen_ai.tool.name': name,
      'gen_ai.tool.call.arguments': JSON.stringify(input),
      ...(!one.noId && { 'gen_ai.tool.call.id': id }),
      ...(result !== undefined && {
        'gen_ai.tool.call.result': typeof result === 'string' ? result : JSON.stringify(result),
      }),
    };
  }
  return {
    kind,
    tool_name: name,
    tool_input: input,
    ...(!one.noId && { tool_use_id: id }),
    ...(result !== undefined && { tool_result: result, result_length: length }),
  };
}

const textLength = (result: unknown): number =>
  (typeof result === 'string' ? result : JSON.stringify(result)).length;
