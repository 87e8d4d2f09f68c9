import { asText } from './content.ts';
import { type Fields, fieldsOf } from './fields.ts';

/**
 * The whole prompt of a call as plain text, one paragraph per message headed by its role. Nothing is cut:
 * this is what opens in an editor.
 */
export function requestText(request: unknown): string | undefined {
  if (request === undefined || request === null) return undefined;
  if (typeof request === 'string') return request;
  if (Array.isArray(request)) return paragraphs(request.map(messageText));
  const body = fieldsOf(request);
  if (!Array.isArray(body.messages)) return asText(request);
  const head: string[] = [];
  if (body.system !== undefined) head.push(headed('System', contentText(body.system)));
  if (Array.isArray(body.tools) && body.tools.length > 0) {
    head.push(headed('Tools', body.tools.map(asText).join('\n')));
  }
  return paragraphs([...head, ...body.messages.map(messageText)]);
}

/** The texts of a prompt's messages, whole and without their roles; system and tools come first, as they are shown. */
export function requestMessages(request: unknown): readonly string[] {
  if (request === undefined || request === null) return [];
  if (typeof request === 'string') return [request];
  if (Array.isArray(request)) return request.map(plainText);
  const body = fieldsOf(request);
  if (!Array.isArray(body.messages)) return [asText(request)];
  const head: string[] = [];
  if (body.system !== undefined) head.push(contentText(body.system));
  if (Array.isArray(body.tools) && body.tools.length > 0) {
    head.push(body.tools.map(asText).join('\n'));
  }
  return [...head, ...body.messages.map(plainText)];
}

/** The texts of an answer's messages, usually one. */
export function responseMessages(response: unknown): readonly string[] {
  if (response === undefined || response === null) return [];
  if (Array.isArray(response) && response.some(one => fieldsOf(one).role !== undefined)) {
    return response.map(plainText);
  }
  const { choices } = fieldsOf(response);
  if (Array.isArray(choices)) return choices.map(one => plainText(fieldsOf(one).message ?? one));
  return [responseText(response) ?? ''];
}

function plainText(message: unknown): string {
  return typeof message === 'string' ? message : bodyText(fieldsOf(message)) || asText(message);
}

/** The whole answer of a call as plain text. */
export function responseText(response: unknown): string | undefined {
  if (response === undefined || response === null) return undefined;
  if (typeof response === 'string') return response;
  if (Array.isArray(response)) {
    const messages = response.some(one => fieldsOf(one).role !== undefined);
    return messages ? paragraphs(response.map(messageText)) : contentText(response);
  }
  const body = fieldsOf(response);
  if (Array.isArray(body.choices)) {
    const messages = body.choices.map(one => fieldsOf(one).message ?? one);
    return paragraphs(messages.map(one => bodyText(fieldsOf(one))));
  }
  return body.content === undefined && body.parts === undefined ? asText(response) : bodyText(body);
}

/** The content of a message or of a tool's result, whole. */
export function contentText(content: unknown, depth = 0): string {
  if (content === undefined || content === null) return '';
  if (!Array.isArray(content) || depth > 8) return asText(content);
  return paragraphs(content.map(one => partText(one, depth)));
}

function messageText(value: unknown): string {
  if (typeof value === 'string') return headed('User', value);
  const it = fieldsOf(value);
  const role = typeof it.role === 'string' && it.role !== '' ? it.role : 'message';
  return headed(role.charAt(0).toUpperCase() + role.slice(1), bodyText(it) || asText(value));
}

export function bodyText(it: Fields): string {
  const calls = Array.isArray(it.tool_calls) ? it.tool_calls : [];
  return paragraphs([
    contentText(it.content ?? it.parts),
    ...calls.map(one => {
      const called = fieldsOf(fieldsOf(one).function);
      return callText(called.name, fieldsOf(one).id, called.arguments);
    }),
  ]);
}

function partText(value: unknown, depth: number): string {
  if (typeof value === 'string') return value;
  const it = fieldsOf(value);
  switch (it.type) {
    case 'text':
    case 'input_text':
    case 'output_text':
      return asText(it.text ?? it.content ?? '');
    case 'thinking':
    case 'reasoning':
      return headed('[thinking]', asText(it.thinking ?? it.text ?? it.content ?? ''));
    case 'tool_use':
    case 'server_tool_use':
    case 'tool_call':
      return callText(it.name, it.id, it.input ?? it.arguments);
    case 'tool_result':
    case 'tool_call_response': {
      const failed = it.is_error === true ? ', failed' : '';
      const content = it.content ?? it.response ?? it.result;
      return headed(
        `[result${named(it.tool_use_id ?? it.id)}${failed}]`,
        contentText(content, depth + 1),
      );
    }
    case 'image_url':
    case 'input_image':
      return '[image]';
    case 'image':
      // A picture's data would bury the words around it; the request's own JSON has it.
      return `[image${named(fieldsOf(it.source).media_type)}]`;
  }
  return asText(value);
}

const callText = (name: unknown, id: unknown, input: unknown): string =>
  headed(
    `[calls ${String(name ?? 'a tool')}${id === undefined ? '' : `, ${id}`}]`,
    asText(input ?? {}),
  );
const named = (what: unknown): string => (typeof what === 'string' ? ` ${what}` : '');
const headed = (head: string, text: string): string => `${head}\n${text}`;
const paragraphs = (parts: readonly string[]): string => parts.filter(Boolean).join('\n\n');
