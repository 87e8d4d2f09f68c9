import { genAiFinishReason, genAiRequest, genAiResponse } from './genAi.ts';
import { type KindHints, kindKeys, toolNameOf } from './kind.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** A span's metadata, read: what we look for, under our own keys first, then under the conventions'. */
export interface Metadata {
  /** All of it; empty where the text is not a JSON object. */
  readonly fields: Fields;
  /** Of a prompt, only what was new since the call before was recorded: it cannot be sent. */
  readonly onlyNewMessages: boolean;
  /** Why the text could not be read as a JSON object. */
  readonly problem: 'not-json' | 'not-object' | undefined;
  readonly hints: KindHints;
  /** The exact request of a call: a Messages API body, or a list of messages. */
  readonly request: unknown;
  readonly response: unknown;
  /** Why the model stopped, where that stands beside the answer or in one of its messages. */
  readonly finishReason: unknown;
  readonly usage: unknown;
  readonly toolName: string | undefined;
  readonly toolInput: unknown;
  readonly toolUseId: string | undefined;
  readonly toolResult: unknown;
  readonly resultLength: number | undefined;
  readonly source: Source | undefined;
  readonly retries: unknown;
  /** What was cut before it was recorded. */
  readonly redacted: unknown;
  /** Input and output of a run, on its root. */
  readonly input: unknown;
  readonly output: unknown;
}

/** Where in the program the span was opened. Lines count from 1. */
export interface Source {
  readonly file: string;
  readonly line: number | undefined;
  readonly function: string | undefined;
}

export function readMetadata(text: string | undefined): Metadata {
  const { fields, problem } = parse(text);
  const hints = Object.fromEntries(kindKeys.map(key => [key, fields[key]])) as KindHints;
  const get = (...keys: readonly string[]): unknown => {
    for (const key of keys) {
      const value = fields[key];
      if (value !== undefined && value !== null) return parsedIfJson(key, value);
    }
    return undefined;
  };
  const response =
    get('response') ??
    genAiResponse(get) ??
    get('gen_ai.completion', 'ai.response.text', 'completion', 'answer');
  const request = get('request') ?? genAiRequest(get);
  return {
    fields,
    onlyNewMessages: fields.only_new_messages === true,
    problem,
    hints,
    request:
      request ??
      get('gen_ai.prompt', 'ai.prompt.messages', 'ai.prompt', 'messages', 'prompt', 'query'),
    response,
    finishReason: genAiFinishReason(response, get),
    usage: get('usage'),
    toolName: toolNameOf(hints),
    toolInput: get(
      'tool_input',
      'gen_ai.tool.call.arguments',
      'tool.parameters',
      'input.value',
      'ai.toolCall.args',
      'copilot_chat.hook_input',
    ),
    toolUseId: textOf(get('tool_use_id', 'gen_ai.tool.call.id', 'tool_call_id', 'ai.toolCall.id')),
    toolResult: get(
      'tool_result',
      'gen_ai.tool.call.result',
      'anthropic.tool_result.content',
      'output.value',
      'ai.toolCall.result',
      'copilot_chat.hook_output',
    ),
    resultLength: numberOf(fields.result_length),
    source: sourceOf(fields),
    retries: fields.retries,
    redacted: fields.redacted,
    input: get('input', 'query', 'copilot_chat.user_request'),
    output: get('output'),
  };
}

function parse(text: string | undefined): { fields: Fields; problem: Metadata['problem'] } {
  if (text === undefined || text.trim() === '') return { fields: {}, problem: undefined };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Whatever the parser objects to, the text is shown as it is and the panel says that it is not JSON.
    return { fields: {}, problem: 'not-json' };
  }
  if (value === null) return { fields: {}, problem: undefined };
  if (typeof value !== 'object' || Array.isArray(value))
    return { fields: {}, problem: 'not-object' };
  return { fields: value as Fields, problem: undefined };
}

/** The conventions put structured values into attributes as JSON strings; our own keys hold them as they are. */
function parsedIfJson(key: string, value: unknown): unknown {
  if (typeof value !== 'string' || !/[.]/.test(key) || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    // Not JSON after all, or truncated by its recorder: the text itself is the best there is.
    return value;
  }
}

function sourceOf(fields: Fields): Source | undefined {
  const own = fields.source;
  const from =
    typeof own === 'object' && own !== null
      ? (own as Fields)
      : {
          file: fields['code.file.path'] ?? fields['code.filepath'],
          line: fields['code.line.number'] ?? fields['code.lineno'],
          function: fields['code.function.name'] ?? fields['code.function'],
        };
  const file = textOf(from.file);
  if (!file) return undefined;
  return { file, line: numberOf(from.line), function: textOf(from.function) };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
