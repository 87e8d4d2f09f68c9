import {
  block,
  blockLimit,
  bounded,
  jsonBlock,
  leftOut,
  readContent,
  toolBlock,
  toolUse,
  toolUses,
} from './blocks.ts';
import { budget } from './bounds.ts';
import {
  asJson,
  type Block,
  type Conversation,
  cut,
  type Message,
  type ToolResult,
} from './content.ts';
import { type Fields, fieldsOf, nameOf } from './fields.ts';

/** At most this many messages are shown: the first and the latest; between them a gap is said. */
export const messageLimit = 200;

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

function asMessage(value: unknown): Message {
  if (typeof value === 'string') return message('user', value);
  const it = fieldsOf(value);
  const role = nameOf(it.role) ?? 'message';
  const content = it.content ?? it.parts;
  const blocks: Block[] =
    role === 'tool' && !Array.isArray(it.parts)
      ? [
          {
            type: 'toolResult',
            toolUseId: nameOf(it.tool_call_id),
            failed: false,
            blocks: readContent(content),
          },
        ]
      : [...message(role, content).blocks];
  if (Array.isArray(it.tool_calls)) {
    const calls = toolUses({ tool_calls: it.tool_calls.slice(0, blockLimit) });
    for (const use of calls) blocks.push(toolUse(use.id, use.name, use.input));
    const more = it.tool_calls.length - blockLimit;
    if (more > 0) blocks.push(block(leftOut(more), 0));
  }
  // A refusal, an older function_call, or a shape of its own.
  const kept = Object.keys(it).some(
    key => key !== 'role' && it[key] !== null && it[key] !== content,
  );
  if (blocks.length === 0 && (kept || typeof value !== 'object')) {
    blocks.push(jsonBlock(role, value));
  }
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

function conversation(all: readonly Message[], settings: Conversation['settings']): Conversation {
  const paired = pairResults(all);
  const omitted = Math.max(0, paired.length - messageLimit);
  // The beginning holds system and tools, the end holds what is new; what is left out lies between.
  const head = 3;
  const messages =
    omitted === 0 ? paired : [...paired.slice(0, head), ...paired.slice(head + omitted)];
  return { messages: budget(messages), omitted, settings };
}

/** Shows each tool result with the call that it answers: by id, and in their order where an id is used again. */
function pairResults(messages: readonly Message[]): readonly Message[] {
  const results = new Map<string, ToolResult[]>();
  for (const one of messages.flatMap(({ blocks }) => blocks)) {
    if (one.type !== 'toolResult' || one.toolUseId === undefined) continue;
    const same = results.get(one.toolUseId);
    if (same) same.push(one);
    else results.set(one.toolUseId, [one]);
  }
  for (const same of results.values()) same.reverse();
  const shown = new Set<unknown>();
  const withResults = messages.map(one => ({
    ...one,
    blocks: one.blocks.map(part => {
      const result =
        part.type === 'toolUse' && part.id !== undefined ? results.get(part.id)?.pop() : undefined;
      if (!result) return part;
      shown.add(result);
      return { ...part, result: { failed: result.failed, blocks: result.blocks } };
    }),
  }));
  return withResults.map(one => {
    const rest = one.blocks.filter(part => !shown.has(part));
    return rest.length === 0 && one.blocks.length > 0
      ? { ...one, answersOnly: true }
      : { ...one, blocks: rest };
  });
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
    .slice(0, 50)
    .map(([name, value]) => [cut(name, 100).text, settingText(value)] as const);
}

const settingText = (value: unknown): string =>
  cut(typeof value === 'object' ? asJson(value).replace(/\n */g, ' ') : String(value), 300).text;
