import { type Fields, textOf } from '../core/fields.ts';
import { plainJson } from './exactJson.ts';
import { asText } from './genAiAttributes.ts';
import type { GenAiMessage } from './genAiMessages.ts';
import type { OtlpValue } from './otlp.ts';

export type Put = (key: string, value: OtlpValue) => void;

/** Of longer conversations the latest: engines bound how many attributes a span has. */
const mostMessages = 60;

/** Messages by spec/semantic_conventions.md of Arize-ai/openinference: each field an attribute. */
export function putMessages(put: Put, prefix: string, messages: readonly GenAiMessage[]): void {
  const names = new Map<string, string>();
  const all = messages.flatMap(resultsApart);
  const first = Math.max(0, all.length - mostMessages);
  for (const [at, message] of all.entries()) {
    for (const { type, id, name } of message.parts) {
      if (type === 'tool_call') names.set(asText(id ?? ''), asText(name ?? ''));
    }
    if (at >= first) putMessage(put, `${prefix}.${at - first}.message`, message, names);
  }
}

/** A message has one `tool_call_id`: results of several calls in one message become one each. */
function resultsApart(message: GenAiMessage): readonly GenAiMessage[] {
  const isResult = (part: Fields): boolean => part.type === 'tool_call_response';
  if (!message.parts.some(isResult)) return [message];
  const rest = message.parts.filter(part => !isResult(part));
  const results = message.parts
    .filter(isResult)
    .map((part): GenAiMessage => ({ role: 'tool', parts: [part] }));
  return rest.length === 0 ? results : [...results, { ...message, parts: rest }];
}

function putMessage(
  put: Put,
  message: string,
  { role, parts }: GenAiMessage,
  names: ReadonlyMap<string, string>,
): void {
  put(`${message}.role`, role);
  // Thoughts and linked images are more than text, and stand in a list.
  const listed = parts.some(({ type }) => type === 'reasoning' || type === 'uri');
  const texts: string[] = [];
  let [calls, items] = [0, 0];
  for (const part of parts) {
    if (part.type === 'tool_call') {
      const call = `${message}.tool_calls.${calls++}.tool_call`;
      put(`${call}.id`, textOf(part.id));
      put(`${call}.function.name`, textOf(part.name));
      put(`${call}.function.arguments`, asText(part.arguments ?? {}));
    } else if (part.type === 'tool_call_response') {
      put(`${message}.tool_call_id`, textOf(part.id));
      put(`${message}.name`, names.get(asText(part.id ?? '')));
      texts.push(asText(part.response ?? ''));
    } else if (!listed) {
      texts.push(wordsOf(part));
    } else {
      const item = `${message}.contents.${items++}.message_content`;
      const isImage = part.type === 'uri';
      put(`${item}.type`, isImage ? 'image' : part.type === 'reasoning' ? 'reasoning' : 'text');
      if (isImage) put(`${item}.image.image.url`, textOf(part.uri));
      else put(`${item}.text`, wordsOf(part));
    }
  }
  put(`${message}.content`, texts.join('\n'));
}

/** An image's bytes are in `gen_ai.input.messages` already. */
export function wordsOf(part: Fields): string {
  if (part.type === 'text' || part.type === 'reasoning') return asText(part.content ?? '');
  return part.type === 'blob' ? `[${asText(part.mime_type ?? 'blob')}]` : plainJson(part);
}
