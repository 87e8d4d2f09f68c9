import { type Fields, fieldsOf, textOf } from '../core/fields.ts';
import { parsedIfJson, present } from './attributes.ts';
import { plainJson } from './exactJson.ts';

type Part = Fields;

export interface GenAiMessage {
  readonly role: string;
  readonly parts: readonly Part[];
  readonly finish_reason?: string;
}

/** The messages of a request in the form of the GenAI conventions, and what stands beside them. */
export interface GenAiRequest {
  readonly system: readonly Part[] | undefined;
  readonly messages: readonly GenAiMessage[];
  readonly tools: readonly Fields[] | undefined;
}

/** A request in any of the forms in which requests are recorded. */
export function genAiRequestOf(request: unknown): GenAiRequest | undefined {
  if (request === undefined || request === null) return undefined;
  if (typeof request === 'string') return { ...none, messages: [textMessage('user', request)] };
  if (Array.isArray(request)) return { ...none, messages: request.map(messageOf) };
  const { messages, system, tools } = fieldsOf(request);
  if (!Array.isArray(messages)) {
    return { ...none, messages: [textMessage('user', plainJson(request))] };
  }
  return {
    system: system === undefined || system === null ? undefined : partsOf(system),
    messages: messages.map(messageOf),
    tools: Array.isArray(tools) && tools.length > 0 ? tools.map(toolOf) : undefined,
  };
}

const none = { system: undefined, tools: undefined };

/** An answer in any of the forms in which answers are recorded. */
export function genAiResponseOf(response: unknown): readonly GenAiMessage[] | undefined {
  if (response === undefined || response === null) return undefined;
  if (typeof response === 'string') return [textMessage('assistant', response)];
  if (Array.isArray(response)) {
    return response.some(one => fieldsOf(one).role !== undefined)
      ? response.map(messageOf)
      : [{ role: 'assistant', parts: partsOf(response) }];
  }
  const body = fieldsOf(response);
  if (Array.isArray(body.choices)) {
    return body.choices.map(choice => {
      const { message, finish_reason } = fieldsOf(choice);
      return { ...messageOf(message ?? choice), ...finished(finish_reason) };
    });
  }
  if (body.content === undefined && body.parts === undefined) {
    return [textMessage('assistant', plainJson(response))];
  }
  return [{ ...messageOf({ role: 'assistant', ...body }), ...finished(body.stop_reason) }];
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool_call'],
  ['tool_calls', 'tool_call'],
  ['function_call', 'tool_call'],
  ['refusal', 'content_filter'],
]);

/** Why the model stopped, in the words of the conventions where they have one. */
export const finishReasonOf = (reason: unknown): string | undefined => {
  const text = textOf(reason);
  return text === undefined ? undefined : (reasons.get(text) ?? text);
};

function finished(reason: unknown): { readonly finish_reason?: string } {
  const word = finishReasonOf(reason);
  return word === undefined ? {} : { finish_reason: word };
}

const textMessage = (role: string, content: string): GenAiMessage => ({
  role,
  parts: [{ type: 'text', content }],
});

function messageOf(value: unknown): GenAiMessage {
  if (typeof value === 'string') return textMessage('user', value);
  const { role, content, parts, tool_calls, tool_call_id, finish_reason } = fieldsOf(value);
  const named = textOf(role) ?? 'user';
  if (Array.isArray(parts)) {
    return { role: named, parts: parts.map(fieldsOf), ...finished(finish_reason) };
  }
  if (named === 'tool' && tool_call_id !== undefined) {
    const part = { type: 'tool_call_response', id: tool_call_id, response: content };
    return { role: named, parts: [part] };
  }
  const calls = Array.isArray(tool_calls) ? tool_calls.map(callOf) : [];
  const all = [...partsOf(content), ...calls];
  const answers = all.length > 0 && all.every(part => part.type === 'tool_call_response');
  return { role: answers ? 'tool' : named, parts: all, ...finished(finish_reason) };
}

function partsOf(content: unknown): readonly Part[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return [{ type: 'text', content }];
  return (Array.isArray(content) ? content : [content]).map(partOf);
}

/** Blocks of the Messages API and of chat completions; others go along as they are. */
function partOf(value: unknown): Part {
  if (typeof value === 'string') return { type: 'text', content: value };
  const block = fieldsOf(value);
  switch (block.type) {
    case 'text':
    case 'input_text':
    case 'output_text':
      return { type: 'text', content: block.text ?? block.content ?? '' };
    case 'thinking':
      return { type: 'reasoning', content: block.thinking ?? '' };
    case 'tool_use':
      return {
        type: 'tool_call',
        ...present({ id: block.id, name: block.name }),
        arguments: block.input,
      };
    case 'tool_result':
      return {
        type: 'tool_call_response',
        ...present({ id: block.tool_use_id, is_error: block.is_error }),
        response: block.content,
      };
    case 'image':
      return imagePart(fieldsOf(block.source)) ?? block;
    case 'image_url': {
      const url = textOf(fieldsOf(block.image_url).url) ?? textOf(block.image_url);
      return url === undefined ? block : linkPart(url);
    }
  }
  return block;
}

function imagePart(source: Fields): Part | undefined {
  const data = textOf(source.data);
  const url = textOf(source.url);
  if (data !== undefined) {
    return { type: 'blob', modality: 'image', mime_type: source.media_type, content: data };
  }
  return url === undefined ? undefined : linkPart(url);
}

function linkPart(url: string): Part {
  const data = /^data:([^;,]+);base64,(.*)$/s.exec(url);
  return data
    ? { type: 'blob', modality: 'image', mime_type: data[1], content: data[2] }
    : { type: 'uri', modality: 'image', uri: url };
}

function callOf(value: unknown): Part {
  const call = fieldsOf(value);
  const { name, arguments: given } = fieldsOf(call.function ?? call);
  return { type: 'tool_call', ...present({ id: call.id, name }), arguments: parsedIfJson(given) };
}

function toolOf(value: unknown): Fields {
  const tool = fieldsOf(value);
  const inner = fieldsOf(tool.function);
  const { name, description, parameters } = Object.keys(inner).length > 0 ? inner : tool;
  const schema = parameters ?? tool.input_schema;
  // Tools of the provider's own have a type and no schema.
  if (name === undefined) return tool;
  return { type: 'function', ...present({ name, description, parameters: schema }) };
}
