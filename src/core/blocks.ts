import { asJson, asText, type Block, cut } from './content.ts';
import { type Fields, fieldsOf, nameOf, textOf } from './fields.ts';
import { base64Bytes, imageKey, imageOf } from './images.ts';
import { keepRecorded } from './recordedJson.ts';

/** Parts of one message, and tools of one request, that are shown. */
export const blockLimit = 200;

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
    case 'input_image':
    case 'blob': {
      const image = imageBlock(it);
      if (image) return image;
    }
  }
  return jsonBlock(textOf(it.type) ?? '', value);
}

/** A data link is the picture itself: megabytes that nobody can read. The page asks for it by its key. */
function imageBlock(it: Fields): Block | undefined {
  const image = imageOf(it);
  if (!image) return undefined;
  const { data, url } = image;
  return {
    type: 'image',
    mediaType: nameOf(image.mediaType) ?? 'image',
    bytes: data === undefined ? undefined : base64Bytes(data),
    key: data === undefined ? undefined : imageKey(data),
    url: url === undefined ? undefined : cut(url, 2000).text,
  };
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
    const read: unknown = JSON.parse(value);
    keepRecorded(read, value);
    return read;
  } catch {
    // Arguments that are not JSON are what the model wrote; they are shown as they are.
    return value;
  }
}
