import { costParts, priceOf } from '../../../src/core/prices.ts';
import { nativeUsage } from '../../../src/core/usage.ts';
import type { Call, Conversation, Json, ToolUse } from './conversation.ts';
import type { SpanRecord } from './database.ts';
import type { Random } from './random.ts';

export interface Source {
  readonly file: string;
  readonly line: number;
  readonly function: string;
}

export interface Where {
  /** The root where absent. */
  readonly under?: SpanRecord;
  /** Milliseconds after the moment at which the run stands; spans that overlap are opened by this. */
  readonly after?: number;
  /** How long it takes. */
  readonly ms?: number;
  readonly source?: Source;
}

export interface ToolOptions extends Where {
  readonly name?: string;
  readonly kind?: 'tool' | 'retrieval';
  readonly error?: string;
  readonly more?: Json;
  /** The run does not wait for it: what comes next may overlap. */
  readonly beside?: boolean;
}

/** Writes down what one run does; `now` moves on as things take their time. */
export class Run {
  readonly spans: SpanRecord[] = [];
  readonly root: SpanRecord;
  /** Epoch milliseconds at which the run stands. */
  now: number;
  readonly #random: Random;
  /** Some runs meet a slow provider. */
  readonly #pace: number;

  constructor(
    random: Random,
    options: { name: string; start: number; input?: unknown; source: Source; session?: string },
  ) {
    this.#random = random;
    this.#pace = 0.75 + random.next() ** 3 * 1.6;
    this.now = options.start;
    const { name, input, source, session } = options;
    const grouped = session === undefined ? {} : { session_id: session };
    this.root = this.open(name, { kind: 'agent', ...grouped, input, source });
    // Past the fraction that `open` adds: nothing starts before its parent.
    this.wait(2);
  }

  open(name: string, metadata: Record<string, unknown>, where: Where = {}): SpanRecord {
    const parent = where.under ?? this.root;
    const root = this.spans.length === 0;
    const span: SpanRecord = {
      spanId: this.#random.uuid(),
      runId: root ? this.#random.uuid() : parent.runId,
      parentSpanId: root ? undefined : parent.spanId,
      name,
      // Tracers record microseconds; round milliseconds would look made up.
      start: this.now + (where.after ?? 0) + this.#random.next(),
      end: undefined,
      status: 'running',
      inputTokens: 0,
      outputTokens: 0,
      costUsd: 0,
      model: '',
      metadata,
      error: undefined,
      depth: root ? 0 : parent.depth + 1,
      events: [],
    };
    this.spans.push(span);
    return span;
  }

  close(span: SpanRecord, status: 'ok' | 'error' = 'ok', error?: string): void {
    span.end = this.now;
    span.status = status;
    span.error = error;
  }

  event(span: SpanRecord, name: string, attributes: Json, time = this.now): void {
    span.events.push({ time, name, attributes });
  }

  /** A call that the model answered. */
  llm(name: string, talk: Conversation, call: Call, where: Where = {}): SpanRecord {
    const { request, response, usage } = call;
    const { source } = where;
    const span = this.open(name, { kind: 'llm', request, response, usage, source }, where);
    span.model = talk.model;
    span.inputTokens = usage.input_tokens;
    span.outputTokens = usage.output_tokens;
    const price = priceOf(talk.model, span.start);
    if (price) {
      const parts = costParts(nativeUsage(undefined, undefined, usage), price);
      span.costUsd =
        parts.input + parts.cacheRead + parts.cacheWrite5m + parts.cacheWrite1h + parts.output;
    }
    const ms =
      where.ms ?? (this.#random.between(550, 1100) + usage.output_tokens * 11) * this.#pace;
    this.#finish(span, ms, where.after);
    this.event(span, 'first token', {}, span.start + Math.min(ms * 0.4, 900));
    return span;
  }

  /** A call that was refused. */
  refused(name: string, talk: Conversation, error: string, where: Where = {}): SpanRecord {
    const { source } = where;
    const span = this.open(name, { kind: 'llm', request: talk.request(), source }, where);
    span.model = talk.model;
    this.#finish(span, where.ms ?? this.#random.between(150, 400), where.after);
    span.status = 'error';
    span.error = error;
    return span;
  }

  /** A tool that an answer asked for, run to its end. */
  tool(use: ToolUse, result: unknown, options: ToolOptions = {}): SpanRecord {
    const { kind = 'tool', error, source, more } = options;
    const span = this.open(
      options.name ?? 'tool_execution',
      {
        kind,
        tool_name: use.name,
        tool_input: use.input,
        tool_use_id: use.id,
        tool_result: result,
        result_length: lengthOf(result),
        source,
        ...more,
      },
      options,
    );
    const ms = options.ms ?? this.#random.between(90, 700);
    this.#finish(span, ms, options.after, options.beside);
    if (error !== undefined) {
      span.status = 'error';
      span.error = error;
    }
    return span;
  }

  finish(output: unknown): this {
    this.root.metadata.output = output;
    this.#endRoot('ok');
    return this;
  }

  fail(error: string): this {
    this.#endRoot('error', error);
    return this;
  }

  wait(ms: number): void {
    this.now += ms;
  }

  #endRoot(status: 'ok' | 'error', error?: string): void {
    this.now = Math.max(this.now, ...this.spans.map(span => span.end ?? 0)) + 6;
    this.close(this.root, status, error);
  }

  #finish(span: SpanRecord, ms: number, after = 0, beside = false): void {
    span.end = span.start + ms;
    span.status = 'ok';
    if (!beside) this.now += after + ms + this.#random.between(8, 25);
  }
}

const lengthOf = (result: unknown): number | undefined =>
  result === undefined
    ? undefined
    : (typeof result === 'string' ? result : JSON.stringify(result)).length;
