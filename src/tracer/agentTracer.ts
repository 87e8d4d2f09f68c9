import type { SpanKind } from '../core/model.ts';
import type { Price } from '../core/price.ts';
import type { UnpackedEvent, UnpackedSpan } from '../core/rowPacker.ts';
import type { Pruned, PruneLimits } from '../core/traceLimits.ts';
import type { Backend } from '../core/traceRows.ts';
import type { CallSite } from '../node/callSite.ts';
import { CurrentContext } from '../node/currentContext.ts';
import { gitState } from '../node/gitState.ts';
import { heldOpen, onProgramAtRest, onProgramEnd } from '../node/programEnd.ts';
import { SqliteBackend } from '../node/sqliteBackend.ts';
import type { CallUsage } from './callUsage.ts';
import { checkOptions } from './checkOptions.ts';
import { epochOf, setClock, steadyNow } from './clock.ts';
import { endWords } from './endWords.ts';
import { copied, guarded, nameOf } from './guards.ts';
import { idMaker } from './ids.ts';
import { keptRow } from './keptRow.ts';
import { logOf } from './logOf.ts';
import type { HandleOptions, Log, RunOptions, SpanOptions, TracerOptions } from './options.ts';
import { pricesOf, unpricedWarning } from './prices.ts';
import { type OpenSpan, Recorder } from './recorder.ts';
import { redactOf } from './redact.ts';
import { RunGit } from './runGit.ts';
import { runFields, runMetadata } from './runMetadata.ts';
import { totalsFields } from './runTotals.ts';
import { settle } from './settle.ts';
import { sourceFinder } from './sourceBudget.ts';
import { Span } from './span.ts';
import type { Called, SpanHost } from './spanHost.ts';
import { runTool, type ToolOptions, toolSource } from './tracedTool.ts';

/**
 * Records the runs of an agent. Nothing that fails in it reaches the agent: functions are called, and what
 * they give or throw comes back as it is.
 *
 * @example
 * const tracer = new AgentTracer({ file: 'agent_traces.db' });
 * await tracer.run('research_agent', { question }, async () => {
 *   const answer = await tracer.span('llm_call', { kind: 'llm', metadata: { request } }, async span => {
 *     const response = await client.messages.create(request);
 *     span.metadata.response = response;
 *     span.recordLlmCall(response.model, response.usage);
 *     return response;
 *   });
 * });
 */
export class AgentTracer {
  readonly #options: TracerOptions;
  readonly #recorder: Recorder;
  readonly #backends: readonly Backend[];
  readonly #current = new CurrentContext<Span | undefined>();
  readonly #newId = idMaker();
  readonly #source: ReturnType<typeof sourceFinder>;
  readonly #git: RunGit;
  readonly #host: SpanHost;
  readonly #forget: () => void;
  readonly #prices: readonly Price[];
  /** @internal */
  readonly log: Log;

  /**
   * @param options the path of the trace file, or all options
   * @throws where a trace file is asked for and Node is older than 22.13; the error names the choices
   */
  constructor(options: TracerOptions | string = {}) {
    this.#options = typeof options === 'string' ? { file: options } : options;
    const { file, backend, enabled = true, source = true, git = true } = this.#options;
    const log = logOf(this.#options);
    this.log = log;
    checkOptions(this.#options, log);
    this.#prices = pricesOf(this.#options.prices, log);
    const redact = redactOf(this.#options, log);
    this.#backends = enabled ? [backend ?? new SqliteBackend(file || undefined)].flat() : [];
    this.#recorder = new Recorder(this.#backends, redact, log);
    this.#source = enabled ? sourceFinder(source) : undefined;
    // The folder may be gone.
    const folder = enabled && git ? guarded(() => process.cwd()) : undefined;
    this.#git = new RunGit(folder === undefined ? undefined : () => gitState(folder), row =>
      this.#recorder.span(row),
    );
    this.#host = this.#makeHost(log);
    if (!enabled) void this.#recorder.close();
    const atRest = enabled ? onProgramAtRest(() => this.#recorder.atRest()) : undefined;
    const atEnd = enabled
      ? onProgramEnd((end, error) => {
          const why = end === 0 ? undefined : endWords(end, error);
          this.#recorder.end(why, this.#options.exitMs ?? 5000);
        }, this.#options.signals ?? true)
      : undefined;
    this.#forget = () => {
      atRest?.();
      atEnd?.();
    };
  }

  /**
   * The span inside which this is called; undefined outside of any.
   *
   * @example
   * tracer.current?.event('cache_hit', { key });
   */
  get current(): Span | undefined {
    let span = this.#current.getStore();
    // A handle that was ended elsewhere, or before the one that it was entered after.
    while (span?.entered && span.status !== 'running') span = span.entered.before;
    return span;
  }

  /**
   * Calls a function as a run of its own, or inside another run as its sub-agent. The run ends with it: ok
   * with what it gives as output, failed with what it throws, which goes on to the caller.
   *
   * @param input kept as `metadata.input`, as it is when the run begins
   * @throws only what the function throws
   * @example
   * const answer = await tracer.run('support_agent', { question }, run => answerQuestion(question));
   */
  run<T>(name: string, input: unknown, fn: (run: Span) => T, options: RunOptions = {}): T {
    const run = this.#openRun(name, input, options, this.run);
    const keep =
      options.keepOutput === false
        ? undefined
        : (value: unknown): void => {
            if (value !== undefined) run.metadata.output ??= value;
          };
    return this.#inside(run, fn, keep);
  }

  /**
   * Calls a function inside a span below the current one. The span ends with the function, with the promise
   * that it gives, or with the last item of its generator; if it throws, the span has failed.
   *
   * @throws only what the function throws
   * @example
   * const rows = await tracer.span('search', { kind: 'tool', metadata: { tool_name: 'search', tool_input } },
   *   () => search(tool_input));
   */
  span<T>(name: string, options: SpanOptions, fn: (span: Span) => T): T {
    return this.#inside(this.#open(this.current, name, options, this.span), fn, undefined);
  }

  /**
   * Opens a run that ends with `end`, `fail` or its block. Spans go below it with its own `span`, or by
   * themselves where `current` is set.
   *
   * @example
   * await using run = tracer.startRun('batch', { file });
   * await run.span('read', {}, () => read(file));
   */
  startRun(name: string, input?: unknown, options: RunOptions & HandleOptions = {}): Span {
    const run = this.#openRun(name, input, options, this.startRun);
    if (options.current) this.#host.enter(run);
    return run;
  }

  /**
   * Opens a span below the current one that ends with `end`, `fail` or its block.
   *
   * @example
   * using span = tracer.startSpan('parse', { metadata: { file } });
   */
  startSpan(name: string, options: SpanOptions & HandleOptions = {}): Span {
    const span = this.#open(this.current, name, options, this.startSpan);
    if (options.current) this.#host.enter(span);
    return span;
  }

  /**
   * A tool that records its calls as spans: name, arguments as they were given, result, and what it throws.
   * It takes and gives what the function does; several arguments are kept as a list.
   *
   * @throws only what the function throws
   * @example
   * const search = tracer.tracedTool('search', (query: string) => index.search(query));
   */
  tracedTool<Args extends unknown[], Result>(
    name: string,
    fn: (...args: Args) => Result,
    options: ToolOptions<Args> = {},
  ): (...args: Args) => Result {
    const tracer = this;
    const made = this.sourceAbove(this.tracedTool);
    return function traced(this: unknown, ...args: Args): Result {
      const input = args.length === 1 ? args[0] : args;
      const toolUseId = guarded(() => options.toolUseId?.(...args));
      const source = toolSource(tracer, traced, made);
      return runTool(tracer, { name, input, toolUseId, source }, () => fn.apply(this, args));
    };
  }

  /**
   * Notes something that happened, on the current span; outside of any it does nothing.
   *
   * @example
   * tracer.event('context_truncated', { dropped_messages: 4 });
   */
  event(name: string, attributes?: Readonly<Record<string, unknown>>): void {
    this.current?.event(name, attributes);
  }

  /**
   * Notes model, tokens and cost of a call on the current span, as `Span.recordLlmCall` does; outside of any
   * it does nothing.
   *
   * @example
   * tracer.recordLlmCall(response.model, response.usage);
   */
  recordLlmCall(model: string, usage: CallUsage): void {
    this.current?.recordLlmCall(model, usage);
  }

  /**
   * Waits until all that was recorded is stored: from then on, killing the program loses none of it. False
   * where a backend could not store all that came since the flush before. Open spans are stored as running. Never rejects.
   *
   * @example
   * await tracer.flush();
   */
  async flush(): Promise<boolean> {
    await this.#git.settled();
    return heldOpen(this.#recorder.flush());
  }

  /**
   * Removes old runs from the trace files, whole runs, the oldest first.
   *
   * @returns how many runs and spans were removed
   * @throws where a file cannot be changed
   * @example
   * await tracer.prune({ maxAgeDays: 30, maxRuns: 10_000, maxBytes: 1e9 });
   */
  async prune(limits: PruneLimits): Promise<Pruned> {
    let pruned = { runs: 0, spans: 0 };
    await this.flush();
    for (const backend of this.#backends) {
      if (!(backend instanceof SqliteBackend)) continue;
      const { runs, spans } = await backend.prune(limits);
      pruned = { runs: pruned.runs + runs, spans: pruned.spans + spans };
    }
    return pruned;
  }

  /**
   * Stores what waits and lets go of files and threads. Spans that end later are not kept. Never rejects;
   * what could not be stored goes to the log.
   *
   * @example
   * await tracer.close();
   */
  async close(): Promise<void> {
    await this.#git.settled();
    await heldOpen(this.#recorder.close());
    this.#forget();
  }

  /**
   * As `close`.
   *
   * @example
   * await using tracer = new AgentTracer({ file: 'agent_traces.db' });
   */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** @internal A span of what is instrumented: where that was called is told, not looked for. */
  openAt(name: string, options: SpanOptions, source: CallSite | undefined): Span {
    const metadata = { ...copied(options.metadata), ...(source && { source }) };
    return this.#open(this.current, name, { ...options, metadata }, undefined);
  }

  /** @internal Calls a function inside a span; `keep` is told what it gave, or its promise, before the span ends. */
  inside<T>(span: Span, fn: (span: Span) => T, keep: (value: unknown) => void): T {
    return this.#inside(span, fn, keep);
  }

  /** @internal */
  sourceAbove(called: Called): CallSite | undefined {
    return this.#source?.(called);
  }

  /** @internal A span that something else records. */
  openedElsewhere(span: OpenSpan): void {
    this.#recorder.opened(span);
  }

  /** @internal Keeps a span that something else has recorded. */
  endedElsewhere(span: OpenSpan, row: UnpackedSpan, events: readonly UnpackedEvent[]): void {
    this.#recorder.ended(span, row.parentSpanId === undefined ? this.#git.added(row) : row);
    for (const event of events) this.#recorder.event(event);
  }

  /** @internal Who and what runs, for a run that something else records. */
  get runFields(): Readonly<Record<string, unknown>> {
    const git = this.#git.known();
    return { ...runFields({}, this.#options), ...(git && { git }) };
  }

  /** @internal The prices of the table, after those of the user. */
  get prices(): readonly Price[] {
    return this.#prices;
  }

  /** @internal Says once that a model has no price. */
  warnUnpriced(model: string): void {
    this.#host.warnUnpriced(model, true);
  }

  #openRun(name: string, input: unknown, options: RunOptions, called: Called): Span {
    const parent = options.detached ? undefined : this.current;
    const metadata = runMetadata(input, options, parent ? undefined : this.#options);
    const run = this.#make(parent, name, options.kind, metadata, called);
    if (metadata.input === input) run.keepAsGiven('input');
    return run;
  }

  #open(
    parent: Span | undefined,
    name: string,
    options: SpanOptions,
    called: Called | undefined,
  ): Span {
    const own = copied(options.metadata);
    // Outside of any, it is the root of a run of its own.
    const metadata = parent ? own : { ...runFields({}, this.#options), ...own };
    return this.#make(parent, name, options.kind, metadata, called);
  }

  #make(
    parent: Span | undefined,
    name: string,
    kind: SpanKind | undefined,
    metadata: Record<string, unknown>,
    called: Called | undefined,
  ): Span {
    if (!parent) setClock();
    const source = called && this.#source?.(called);
    if (source) metadata.source = source;
    const started = steadyNow();
    const id = this.#newId(epochOf(started));
    const span = new Span(this.#host, parent, id, started, nameOf(name), kind, metadata);
    if (!parent) this.#git.started(id, metadata);
    this.#recorder.opened(span);
    return span;
  }

  #inside<T>(span: Span, fn: (span: Span) => T, keep: ((value: unknown) => void) | undefined): T {
    let result: T;
    try {
      result = this.#current.run(span, fn, span);
    } catch (error) {
      span.fail(error);
      throw error;
    }
    return settle(result, span, this.#current, keep);
  }

  #ended(span: Span): void {
    const { totals, metadata, root } = span;
    if (totals) {
      const row = span.openRow({ ...copied(metadata), totals: totalsFields(totals) });
      if (totals.open > 0) totals.early = keptRow(row);
      this.#recorder.ended(span, this.#git.added(row));
      return;
    }
    this.#recorder.ended(span, span.openRow());
    const late = root.totals;
    // A stream that the run gave, a handle: only now is it known what all of it cost.
    if (late?.early && late.open === 0) {
      this.#recorder.span(this.#git.added(late.early.with({ totals: totalsFields(late) })));
    }
  }

  #makeHost(log: Log): SpanHost {
    return {
      recorder: this.#recorder,
      prices: this.#prices,
      records: this.#backends.length > 0,
      open: (parent, name, options, called) => this.#open(parent, name, options, called),
      inside: (span, fn) => this.#inside(span, fn, undefined),
      within: (span, fn) => this.#current.run(span, fn),
      enter: span => {
        span.entered = { before: this.current };
        this.#current.enterWith(span);
      },
      leave: span => {
        // Elsewhere, what is current is not this handle's to set back.
        if (span.entered && this.#current.getStore() === span)
          this.#current.enterWith(span.entered.before);
      },
      ended: span => this.#ended(span),
      warnUnpriced: unpricedWarning(log),
    };
  }
}
