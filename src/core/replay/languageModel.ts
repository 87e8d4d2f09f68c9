import { type Fields, fieldsOf, textOf } from '../fields.ts';
import type { CallWords } from './callWords.ts';

/** A part of a message as the language models of an editor take it. */
export type ModelPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'call'; readonly id: string; readonly name: string; readonly input: object }
  | { readonly kind: 'result'; readonly id: string; readonly text: string };

export interface ModelRequest {
  readonly messages: readonly {
    readonly role: 'user' | 'assistant';
    readonly parts: readonly ModelPart[];
  }[];
  readonly tools: readonly {
    readonly name: string;
    readonly description: string;
    readonly inputSchema: object;
  }[];
  /** A tool has to be called. */
  readonly mustCall: boolean;
  /** What cannot be carried there, a sentence each. */
  readonly lost: readonly string[];
}

/**
 * A request of the Messages API in the form in which VS Code hands requests to language models. That form has
 * no system role, no pictures, no thinking and no settings: what is lost is said.
 */
export function modelRequest(request: Fields, words: CallWords): ModelRequest {
  const lost = new Set<keyof CallWords>(['lmUsage']);
  const messages: { role: 'user' | 'assistant'; parts: ModelPart[] }[] = [];
  const system = textsOf(request.system);
  if (system !== '') {
    lost.add('lmSystem');
    messages.push({ role: 'user', parts: [{ kind: 'text', text: system }] });
  }
  for (const one of listOf(request.messages)) {
    const { role, content } = fieldsOf(one);
    const parts = partsOf(content, lost);
    if (role === 'system') lost.add('lmSystem');
    if (parts.length > 0) messages.push({ role: role === 'assistant' ? role : 'user', parts });
  }
  if (JSON.stringify(request).includes('"cache_control":')) lost.add('lmCache');
  const { type, name } = fieldsOf(request.tool_choice);
  if (type === 'tool' || type === 'none' || name !== undefined) lost.add('lmToolChoice');
  const fields = ['max_tokens', 'temperature', 'top_p', 'top_k', 'stop_sequences', 'output_config'];
  if (fields.some(field => request[field] !== undefined)) lost.add('lmSettings');
  if (fieldsOf(request.thinking).type !== undefined) lost.add('lmThinking');
  const tools = listOf(request.tools).flatMap(tool => {
    const { name: own, description, input_schema: schema } = fieldsOf(tool);
    if (typeof own !== 'string' || typeof schema !== 'object' || schema === null) {
      lost.add('lmServerTools');
      return [];
    }
    return [{ name: own, description: textOf(description) ?? '', inputSchema: schema }];
  });
  const known = type === 'none' ? [] : tools;
  const mustCall = (type === 'any' || type === 'tool') && known.length > 0;
  return { messages, tools: known, mustCall, lost: [...lost].map(key => words[key]) };
}

function partsOf(content: unknown, lost: Set<keyof CallWords>): ModelPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ kind: 'text', text: content }];
  return listOf(content).flatMap((block): ModelPart[] => {
    const { type, text, id, name, input, tool_use_id: of, content: inner } = fieldsOf(block);
    switch (type) {
      case 'text':
        return typeof text === 'string' && text !== '' ? [{ kind: 'text', text }] : [];
      case 'tool_use':
        return [
          { kind: 'call', id: textOf(id) ?? '', name: textOf(name) ?? '', input: fieldsOf(input) },
        ];
      case 'tool_result': {
        if (listOf(inner).some(one => fieldsOf(one).type !== 'text')) lost.add('lmPictures');
        return [{ kind: 'result', id: textOf(of) ?? '', text: textsOf(inner) }];
      }
      case 'thinking':
      case 'redacted_thinking':
        lost.add('lmThinking');
        return [];
      default:
        lost.add('lmPictures');
        return [];
    }
  });
}

const textsOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : listOf(value)
        .flatMap(block => textOf(fieldsOf(block).text) ?? [])
        .join('\n');

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** An answer in parts as one of the Messages API; what was not told of it is absent. */
export function modelMessage(model: string, parts: readonly ModelPart[]): Fields {
  const content: Fields[] = [];
  let text = '';
  const endText = (): void => {
    if (text !== '') content.push({ type: 'text', text });
    text = '';
  };
  for (const part of parts) {
    if (part.kind === 'text') text += part.text;
    else if (part.kind === 'call') {
      endText();
      const { id, name, input } = part;
      content.push({ type: 'tool_use', id, name, input });
    }
  }
  endText();
  return { type: 'message', role: 'assistant', model, content };
}
