import { type Fields, fieldsOf, textOf } from '../core/fields.ts';
import { genAiRequest, genAiResponse } from '../core/genAi.ts';
import { type Attributes, filled, parsedIfJson, present } from './attributes.ts';

export interface OtelEvent {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly attributes: Fields;
}

/** The request of a call in any of the conventions; undefined where content was not recorded. */
export function otelRequest(from: Attributes, events: readonly OtelEvent[]): unknown {
  const genAi = genAiRequest(from.read);
  if (genAi !== undefined) return genAi;
  const openInference = list(from.below('llm.input_messages'), openInferenceMessage);
  const whole = openInference && from.read('input.value');
  if (Array.isArray(fieldsOf(whole).messages)) {
    // The body itself; what else was recorded of it repeats it.
    from.below('llm.tools');
    from.read('llm.invocation_parameters');
    return whole;
  }
  const messages =
    openInference ??
    list(from.below('gen_ai.prompt'), traceloopMessage) ??
    eventMessages(events, /^gen_ai\.(?:system|user|assistant|tool)\.message$/) ??
    asMessages(eventText(events, 'gen_ai.prompt'));
  if (messages) {
    return { ...settings(from), ...present({ tools: toolsOf(from) }), messages };
  }
  const vercel = from.read('ai.prompt.messages');
  if (Array.isArray(vercel)) {
    const tools = from.read('ai.prompt.tools');
    return {
      ...settings(from),
      ...present({ tools: Array.isArray(tools) ? tools.map(parsedIfJson) : undefined }),
      messages: vercel.map(vercelMessage),
    };
  }
  return vercel ?? from.read('ai.prompt', 'gen_ai.prompt', 'input.value');
}

/** The answer of a call in any of the conventions. */
export function otelResponse(from: Attributes, events: readonly OtelEvent[]): unknown {
  const genAi = genAiResponse(from.read);
  if (genAi !== undefined) return genAi;
  const openInference = list(from.below('llm.output_messages'), openInferenceMessage);
  const whole = openInference && from.read('output.value');
  if (Array.isArray(fieldsOf(whole).content)) return whole;
  const messages =
    openInference ??
    list(from.below('gen_ai.completion'), traceloopMessage) ??
    eventMessages(events, /^gen_ai\.choice$/) ??
    asMessages(eventText(events, 'gen_ai.completion'));
  return messages ?? vercelAnswer(from) ?? from.read('gen_ai.completion', 'output.value');
}

const list = (
  value: unknown,
  message: (fields: Fields) => Fields,
): readonly Fields[] | undefined =>
  Array.isArray(value) ? value.map(one => message(fieldsOf(one))) : undefined;

const asMessages = (value: unknown): readonly Fields[] | undefined =>
  Array.isArray(value)
    ? value.map(fieldsOf)
    : typeof value === 'string'
      ? [{ role: 'user', content: value }]
      : undefined;

function settings(from: Attributes): Fields {
  const invocation = fieldsOf(from.read('llm.invocation_parameters'));
  const { messages: _, tools: __, ...others } = invocation;
  const model = from.text('gen_ai.request.model', 'llm.model_name', 'ai.model.id');
  const number = (name: string, ...keys: string[]) => ({
    [name]: from.number(`gen_ai.request.${name}`, ...keys),
  });
  return present({
    model,
    ...number('max_tokens', 'ai.settings.maxOutputTokens', 'ai.settings.maxTokens'),
    ...number('temperature', 'ai.settings.temperature'),
    ...number('top_p', 'ai.settings.topP'),
    ...number('top_k', 'ai.settings.topK'),
    ...others,
  });
}

function toolsOf(from: Attributes): unknown {
  const openInference = from.below('llm.tools');
  if (Array.isArray(openInference)) {
    return openInference.map(one => parsedIfJson(fieldsOf(fieldsOf(one).tool).json_schema));
  }
  const traceloop = from.below('llm.request.functions');
  if (!Array.isArray(traceloop)) return undefined;
  return traceloop.map(one => {
    const { name, description, parameters, input_schema } = fieldsOf(one);
    return present({ name, description, input_schema: parsedIfJson(input_schema ?? parameters) });
  });
}

/** `{ message: { role, content, contents, tool_calls, tool_call_id } }` */
function openInferenceMessage(fields: Fields): Fields {
  const message = fieldsOf(fields.message);
  const contents = Array.isArray(message.contents) ? message.contents : [];
  const blocks = contents
    .map(openInferenceBlock)
    .filter(block => fieldsOf(block).type !== 'tool_use');
  const calls = Array.isArray(message.tool_calls)
    ? message.tool_calls.map(one => called(fieldsOf(fieldsOf(one).tool_call)))
    : undefined;
  return present({
    role: message.role,
    content: blocks.length > 0 ? blocks : message.content,
    name: message.name,
    tool_calls: calls,
    tool_call_id: message.tool_call_id,
  });
}

function openInferenceBlock(value: unknown): unknown {
  const block = fieldsOf(fieldsOf(value).message_content);
  const url = textOf(fieldsOf(fieldsOf(block.image).image).url);
  if (url !== undefined) return { type: 'image_url', image_url: { url } };
  return block;
}

/** `{ role, content, tool_calls: [{ id, name, arguments }], tool_call_id }` */
const traceloopMessage = (fields: Fields): Fields =>
  present({
    role: fields.role ?? 'assistant',
    content: parsedIfJson(fields.content),
    finish_reason: fields.finish_reason,
    tool_calls: Array.isArray(fields.tool_calls)
      ? fields.tool_calls.map(one => called(fieldsOf(one)))
      : undefined,
    tool_call_id: fields.tool_call_id,
  });

/** A call of a tool, as chat completions have it. */
function called(call: Fields): Fields {
  const { name, arguments: given } = filled(call.function) ?? call;
  return {
    ...present({ id: call.id }),
    type: 'function',
    function: present({ name, arguments: given }),
  };
}

/** Messages that stand in events of their own, as the conventions had it before version 1.37. */
function eventMessages(events: readonly OtelEvent[], names: RegExp): readonly Fields[] | undefined {
  const found = events.filter(event => names.test(event.name));
  if (found.length === 0) return undefined;
  return found.map(({ name, attributes }) => {
    const inner = fieldsOf(parsedIfJson(attributes.message));
    const content = parsedIfJson(attributes.content);
    const role = name === 'gen_ai.choice' ? 'assistant' : name.split('.')[1];
    const calls = parsedIfJson(attributes.tool_calls);
    return present({
      role,
      content,
      finish_reason: attributes.finish_reason,
      tool_calls: calls,
      tool_call_id: attributes.id,
      ...inner,
    });
  });
}

/** Before version 1.28, prompt and answer were each an attribute of one event. */
const eventText = (events: readonly OtelEvent[], key: string): unknown =>
  events.map(({ attributes }) => parsedIfJson(attributes[key])).find(value => value !== undefined);

/** The AI SDK's names for calls of tools and their results. */
function vercelMessage(value: unknown): unknown {
  const message = fieldsOf(value);
  if (!Array.isArray(message.content)) return value;
  const content = message.content.map(one => {
    const part = fieldsOf(one);
    const { toolCallId: id, toolName: name } = part;
    if (part.type === 'tool-call')
      return { type: 'tool_use', id, name, input: part.input ?? part.args };
    if (part.type !== 'tool-result') return one;
    const output = fieldsOf(part.output);
    const result = output.value ?? part.output ?? part.result;
    const text = typeof result === 'string' ? result : JSON.stringify(result);
    return { type: 'tool_result', tool_use_id: id, content: text };
  });
  // Results stand among the user's blocks, each with the id of its call.
  return { ...message, role: message.role === 'tool' ? 'user' : message.role, content };
}

function vercelAnswer(from: Attributes): Fields | undefined {
  const text = from.read('ai.response.text');
  const object = from.read('ai.response.object');
  const reasoning = from.text('ai.response.reasoning');
  const calls = from.read('ai.response.toolCalls');
  const content: Fields[] = [];
  if (reasoning) content.push({ type: 'thinking', thinking: reasoning });
  const words = text ?? object;
  if (words !== undefined) {
    content.push({ type: 'text', text: typeof words === 'string' ? words : JSON.stringify(words) });
  }
  for (const one of Array.isArray(calls) ? calls : []) {
    const { toolCallId: id, toolName: name, input, args } = fieldsOf(one);
    content.push({ type: 'tool_use', id, name, input: parsedIfJson(input ?? args) });
  }
  if (content.length === 0) return undefined;
  const reason = from.read('ai.response.finishReason');
  return { role: 'assistant', content, ...present({ stop_reason: reason }) };
}
