import { toolUses } from '../blocks.ts';
import { type Fields, fieldsOf, nameOf, textOf } from '../fields.ts';
import { isToolCall } from '../kind.ts';
import type { Metadata } from '../metadata.ts';
import type { Span, SpanEvent, SpanKind } from '../model.ts';
import { editOf } from './edits.ts';
import { eventFacts, retriesOf } from './eventFacts.ts';
import {
  type CallFacts,
  keptChars,
  keptNames,
  keptUses,
  type SpanFacts,
  type ToolFacts,
} from './facts.ts';
import { beginOf, parsedText, shortJson, written } from './jsonWriter.ts';
import { promptFacts } from './promptFacts.ts';
import { resultFacts } from './resultFacts.ts';
import { unseenArguments } from './unseen.ts';

/** What insights need of one span. Reads what was recorded once through, however large it is. */
export function factsOf(
  metadata: Metadata,
  events: readonly SpanEvent[],
  kind: SpanKind,
): SpanFacts {
  const read = eventFacts(events);
  return {
    tool: isToolCall({ kind }) ? toolFacts(metadata) : undefined,
    call: kind === 'llm' ? callFacts(metadata, read) : undefined,
    // A transcript of Claude Code.
    ...(kind === 'agent' && isRecord(metadata.fields.transcript) && { mayAwaitPerson: true }),
    events: read,
  };
}

const isRecord = (value: unknown): boolean => Object.keys(fieldsOf(value)).length > 0;

/** By what name a tool or retrieval is known, in words and among what is usual. */
export const calledName = (span: Pick<Span, 'toolName' | 'name'>): string =>
  span.toolName ?? span.name;

function toolFacts(metadata: Metadata): ToolFacts {
  const input = parsedText(metadata.toolInput);
  return {
    input: input === undefined || input === null ? undefined : shortJson(input),
    inputValues: leaves(input),
    useId: nameOf(metadata.toolUseId),
    edit: editOf(metadata.toolName ?? '', input),
    result: resultFacts(resultOf(metadata), metadata.resultLength),
  };
}

const resultKeys = [
  'tool_result',
  'gen_ai.tool.call.result',
  'anthropic.tool_result.content',
  'output.value',
  'ai.toolCall.result',
];

/** A recorded null is a result; whoever asks for one of several keys goes past it. */
function resultOf({ toolResult, fields }: Metadata): unknown {
  return toolResult ?? (resultKeys.some(key => fields[key] === null) ? null : undefined);
}

function leaves(input: unknown): readonly string[] {
  const found: string[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (found.length >= keptNames || depth > 8) return;
    if (typeof value === 'string' || typeof value === 'number') {
      if (value !== '') found.push(beginOf(String(value), 200));
    } else if (typeof value === 'object' && value !== null) {
      for (const one of Object.values(value)) visit(one, depth + 1);
    }
  };
  visit(input, 0);
  return found;
}

function callFacts(metadata: Metadata, events: SpanFacts['events']): CallFacts {
  const { fields } = metadata;
  // OpenInference records what goes in and out of every kind of span under the same names.
  const request = metadata.request ?? parsedText(fields['input.value']);
  const response = metadata.response ?? parsedText(fields['output.value']);
  const uses = toolUses(response);
  // Of what stands in the prompts of earlier calls, too, nothing is told by one: neither shares nor what was given again.
  const isWhole = !metadata.onlyNewMessages;
  return {
    stopReason: stopReason(response, metadata),
    maxTokens: maxTokens(request, fields),
    toolUses: uses.slice(0, keptUses).map(({ id, name, input }) => {
      const value = parsedText(input);
      return {
        id: nameOf(id),
        name: nameOf(name) ?? '',
        input: value === undefined || value === null ? undefined : shortJson(value),
      };
    }),
    // What redaction took out of the request, or what stands in earlier ones, may be what the answer has.
    unseen: metadata.redacted === undefined && isWhole ? unseenArguments(request, uses) : [],
    written: isWhole ? undefined : writtenChars(response),
    answer: answerOf(response),
    ...promptFacts(isWhole ? request : undefined),
    toolNames: toolNames(fieldsOf(request).tools),
    retries: retriesOf(metadata, events),
  };
}

function stopReason(response: unknown, { finishReason, fields }: Metadata): string | undefined {
  const it = fieldsOf(response);
  const choice = Array.isArray(it.choices) ? fieldsOf(it.choices[0]) : {};
  const candidate = Array.isArray(it.candidates) ? fieldsOf(it.candidates[0]) : {};
  const said = [
    it.stop_reason,
    it.stopReason,
    choice.finish_reason,
    candidate.finishReason,
    fieldsOf(it.incomplete_details).reason,
    it.finish_reason,
    finishReason,
    fields['anthropic.message.stop_reason'],
    fields['ai.response.finishReason'],
    fields['llm.finish_reason'],
    fields.stop_reason,
    fields.finish_reason,
  ];
  return said.map(nameOf).find(one => one !== undefined);
}

function maxTokens(request: unknown, fields: Fields): number | undefined {
  const body = fieldsOf(request);
  const parameters = fieldsOf(parsedText(fields['llm.invocation_parameters']));
  const names = ['max_tokens', 'max_completion_tokens', 'max_output_tokens'] as const;
  const said = [
    ...names.map(name => body[name]),
    fields['gen_ai.request.max_tokens'],
    ...names.map(name => parameters[name]),
  ];
  const found = said.map(one => (typeof one === 'string' && one !== '' ? Number(one) : one));
  return found.find((one): one is number => typeof one === 'number' && one > 0);
}

const mostWritten = 10_000_000;

/** Of the Messages API's blocks, as transcripts have them. */
function writtenChars(response: unknown): number {
  const { content } = fieldsOf(response);
  if (!Array.isArray(content)) return 0;
  let chars = 0;
  for (const block of content) {
    const { text, thinking, input } = fieldsOf(block);
    for (const one of [text, thinking]) if (typeof one === 'string') chars += one.length;
    if (input !== undefined) chars += written(input, { sorted: false }).chars;
    if (chars > mostWritten) break;
  }
  return chars;
}

/** The texts of an answer, without what the model thought and asked for. */
function answerOf(response: unknown): string {
  let answer = '';
  const visit = (value: unknown, depth: number): void => {
    if (answer.length >= keptChars || depth > 8) return;
    if (typeof value === 'string') {
      answer += `${answer === '' ? '' : '\n'}${value.slice(0, keptChars - answer.length)}`;
      return;
    }
    if (Array.isArray(value)) {
      for (const one of value) visit(one, depth + 1);
      return;
    }
    const it = fieldsOf(value);
    if (typeof it.type === 'string' && !/text|message|^completion$|^response$|chat/.test(it.type)) {
      return;
    }
    for (const key of ['text', 'content', 'parts', 'message', 'choices', 'output']) {
      if (it[key] !== undefined && it[key] !== null) visit(it[key], depth + 1);
    }
  };
  visit(response, 0);
  return beginOf(answer);
}

function toolNames(tools: unknown): readonly string[] {
  if (!Array.isArray(tools)) return [];
  return tools.slice(0, keptNames).flatMap(tool => {
    const it = fieldsOf(tool);
    return nameOf(it.name) ?? nameOf(fieldsOf(it.function).name) ?? nameOf(textOf(it.type)) ?? [];
  });
}
