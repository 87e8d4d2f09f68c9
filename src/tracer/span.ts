/// <reference lib="esnext.disposable" preserve="true" />
import type { SpanKind, SpanStatus } from '../core/model.ts';
import { packed } from '../core/packedJson.ts';
import { readField } from '../core/plainCopy.ts';
import { tableCost } from '../core/prices.ts';
import type { UnpackedSpan } from '../core/rowPacker.ts';
import { nativeUsage } from '../core/usage.ts';
import { addedUsage } from './addedUsage.ts';
import { type CallUsage, tokens } from './callUsage.ts';
import { epochOf, steadyNow } from './clock.ts';
import { errorText } from './errorText.ts';
import { exceptionFields } from './exceptionEvent.ts';
import { copied, nameOf } from './guards.ts';
import type { HandleOptions, SpanOptions } from './options.ts';
import { addCall, newTotals, type Totals } from './runTotals.ts';
import type { SpanHost } from './spanHost.ts';

/** One step of a run: a call, a tool, a retrieval, a sub-agent. Made by `tracer.span` and its likes. */
export class Span {
  /** A UUID. */
  readonly spanId: string;
  /** The id of the run, which is that of its outermost span. */
  readonly runId: string;
  /** Undefined for the outermost span of a run. */
  readonly parentSpanId: string | undefined;
  /** As it was opened with; an SDK's call is named after its model. */
  readonly name: string;
  /** Milliseconds since 1970, fractions kept. */
  readonly startTime: number;
  /**
   * Kept with the span when it ends, as JSON; may be changed until then.
   *
   * @example
   * span.metadata.result_length = result.length;
   */
  readonly metadata: Record<string, unknown>;
  /** @internal The outermost span of the run. */
  readonly root: Span;
  /** @internal */
  readonly totals: Totals | undefined;
  /** @internal Set where a handle became the current span; holds what was current before. */
  entered: { readonly before: Span | undefined } | undefined;

  readonly #host: SpanHost;
  readonly #started: number;
  #model = '';
  #inputTokens = 0;
  #outputTokens = 0;
  #costUsd: number | undefined = 0;
  #called = false;
  #end: number | undefined;
  #status: 'running' | 'ok' | 'error' = 'running';
  #error: string | undefined;
  /** A field of the metadata as it was when the span was opened. */
  #given: { readonly key: string; readonly value: unknown; readonly packed: unknown } | undefined;

  /** @internal */
  constructor(
    host: SpanHost,
    parent: Span | undefined,
    id: string,
    started: number,
    name: string,
    kind: SpanKind | undefined,
    metadata: Record<string, unknown>,
  ) {
    this.#host = host;
    this.#started = started;
    this.startTime = epochOf(started);
    this.spanId = id;
    this.runId = parent ? parent.runId : id;
    this.parentSpanId = parent?.spanId;
    this.root = parent ? parent.root : this;
    this.name = name;
    this.metadata = metadata;
    if (kind !== undefined) metadata.kind = kind;
    this.totals = parent ? undefined : newTotals();
    const totals = this.root.totals;
    if (totals) totals.open++;
  }

  /**
   * `running` until the span has ended, then `ok` or `error`.
   *
   * @example
   * if (span.status === 'running') span.event('still_waiting');
   */
  get status(): SpanStatus {
    return this.#status;
  }

  /**
   * Notes something that happened within the span at this moment: a decision, a warning, a retry, a context
   * that was cut. Does nothing once the span has ended.
   *
   * @example
   * span.event('retry', { attempt: 2, status: 529, wait_ms: 1500 });
   */
  event(name: string, attributes: Readonly<Record<string, unknown>> = {}): void {
    if (this.#end !== undefined) return;
    const time = epochOf(steadyNow()) / 1000;
    const { spanId, runId } = this;
    const type = 'event';
    this.#host.recorder.event({ type, spanId, runId, time, name: nameOf(name), attributes });
  }

  /**
   * Notes model, tokens and cost of a call, once its answer is there; a second call on the same span is added:
   * tokens, usage and cost are the sums, the model is that of the last. The cost is the price table's for the
   * model at the start of the span, in US dollars: half of it for a call of a batch, with what
   * `usage.iterations` lists beside the counts. Of a model that is not in the table, of the priority tier, of
   * another speed and of a usage without counts it stays unknown, and is not 0. Counts may have the names of
   * OpenAI's chat completions (`prompt_tokens`). The object is kept as `metadata.usage`, and the span is of
   * kind `llm` unless it has one. Does nothing once the span has ended.
   *
   * @example
   * span.recordLlmCall('claude-haiku-4-5', response.usage);
   */
  recordLlmCall(model: string, usage: CallUsage): void {
    if (this.#end !== undefined) return;
    const name = nameOf(model);
    const counts = nativeUsage(undefined, undefined, usage);
    const { billed: _, beside, ...tokenCounts } = counts;
    const counted =
      beside !== undefined || Object.values(tokenCounts).some(one => one !== undefined);
    const { prices } = this.#host;
    const cost = counted ? tableCost(name, counts, this.startTime, prices) : undefined;
    // Of two calls, the one without a price says why there is no cost.
    if (this.#costUsd !== undefined) this.#model = name;
    this.#inputTokens += tokens(counts.input);
    this.#outputTokens += tokens(counts.output);
    this.#costUsd =
      this.#costUsd === undefined || cost === undefined ? undefined : this.#costUsd + cost;
    this.metadata.usage = this.#called ? addedUsage(this.metadata.usage, usage) : usage;
    this.#called = true;
    this.metadata.kind ??= 'llm';
    if (cost !== undefined) return;
    const how = counts.billed === 'other' ? ' at this service tier or speed' : '';
    this.#host.warnUnpriced(name + how, counted);
  }

  /** @internal Keeps a field as it is now: what was given may change before the span ends. */
  keepAsGiven(key: string): void {
    const value = this.metadata[key];
    if (typeof value === 'object' && this.#host.records)
      this.#given = { key, value, packed: packed(value) };
  }

  /** @internal Names the model of a call that has no usage, and what it cost where that is known. */
  nameModel(model: string, costUsd: number | undefined): void {
    if (this.#end !== undefined) return;
    this.#model = model;
    this.#costUsd = costUsd;
  }

  /**
   * Calls a function inside a new span below this one, as `tracer.span` does below the current one.
   *
   * @example
   * const rows = await run.span('search', { kind: 'tool' }, () => search(query));
   */
  span<T>(name: string, options: SpanOptions, fn: (span: Span) => T): T {
    return this.#host.inside(this.#host.open(this, name, options, this.span), fn);
  }

  /**
   * Opens a span below this one that ends with `end`, `fail` or its block.
   *
   * @example
   * using tool = run.startSpan('search', { kind: 'tool' });
   */
  startSpan(name: string, options: SpanOptions & HandleOptions = {}): Span {
    const span = this.#host.open(this, name, options, this.startSpan);
    if (options.current) this.#host.enter(span);
    return span;
  }

  /**
   * Calls a function in which this span is the current one. Does not end the span.
   *
   * @example
   * emitter.on('chunk', chunk => span.within(() => handle(chunk)));
   */
  within<T>(fn: () => T): T {
    return this.#host.within(this, fn);
  }

  /**
   * Ends the span well; a second end changes nothing.
   *
   * @example
   * const span = tracer.startSpan('index');
   * queue.once('drain', () => span.end());
   */
  end(): void {
    this.#finish('ok', undefined);
  }

  /**
   * Ends the span as failed; an error is kept with its class, stack and causes as the event `exception`. A
   * `using` block does not see the error that leaves it: say it here.
   *
   * @param error what was thrown, or words
   * @example
   * stream.on('error', error => span.fail(error));
   */
  fail(error: unknown): void {
    if (this.#end !== undefined) return;
    const exception = this.#host.records ? exceptionFields(error) : undefined;
    if (exception) this.event('exception', exception);
    this.#finish('error', errorText(error));
  }

  /** As `end`: what a `using` block does when it is left. */
  [Symbol.dispose](): void {
    this.end();
  }

  /**
   * Ends the span and waits until it is stored, or known that it cannot be yet. Never rejects.
   *
   * @example
   * await using run = tracer.startRun('batch');
   */
  async [Symbol.asyncDispose](): Promise<void> {
    this.end();
    await this.#host.recorder.flush();
  }

  /** @internal */
  interrupt(why: string): void {
    this.#finish('error', why);
  }

  /** @internal The row as it is now; with other metadata where it gets some at its end. */
  openRow(metadata: UnpackedSpan['metadata'] = this.metadata): UnpackedSpan {
    return {
      type: 'span',
      spanId: this.spanId,
      runId: this.runId,
      parentSpanId: this.parentSpanId,
      name: this.name,
      startTime: this.startTime / 1000,
      endTime: this.#end,
      status: this.#status,
      inputTokens: this.#inputTokens,
      outputTokens: this.#outputTokens,
      costUsd: this.#costUsd,
      model: this.#model,
      metadata: this.#asGiven(metadata),
      error: this.#error,
    };
  }

  #asGiven(metadata: UnpackedSpan['metadata']): UnpackedSpan['metadata'] {
    const given = this.#given;
    // What the agent has set in its place counts.
    if (!given || readField(metadata, given.key) !== given.value) return metadata;
    return { ...copied(metadata), [given.key]: given.packed };
  }

  #finish(status: 'ok' | 'error', error: string | undefined): void {
    if (this.#end !== undefined) return;
    // From its own start, so that setting the clock in between changes no duration.
    this.#end = (this.startTime + steadyNow() - this.#started) / 1000;
    this.#status = status;
    this.#error = error;
    const totals = this.root.totals;
    if (totals) {
      totals.open--;
      totals.spans++;
      if (status === 'error') totals.failed++;
      if (this.#model !== '') {
        addCall(totals, this.#inputTokens, this.#outputTokens, this.#costUsd);
      }
    }
    this.#host.leave(this);
    this.#host.ended(this);
  }
}
