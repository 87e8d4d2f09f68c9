import {
  asJson,
  asText,
  type Block,
  type Conversation,
  cut,
  cutAfter,
  type Message,
  type ToolResult,
} from './content.ts';

type Fields = Readonly<Record<string, unknown>>;

/** At most this many messages are shown: the first and the latest; between them a gap is said. */
export const messageLimit = 200;
const blockLimit = 200;

/**
 * The prompt of a call as messages, from a Messages API body, a chat-completions body, a list of
 * messages (also OpenTelemetry's, with `parts`) or a plain text. Unknown shapes stay as JSON.
 */
export function readRequest(request: unknown): Conversation | undefined {
  if (request === undefined || request === null) return undefined;
  if (typeof request === 'string')
    return { messages: [message('user', request)], omitted: 0, settings: [] };
  if (Array.isArray(request)) return conversation(request.map(asMessage), []);
  const body = fieldsOf(request);
  const list = body.messages;
  if (!Array.isArray(list)) {
    return conversation([plain('request', [jsonBlock('request', body)])], []);
  }
  const messages: Message[] = [];
  if (body.system !== undefined) messages.push(message('system', body.system));
  if (Array.isArray(body.tools) && body.tools.length > 0) {
    messages.push(plain('tools', body.tools.slice(0, blockLimit).map(toolBlock)));
  }
  for (const one of list) messages.push(asMessage(one));
  return conversation(messages, settingsOf(body));
}

/** The answer of a call as messages, usually one: a Messages API answer, chat completions, or a text. */
export function readResponse(response: unknown): Conversation | undefined {
  if (response === undefined || response === null) return undefined;
  if (Array.isArray(response) && response.some(one => fieldsOf(one).role !== undefined)) {
    return conversation(response.map(asMessage), []);
  }
  const body = fieldsOf(response);
  const choices = body.choices;
  if (Array.isArray(choices)) {
    return conversation(
      choices.map(choice => asMessage(fieldsOf(choice).message ?? choice)),
      [],
    );
  }
  if (typeof response === 'string' || Array.isArray(response)) {
    return conversation([message('assistant', response)], []);
  }
  if (body.content === undefined && body.parts === undefined) {
    return conversation([plain('assistant', [jsonBlock('response', body)])], []);
  }
  return conversation([asMessage({ role: 'assistant', ...body })], settingsOf(body));
}

/** The content of a tool's result: a text, blocks, or any value as JSON. */
export function readContent(content: unknown, depth = 0): readonly Block[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return [{ type: 'text', text: cut(content) }];
  if (Array.isArray(content) && content.every(one => typeof fieldsOf(one).type === 'string')) {
    // Results hold blocks, which may be results again; hostile nesting ends as plain JSON.
    if (depth < 8) return bounded(content).map(one => block(one, depth + 1));
  }
  return [jsonBlock('', content)];
}

/** The ids and names of the tools that an answer asks for. */
export function toolUses(
  response: unknown,
): readonly { id: string | undefined; name: string; input: unknown }[] {
  const found: { id: string | undefined; name: string; input: unknown }[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (depth > 8) return;
    if (Array.isArray(value)) for (const one of value) visit(one, depth + 1);
    const it = fieldsOf(value);
    if (it.type === 'tool_use' || it.type === 'tool_call' || it.type === 'server_tool_use') {
      found.push({
        id: textOf(it.id),
        name: textOf(it.name) ?? '',
        input: it.input ?? it.arguments,
      });
    } else if (it.type === 'function' || it.function !== undefined) {
      const called = fieldsOf(it.function);
      found.push({
        id: textOf(it.id),
        name: textOf(called.name) ?? '',
        input: parsed(called.arguments),
      });
    }
    for (const key of ['content', 'parts', 'tool_calls', 'choices', 'message'])
      visit(it[key], depth + 1);
  };
  visit(response, 0);
  return found;
}

function asMessage(value: unknown): Message {
  if (typeof value === 'string') return message('user', value);
  const it = fieldsOf(value);
  const role = textOf(it.role) ?? 'message';
  const content = it.content ?? it.parts;
  const blocks: Block[] =
    role === 'tool' && !Array.isArray(it.parts)
      ? [
          {
            type: 'toolResult',
            toolUseId: textOf(it.tool_call_id),
            failed: false,
            blocks: readContent(content),
          },
        ]
      : [...message(role, content).blocks];
  if (Array.isArray(it.tool_calls))
    blocks.push(
      ...toolUses({ tool_calls: it.tool_calls }).map(use => toolUse(use.id, use.name, use.input)),
    );
  if (content === undefined && blocks.length === 0) blocks.push(jsonBlock(role, value));
  return { role, blocks, answersOnly: false };
}

function message(role: string, content: unknown): Message {
  if (typeof content === 'string') return plain(role, [{ type: 'text', text: cut(content) }]);
  if (Array.isArray(content))
    return plain(
      role,
      bounded(content).map(one => block(one, 0)),
    );
  return plain(role, content === undefined || content === null ? [] : [jsonBlock('', content)]);
}

const plain = (role: string, blocks: readonly Block[]): Message => ({
  role,
  blocks,
  answersOnly: false,
});

/** One content block of any of the shapes in use. The unknown ones are not dropped but shown as JSON. */
function block(value: unknown, depth: number): Block {
  if (typeof value === 'string') return { type: 'text', text: cut(value) };
  const it = fieldsOf(value);
  const text = textOf(it.text) ?? textOf(it.content);
  switch (it.type) {
    case 'text':
    case 'input_text':
    case 'output_text':
      if (text !== undefined || it.text === '') return { type: 'text', text: cut(text ?? '') };
      break;
    case 'thinking':
    case 'reasoning':
      return { type: 'thinking', text: cut(textOf(it.thinking) ?? text ?? '') };
    case 'tool_use':
    case 'server_tool_use':
    case 'tool_call':
      return toolUse(textOf(it.id), textOf(it.name) ?? '', it.input ?? it.arguments);
    case 'tool_result':
    case 'tool_call_response':
      return {
        type: 'toolResult',
        toolUseId: textOf(it.tool_use_id) ?? textOf(it.id),
        failed: it.is_error === true,
        blocks: readContent(it.content ?? it.response ?? it.result, depth),
      };
    case 'image':
    case 'image_url':
      return imageBlock(it);
  }
  return jsonBlock(textOf(it.type) ?? '', value);
}

function imageBlock(it: Fields): Block {
  const source = fieldsOf(it.source);
  const data = textOf(source.data);
  return {
    type: 'image',
    mediaType: textOf(source.media_type) ?? 'image',
    bytes: data === undefined ? undefined : Math.floor((data.length * 3) / 4),
    url: textOf(source.url) ?? textOf(fieldsOf(it.image_url).url),
  };
}

const toolUse = (id: string | undefined, name: string, input: unknown): Block => ({
  type: 'toolUse',
  id,
  name,
  input: cut(asText(input ?? {})),
  result: undefined,
});

function toolBlock(tool: unknown): Block {
  const it = fieldsOf(tool);
  const name = textOf(it.name) ?? textOf(fieldsOf(it.function).name) ?? 'tool';
  return { type: 'json', label: name, json: cut(asJson(tool), 4000) };
}

const jsonBlock = (label: string, value: unknown): Block => ({
  type: 'json',
  label,
  json: cut(asJson(value)),
});

function bounded(list: readonly unknown[]): readonly unknown[] {
  if (list.length <= blockLimit) return list;
  return [
    ...list.slice(0, blockLimit),
    { type: 'text', text: `… ${list.length - blockLimit} more parts` },
  ];
}

function conversation(all: readonly Message[], settings: Conversation['settings']): Conversation {
  const paired = pairResults(all);
  const omitted = Math.max(0, paired.length - messageLimit);
  // The beginning holds system and tools, the end holds what is new; what is left out lies between.
  const head = 3;
  const messages =
    omitted === 0 ? paired : [...paired.slice(0, head), ...paired.slice(head + omitted)];
  return { messages: budget(messages), omitted, settings };
}

/** Shows each tool result with the call that it answers, as the provider pairs them: by id. */
function pairResults(messages: readonly Message[]): readonly Message[] {
  const results = new Map<string, ToolResult>();
  for (const { blocks } of messages) {
    for (const one of blocks) {
      if (one.type === 'toolResult' && one.toolUseId !== undefined) results.set(one.toolUseId, one);
    }
  }
  const called = new Set<string>();
  const withResults = messages.map(one => ({
    ...one,
    blocks: one.blocks.map(part => {
      if (part.type !== 'toolUse' || part.id === undefined || called.has(part.id)) return part;
      const result = results.get(part.id);
      if (!result) return part;
      called.add(part.id);
      return { ...part, result: { failed: result.failed, blocks: result.blocks } };
    }),
  }));
  return withResults.map(one => {
    const rest = one.blocks.filter(
      part =>
        part.type !== 'toolResult' || part.toolUseId === undefined || !called.has(part.toolUseId),
    );
    return rest.length === 0 && one.blocks.length > 0
      ? { ...one, answersOnly: true }
      : { ...one, blocks: rest };
  });
}

/** Bounds a reply as a whole: long texts early in a long conversation are cut shorter than recent ones. */
function budget(messages: readonly Message[]): readonly Message[] {
  let left = 1_000_000;
  const shorten = (part: Block): Block => {
    if (part.type === 'text' || part.type === 'thinking')
      return { ...part, text: shorter(part.text) };
    if (part.type === 'json') return { ...part, json: shorter(part.json) };
    if (part.type === 'toolResult') return { ...part, blocks: part.blocks.map(shorten) };
    if (part.type !== 'toolUse') return part;
    const result = part.result && { ...part.result, blocks: part.result.blocks.map(shorten) };
    return { ...part, input: shorter(part.input), result };
  };
  const shorter = (text: { text: string; chars: number; lines: number }) => {
    const allowed = Math.max(200, Math.min(cutAfter, left));
    left -= Math.min(text.text.length, allowed);
    return text.text.length <= allowed ? text : { ...text, text: cut(text.text, allowed).text };
  };
  return [...messages]
    .reverse()
    .map(one => ({ ...one, blocks: one.blocks.map(shorten) }))
    .reverse();
}

const shownElsewhere = new Set([
  'messages',
  'system',
  'tools',
  'content',
  'usage',
  'role',
  'type',
  'id',
  'parts',
]);

function settingsOf(body: Fields): Conversation['settings'] {
  return Object.entries(body)
    .filter(([name, value]) => !shownElsewhere.has(name) && value !== null && value !== undefined)
    .map(
      ([name, value]) =>
        [
          name,
          cut(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), 300).text,
        ] as const,
    );
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    // Arguments that are not JSON are what the model wrote; they are shown as they are.
    return value;
  }
}

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
