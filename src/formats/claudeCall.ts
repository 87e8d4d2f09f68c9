import { type Fields, fieldsOf, textOf } from '../core/fields.ts';
import type { UnpackedSpan } from '../core/rowPacker.ts';
import { nativeUsage } from '../core/usage.ts';
import { present } from './attributes.ts';
import { type ClaudeLine, restOf } from './claudeLine.ts';

/** Where a span of a transcript belongs. */
export interface Place {
  readonly runId: string;
  readonly parentSpanId: string;
}

/** Claude Code names lines so that it wrote itself: they were no call. */
const synthetic = '<synthetic>';

/**
 * One call of the model. Each block of its answer is a line of its own, and each repeats the usage, of which
 * the count of the output is a placeholder until the last one.
 */
export class ClaudeCall {
  readonly spanId: string;
  readonly place: Place;
  readonly #start: number;
  /** What is new to the model since the call before. */
  readonly #messages: readonly Fields[];
  readonly #content: unknown[] = [];
  readonly #lines: Fields[] = [];
  #message: Fields = {};
  #usage: Fields | undefined;
  #end: number;

  constructor(spanId: string, place: Place, start: number, messages: readonly Fields[]) {
    this.spanId = spanId;
    this.place = place;
    this.#start = start;
    this.#end = start;
    this.#messages = messages;
  }

  add(line: ClaudeLine, time: number, rest: Fields): void {
    this.#content.push(...line.blocks);
    this.#lines.push(rest);
    this.#end = Math.max(this.#end, time);
    this.#message = { ...this.#message, ...line.message };
    const usage = line.message.usage;
    if (typeof usage !== 'object' || usage === null) return;
    const output = Math.max(outputOf(this.#usage), outputOf(fieldsOf(usage)));
    this.#usage = { ...fieldsOf(usage), ...(output > 0 && { output_tokens: output }) };
  }

  get text(): string {
    return this.#content
      .flatMap(block => {
        const { type, text } = fieldsOf(block);
        return type === 'text' && typeof text === 'string' ? [text] : [];
      })
      .join('\n')
      .trim();
  }

  /** The turn is over with it: it asks for no tool, and is more than a thought. */
  get isLast(): boolean {
    const stop = textOf(this.#message.stop_reason);
    if (stop !== undefined) return stop !== 'tool_use' && stop !== 'pause_turn';
    const types = this.#content.map(block => fieldsOf(block).type);
    return !types.includes('tool_use') && this.text !== '' && types.at(-1) === 'text';
  }

  row(): UnpackedSpan {
    const [first = {}, ...others] = this.#lines;
    const recorded = textOf(this.#message.model);
    const model = recorded === synthetic ? undefined : recorded;
    const failed = first.isApiErrorMessage === true;
    const cost = this.#lines.reduce((sum, { costUSD }) => Math.max(sum, amountOf(costUSD)), 0);
    const usage = model === undefined ? {} : nativeUsage(0, 0, this.#usage);
    return {
      type: 'span',
      spanId: this.spanId,
      ...this.place,
      name: model === undefined ? 'chat' : `chat ${model}`,
      startTime: this.#start / 1000,
      endTime: this.#end / 1000,
      status: failed ? 'error' : 'ok',
      inputTokens: usage.input ?? 0,
      outputTokens: usage.output ?? 0,
      // Not recorded in files of today: whoever reads the row prices it, with the cache, by its usage.
      costUsd: cost > 0 ? cost : model === undefined ? 0 : undefined,
      model: model ?? '',
      metadata: present({
        kind: 'llm',
        messages: this.#messages,
        // Transcripts hold each message once: the whole prompt would be all of them again in every call.
        only_new_messages: true,
        response: present({ ...this.#message, content: this.#content, usage: this.#usage }),
        usage: model === undefined ? undefined : this.#usage,
        request_id: first.requestId,
        transcript: first,
        more_lines: others.length > 0 ? others : undefined,
      }),
      error: failed ? this.text || textOf(first.error) || 'error of the API' : undefined,
    };
  }
}

const outputOf = (usage: Fields | undefined): number => amountOf(usage?.output_tokens);
const amountOf = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;

export const interruption = /^\s*\[Request interrupted by user/;
/** What the model is told where a person did not let a tool run, which Claude Code marks as an error. */
const refusal = /^\s*The user doesn't want to (?:proceed with this tool use|take this action)/;

/** A tool that an answer asked for, until its result is there. */
export class ClaudeTool {
  readonly spanId: string;
  readonly place: Place;
  readonly name: string;
  readonly input: Fields;
  readonly #start: number;
  #end: number | undefined;
  #result: unknown;
  #failed = false;
  #cancelled = false;
  #rest: Fields = {};

  constructor(block: Fields, spanId: string, place: Place, start: number) {
    this.spanId = spanId;
    this.place = place;
    this.name = textOf(block.name) ?? '';
    this.input = fieldsOf(block.input);
    this.#start = start;
  }

  finish(result: Fields, line: ClaudeLine, envelope: Fields, time: number): void {
    this.#end = Math.max(time, this.#start);
    this.#result = result.content;
    const said = textIn(result.content) ?? '';
    this.#cancelled = refusal.test(said) || interruption.test(said);
    this.#failed = result.is_error === true && !this.#cancelled;
    this.#rest = restOf(line.fields, envelope, ['message', 'type']);
  }

  cancel(time: number): void {
    this.#end = Math.max(time, this.#start);
    this.#cancelled = true;
  }

  row(): UnpackedSpan {
    const result = this.#result;
    const text = textIn(result);
    const ended = this.#cancelled ? 'cancelled' : this.#failed ? 'error' : 'ok';
    return {
      type: 'span',
      spanId: this.spanId,
      ...this.place,
      name: this.name || 'tool',
      startTime: this.#start / 1000,
      endTime: this.#end === undefined ? undefined : this.#end / 1000,
      status: this.#end === undefined ? 'running' : ended,
      inputTokens: 0,
      outputTokens: 0,
      costUsd: 0,
      model: '',
      metadata: present({
        kind: 'tool',
        tool_name: this.name,
        tool_use_id: this.spanId,
        tool_input: this.input,
        tool_result: result,
        result_length: text?.length,
        transcript: Object.keys(this.#rest).length > 0 ? this.#rest : undefined,
      }),
      error: this.#failed ? text?.trim().slice(0, 2000) || 'error' : undefined,
    };
  }
}

function textIn(result: unknown): string | undefined {
  if (typeof result === 'string') return result;
  if (!Array.isArray(result)) return undefined;
  const texts = result.flatMap(one => textOf(fieldsOf(one).text) ?? []);
  return texts.length > 0 ? texts.join('\n') : undefined;
}
