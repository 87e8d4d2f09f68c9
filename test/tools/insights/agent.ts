import { costParts, priceOf } from '../../../src/core/prices.ts';
import { nativeUsage } from '../../../src/core/usage.ts';
import type { Json, Usage } from '../sample/conversation.ts';
import type { SpanRecord } from '../sample/database.ts';
import { type Asked, answerMessage, callFields, type Style, toolFields } from './fields.ts';
import { tokensOf } from './promptCache.ts';
import type { Recording } from './recording.ts';

export interface AgentOptions {
  readonly name: string;
  readonly model?: string;
  readonly system?: string;
  /** Names of the tools, each with the names of its parameters. */
  readonly tools?: Readonly<Record<string, readonly string[]>>;
  readonly ask: string | readonly Json[];
  /** How it is recorded. */
  readonly style?: Style;
  /** Asks for caching, for so many minutes. */
  readonly cached?: 5 | 60;
  readonly maxTokens?: number;
  readonly metadata?: Json;
}

export interface CallOptions {
  readonly text?: string;
  readonly ms?: number;
  readonly mark?: string;
  readonly name?: string;
  readonly model?: string;
  readonly stop?: string;
  readonly maxTokens?: number;
  /** Output tokens. */
  readonly out?: number;
  /** In place of what was counted. */
  readonly usage?: Partial<Usage>;
  readonly error?: string;
  /** Failed attempts within the call, each with its status. */
  readonly retries?: readonly number[];
  readonly events?: readonly (readonly [name: string, attributes: Json])[];
  readonly metadata?: Json;
  /** The cost column; `null` is unknown. */
  readonly cost?: number | null;
  /** It has not ended. */
  readonly open?: boolean;
}

export interface UseOptions {
  readonly ms?: number;
  readonly mark?: string;
  readonly kind?: 'tool' | 'retrieval';
  readonly error?: string;
  readonly noId?: boolean;
  /** It asks for a tool that the request does not offer. */
  readonly unknown?: boolean;
  /** What the model is told, where that is not the result. */
  readonly told?: unknown;
  readonly open?: boolean;
  readonly events?: readonly (readonly [name: string, attributes: Json, afterMs: number])[];
  /** A sub-agent that the tool runs. */
  readonly sub?: { readonly options: AgentOptions; readonly tell: (agent: Agent) => void };
}

export interface Use extends UseOptions {
  readonly name: string;
  readonly input: unknown;
  readonly result: unknown;
}

export const use = (
  name: string,
  input: unknown,
  result: unknown,
  options: UseOptions = {},
): Use => ({
  ...options,
  name,
  input,
  result,
});

/** A run, or a sub-agent of one, that writes down what it does; `at` moves on as things take their time. */
export class Agent {
  readonly top: SpanRecord;
  readonly options: AgentOptions;
  at: number;
  system: string | undefined;
  tools: readonly Json[] | undefined;
  messages: Json[] = [];
  readonly #file: Recording;
  #calls = 0;

  constructor(file: Recording, options: AgentOptions, start: number, under?: SpanRecord) {
    this.#file = file;
    this.options = options;
    this.at = start;
    this.system = options.system;
    this.tools = options.tools && definitions(options.tools);
    const { ask, style, metadata } = options;
    this.ask(ask);
    const fields = style === 'columns' ? { query: ask } : { kind: 'agent', input: ask };
    this.top = this.span(options.name, { ...fields, ...metadata }, under ?? null);
    this.at += 2;
  }

  ask(content: string | readonly Json[]): this {
    this.messages.push({ role: 'user', content });
    return this;
  }

  wait(ms: number): this {
    this.at += ms;
    return this;
  }

  /** A span of any kind; the root where `under` is null. */
  span(name: string, metadata: Json, under: SpanRecord | null = this.top): SpanRecord {
    const { random } = this.#file;
    const span: SpanRecord = {
      spanId: random.uuid(),
      runId: under?.runId ?? random.uuid(),
      parentSpanId: under?.spanId,
      name,
      start: this.at + random.next() * 0.5,
      end: undefined,
      status: 'running',
      inputTokens: 0,
      outputTokens: 0,
      costUsd: 0,
      model: '',
      metadata: { ...metadata },
      error: undefined,
      depth: under ? under.depth + 1 : 0,
      events: [],
    };
    this.#file.spans.push(span);
    return span;
  }

  /** The model answers, and what it asks for is done, side by side where it is more than one thing. */
  turn(text: string | CallOptions, ...uses: readonly Use[]): SpanRecord {
    const options = typeof text === 'string' ? { text } : text;
    const asked = uses.map(one => ({ ...one, id: this.#file.random.apiId('toolu') }));
    const span = this.call(options, asked);
    if (span.status === 'ok' && asked.length > 0) this.#runTools(asked);
    return span;
  }

  call(options: CallOptions, uses: readonly (Use & Asked)[] = []): SpanRecord {
    const { random, cache } = this.#file;
    const { style = 'messages' } = this.options;
    const model = options.model ?? this.options.model ?? 'claude-haiku-4-5';
    for (const { name, unknown } of uses) {
      const offered = this.tools?.some(tool => tool.name === name) ?? false;
      if (offered === (unknown === true)) throw new Error(`is ${name} offered, or not?`);
    }
    const maxTokens = options.maxTokens ?? this.options.maxTokens ?? 2048;
    const { system, tools, messages } = this;
    const ttlMs = this.options.cached && this.options.cached * 60_000;
    const prompt = { model, system, tools, messages: [...messages], ttlMs, maxTokens };
    const content = contentOf(options.text, uses);
    const out = options.out ?? tokensOf(content) + random.whole(0, 90);
    const name = options.name ?? callName(style, model, this.#calls++);
    const span = this.span(name, {});
    this.at += options.retries ? this.#retry(span, options.retries) : 0;
    // Beyond some length it is said how long a call took: it is what some labels are about.
    const ms = options.ms ?? random.between(600, 1500) + Math.min(out, 160) * random.between(9, 16);
    this.at += ms;
    if (options.mark) this.#file.mark(options.mark, span);
    span.model = model;
    for (const [event, attributes] of options.events ?? [])
      span.events.push({ time: this.at - 1, name: event, attributes });
    const open = options.open || options.error !== undefined;
    const usage = open
      ? undefined
      : { ...cache.usage(prompt, span.start, this.at, out), ...options.usage };
    const stop = options.stop ?? (uses.length > 0 ? 'tool_use' : 'end_turn');
    const response = open
      ? undefined
      : answerMessage(random.apiId('msg'), model, content, stop, usage);
    const recorded = { ...callFields(style, prompt, response, usage), ...options.metadata };
    span.metadata = { ...span.metadata, ...recorded };
    if (options.open) return span;
    span.end = this.at;
    span.status = options.error === undefined ? 'ok' : 'error';
    span.error = options.error;
    if (usage) bill(span, usage, style, options.cost);
    if (response) this.messages.push({ role: 'assistant', content });
    this.at += random.between(4, 15);
    return span;
  }

  /** The last answer. */
  done(text: string | CallOptions): this {
    const options = typeof text === 'string' ? { text } : text;
    this.call(options);
    return this.end(options.text);
  }

  /** Ends without another call. */
  end(output?: unknown): this {
    if (this.options.style === 'columns') return this;
    if (output !== undefined) this.top.metadata.output = output;
    this.top.end = this.at + 3;
    this.top.status = 'ok';
    return this;
  }

  fail(error: string): this {
    this.end();
    this.top.end = this.at + 3;
    this.top.status = 'error';
    this.top.error = error;
    return this;
  }

  /** A tool that the program calls by itself, without the model asking for it. */
  tool(one: Use): void {
    this.#runTool({ ...one, noId: true, id: '' });
    this.at += 6;
  }

  #retry(span: SpanRecord, statuses: readonly number[]): number {
    let took = 0;
    statuses.forEach((status, at) => {
      const wait_ms = Math.round(500 * 2 ** at * this.#file.random.between(0.75, 1));
      took += 180 + wait_ms;
      const type =
        status === 429 ? 'rate_limit_error' : status === 529 ? 'overloaded_error' : 'api_error';
      const error = `${status} ${type}: ${status === 529 ? 'Overloaded' : 'try again later'}`;
      const attributes = { attempt: at + 2, error, status, error_type: type, wait_ms };
      span.events.push({ time: this.at + took, name: 'retry', attributes });
    });
    span.metadata.retries = statuses.length;
    return took;
  }

  #runTools(uses: readonly (Use & Asked)[]): void {
    const begin = this.at;
    let last = begin;
    uses.forEach((one, place) => {
      this.at = begin + place * 2;
      this.#runTool(one);
      last = Math.max(last, this.at);
    });
    this.at = last + 6;
    const content = uses.map(({ id, result, told, error }) => ({
      type: 'tool_result',
      tool_use_id: id,
      content: textOf(error ?? told ?? result),
      ...(error !== undefined && { is_error: true }),
    }));
    this.messages.push({ role: 'user', content });
  }

  #runTool(one: Use & Asked): void {
    const { style = 'messages' } = this.options;
    const { random } = this.#file;
    const name = style === 'messages' || style === 'genai' ? one.name : 'tool_execution';
    const span = this.span(style === 'genai' ? `execute_tool ${name}` : name, {});
    span.metadata = { ...toolFields(style, one) };
    if (one.mark) this.#file.mark(one.mark, span);
    for (const [event, attributes, after] of one.events ?? [])
      span.events.push({ time: span.start + after, name: event, attributes });
    if (one.sub) {
      const agent = new Agent(this.#file, { style, ...one.sub.options }, this.at + 1, span);
      one.sub.tell(agent);
      this.at = agent.at + 4;
    }
    this.at += one.ms ?? random.between(90, 420);
    if (one.open) return;
    span.end = this.at;
    span.status = one.error === undefined ? 'ok' : 'error';
    span.error = one.error;
  }
}

const textOf = (result: unknown): string =>
  typeof result === 'string' ? result : (JSON.stringify(result) ?? '');

const contentOf = (text: string | undefined, uses: readonly (Use & Asked)[]): readonly Json[] => [
  ...(text ? [{ type: 'text', text }] : []),
  ...uses.map(({ id, name, input }) => ({ type: 'tool_use', id, name, input })),
];

const callName = (style: Style, model: string, index: number): string =>
  style === 'messages' || style === 'genai'
    ? `chat ${model}`
    : index === 0
      ? 'llm_initial_call'
      : 'llm_continuation';

function bill(span: SpanRecord, usage: Usage, style: Style, cost: number | null | undefined): void {
  const cached = usage.cache_creation_input_tokens + usage.cache_read_input_tokens;
  span.inputTokens = usage.input_tokens + (style === 'genai' ? cached : 0);
  span.outputTokens = usage.output_tokens;
  const price = priceOf(span.model, span.start);
  const parts = price && costParts(nativeUsage(undefined, undefined, usage), price);
  const sum =
    parts && parts.input + parts.cacheRead + parts.cacheWrite5m + parts.cacheWrite1h + parts.output;
  span.costUsd = cost === null ? undefined : (cost ?? sum);
}

const definitions = (tools: NonNullable<AgentOptions['tools']>): readonly Json[] =>
  Object.entries(tools).map(([name, parameters]) => ({
    name,
    description: `${name.replaceAll('_', ' ')}, by ${parameters.join(' and ') || 'nothing else'}.`,
    input_schema: {
      type: 'object',
      properties: Object.fromEntries(parameters.map(one => [one, { type: 'string' }])),
    },
  }));
