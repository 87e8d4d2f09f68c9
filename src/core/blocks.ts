import { asJson, asText, type Block, cut } from './content.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Parts of one message, and tools of one request, that are shown. */
export const blockLimit = 200;
// Names, ids and links are short; a broken recorder may write anything into them.
const nameLimit = 300;

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
    // Most keys are absent, and five absent ones at each of eight levels are 390,625 visits.
    if (depth > 8 || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) for (const one of value) visit(one, depth + 1);
    const it = fieldsOf(value);
    if (it.type === 'tool_use' || it.type === 'tool_call' || it.type === 'server_tool_use') {
      found.push({
        id: textOf(it.id),
        name: textOf(it.name) ?? '',
        input: it.input ?? parsed(it.arguments),
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

/** One content block of any of the shapes in use. The unknown ones are not dropped but shown as JSON. */
export function block(value: unknown, depth: number): Block {
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
      return toolUse(textOf(it.id), textOf(it.name) ?? '', it.input ?? parsed(it.arguments));
    case 'tool_result':
    case 'tool_call_response':
      return {
        type: 'toolResult',
        toolUseId: nameOf(it.tool_use_id) ?? nameOf(it.id),
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
  const link = textOf(source.url) ?? textOf(fieldsOf(it.image_url).url) ?? textOf(it.image_url);
  // A data link is the picture itself: megabytes that nobody can read.
  const inline = link === undefined ? null : /^data:([^;,]{0,100})[^,]{0,200},/.exec(link);
  const data = textOf(source.data) ?? (inline && link ? link.slice(inline[0].length) : undefined);
  return {
    type: 'image',
    mediaType: nameOf(source.media_type) ?? (inline?.[1] || 'image'),
    bytes: data === undefined ? undefined : base64Bytes(data),
    url: link === undefined || inline ? undefined : cut(link, 2000).text,
  };
}

function base64Bytes(data: string): number {
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0;
  return Math.floor(((data.length - padding) * 3) / 4);
}

export const toolUse = (id: string | undefined, name: string, input: unknown): Block => ({
  type: 'toolUse',
  id: nameOf(id),
  name: nameOf(name) ?? '',
  input: cut(asText(input ?? {})),
  result: undefined,
});

export function toolBlock(tool: unknown): Block {
  const it = fieldsOf(tool);
  const name = nameOf(it.name) ?? nameOf(fieldsOf(it.function).name) ?? 'tool';
  return { type: 'json', label: name, json: cut(asJson(tool), 4000) };
}

export const jsonBlock = (label: string, value: unknown): Block => ({
  type: 'json',
  label: nameOf(label) ?? '',
  json: cut(asJson(value)),
});

/** A list's beginning; what is left out is said in its place. */
export function bounded(list: readonly unknown[]): readonly unknown[] {
  if (list.length <= blockLimit) return list;
  return [...list.slice(0, blockLimit), leftOut(list.length - blockLimit)];
}

export const leftOut = (count: number) =>
  ({ type: 'text', text: `… ${count} more parts` }) as const;

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    // Arguments that are not JSON are what the model wrote; they are shown as they are.
    return value;
  }
}

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
export const nameOf = (value: unknown): string | undefined => {
  const text = textOf(value);
  return text && cut(text, nameLimit).text;
};
