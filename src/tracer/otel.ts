import { fieldsOf } from '../core/fields.ts';
import { type OtelSpan, otelRows } from '../formats/otelSpan.ts';
import type { AgentTracer } from './agentTracer.ts';
import { errorText } from './errorText.ts';
import type { OpenSpan } from './recorder.ts';

type Time = readonly [seconds: number, nanoseconds: number];
type Fields = Readonly<Record<string, unknown>>;

/** A span of `@opentelemetry/sdk-trace-base`, versions 1 and 2, as far as it is looked at. */
export interface ReadableOtelSpan {
  /** What the span is called in lists. */
  readonly name: string;
  /** Ids in hexadecimal digits; the lowest flag says that the span is sampled. */
  spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number };
  /** In version 2; undefined for a root. */
  readonly parentSpanContext?: { readonly spanId: string; readonly isRemote?: boolean } | undefined;
  /** In version 1; undefined for a root. */
  readonly parentSpanId?: string | undefined;
  /** Since 1970, as all times here. */
  readonly startTime: Time;
  /** Read once the span has ended. */
  readonly endTime: Time;
  /** 0 unset, 1 ok, 2 error. */
  readonly status: { readonly code: number; readonly message?: string };
  /** By the names of the conventions, old and new. */
  readonly attributes: Fields;
  /** In the order in which they happened. */
  readonly events: readonly {
    readonly name: string;
    readonly time: Time;
    readonly attributes?: Fields;
  }[];
  /** The program that recorded it. */
  readonly resource: { readonly attributes: Fields };
  /** The library that recorded it, in version 2. */
  readonly instrumentationScope?: { readonly name: string };
  /** The library that recorded it, in version 1. */
  readonly instrumentationLibrary?: { readonly name: string };
}

/** As OpenTelemetry has it: 0 success, 1 failure. */
export interface ExportResult {
  /** 0 once all is stored. */
  readonly code: 0 | 1;
  /** Set on failure. */
  readonly error?: Error;
}

/** Keeps spans of OpenTelemetry with a tracer. Nothing that fails in here reaches the program. */
class Keeper {
  readonly #tracer: AgentTracer;
  readonly #open = new WeakMap<ReadableOtelSpan, OpenSpan>();
  #said = false;

  constructor(tracer: AgentTracer) {
    this.#tracer = tracer;
  }

  opened(span: ReadableOtelSpan): void {
    this.#guarded(() => {
      const open: OpenSpan = {
        openRow: () => this.#rows(span, undefined).span,
        interrupt: why =>
          this.#guarded(() => {
            const { span: row } = this.#rows(span, undefined);
            const endTime = Date.now() / 1000;
            this.#tracer.endedElsewhere(open, { ...row, endTime, status: 'error', error: why }, []);
          }),
      };
      this.#open.set(span, open);
      this.#tracer.openedElsewhere(open);
    });
  }

  ended(span: ReadableOtelSpan): void {
    this.#guarded(() => {
      const { span: row, events, unpriced } = this.#rows(span, milliseconds(span.endTime));
      const open = this.#open.get(span) ?? { openRow: () => row, interrupt: () => undefined };
      this.#open.delete(span);
      this.#tracer.endedElsewhere(open, row, events);
      if (unpriced !== undefined) this.#tracer.warnUnpriced(unpriced);
    });
  }

  async flush(): Promise<boolean> {
    return this.#tracer.flush();
  }

  #rows(span: ReadableOtelSpan, end: number | undefined) {
    const rows = otelRows(plainSpan(span, end), this.#tracer.prices);
    if (rows.span.parentSpanId !== undefined) return rows;
    const { runFields } = this.#tracer;
    const own = rows.span.metadata;
    const versions = { ...fieldsOf(runFields.versions), ...fieldsOf(own.versions) };
    const metadata = { ...runFields, ...own, versions };
    return { ...rows, span: { ...rows.span, metadata } };
  }

  #guarded(fn: () => void): void {
    try {
      fn();
    } catch (error) {
      if (!this.#said) this.#tracer.log.error(`a span of OpenTelemetry: ${errorText(error)}`);
      this.#said = true;
    }
  }
}

const milliseconds = ([seconds, nanoseconds]: Time): number => seconds * 1000 + nanoseconds / 1e6;

function plainSpan(span: ReadableOtelSpan, end: number | undefined): OtelSpan {
  const { traceId, spanId } = span.spanContext();
  const parent = span.parentSpanContext;
  // Of another program, whose spans are not in this file: what came from there is the root of its run here.
  const remote = parent?.isRemote ? parent.spanId : undefined;
  return {
    traceId,
    spanId,
    parentSpanId: remote === undefined ? (parent?.spanId ?? span.parentSpanId) : undefined,
    // Programs without types name spans after what is not there.
    name: String(span.name),
    start: milliseconds(span.startTime),
    end,
    statusCode: span.status.code,
    statusMessage: span.status.message,
    attributes:
      remote === undefined
        ? span.attributes
        : { ...span.attributes, remote_parent_span_id: remote },
    events: span.events.map(({ name, time, attributes = {} }) => ({
      name,
      time: milliseconds(time),
      attributes,
    })),
    resource: span.resource.attributes,
    scope: (span.instrumentationScope ?? span.instrumentationLibrary)?.name ?? '',
  };
}

/**
 * A SpanProcessor of OpenTelemetry that writes spans into a trace file: what the Anthropic SDK's own
 * OpenTelemetry, the AI SDK, OpenInference or OpenLLMetry record becomes runs, calls with tokens and cost,
 * and tools. Spans are there while they are still open.
 *
 * @example
 * const tracer = new AgentTracer({ file: 'agent_traces.db' });
 * const provider = new NodeTracerProvider({ spanProcessors: [new TraceFileProcessor(tracer)] });
 * provider.register();
 */
export class TraceFileProcessor {
  readonly #keeper: Keeper;

  constructor(tracer: AgentTracer) {
    this.#keeper = new Keeper(tracer);
  }

  /** Called by OpenTelemetry; spans that are not sampled are passed over. Never throws. */
  onStart(span: ReadableOtelSpan): void {
    if (isSampled(span)) this.#keeper.opened(span);
  }

  /** Called by OpenTelemetry. Never throws. */
  onEnd(span: ReadableOtelSpan): void {
    if (isSampled(span)) this.#keeper.ended(span);
  }

  /** Waits until all that has ended is stored. Never rejects. */
  async forceFlush(): Promise<void> {
    await this.#keeper.flush();
  }

  /** Stores what waits; the tracer may be used on, and is closed by its own `close`. Never rejects. */
  async shutdown(): Promise<void> {
    await this.#keeper.flush();
  }
}

const isSampled = (span: ReadableOtelSpan): boolean => (span.spanContext().traceFlags & 1) === 1;

/**
 * A SpanExporter of OpenTelemetry that writes spans into a trace file, for programs that have their own
 * processors. Spans are there once they have ended.
 *
 * @example
 * const processor = new BatchSpanProcessor(new TraceFileExporter(tracer));
 */
export class TraceFileExporter {
  readonly #keeper: Keeper;

  constructor(tracer: AgentTracer) {
    this.#keeper = new Keeper(tracer);
  }

  /** Called by OpenTelemetry; `done` is told of failure where the trace file cannot hold all. Never throws. */
  export(spans: readonly ReadableOtelSpan[], done: (result: ExportResult) => void): void {
    for (const span of spans) this.#keeper.ended(span);
    const failed: ExportResult = { code: 1, error: new Error('not all spans could be stored') };
    void this.#keeper.flush().then(
      stored => done(stored ? { code: 0 } : failed),
      // Who exports waits for an answer, whatever happens here.
      () => done(failed),
    );
  }

  /** Waits until all that has ended is stored. Never rejects. */
  async forceFlush(): Promise<void> {
    await this.#keeper.flush();
  }

  /** Stores what waits; the tracer may be used on, and is closed by its own `close`. Never rejects. */
  async shutdown(): Promise<void> {
    await this.#keeper.flush();
  }
}
