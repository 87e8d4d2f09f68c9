import { fieldsOf } from '../core/fields.ts';
import { type OtelSpan, otelRows } from '../formats/otelSpan.ts';
import type { AgentTracer } from './agentTracer.ts';
import { errorText } from './errorText.ts';
import type { OpenSpan } from './recorder.ts';

type Time = readonly [seconds: number, nanoseconds: number];
type Fields = Readonly<Record<string, unknown>>;

/** A span of `@opentelemetry/sdk-trace-base`, versions 1 and 2, as far as it is looked at. */
export interface ReadableOtelSpan {
  readonly name: string;
  spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number };
  readonly parentSpanContext?: { readonly spanId: string } | undefined;
  readonly parentSpanId?: string | undefined;
  readonly startTime: Time;
  readonly endTime: Time;
  readonly status: { readonly code: number; readonly message?: string };
  readonly attributes: Fields;
  readonly events: readonly {
    readonly name: string;
    readonly time: Time;
    readonly attributes?: Fields;
  }[];
  readonly resource: { readonly attributes: Fields };
  readonly instrumentationScope?: { readonly name: string };
  readonly instrumentationLibrary?: { readonly name: string };
}

/** As OpenTelemetry has it: 0 success, 1 failure. */
export interface ExportResult {
  readonly code: 0 | 1;
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
  return {
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId ?? span.parentSpanId,
    // Programs without types name spans after what is not there.
    name: String(span.name),
    start: milliseconds(span.startTime),
    end,
    statusCode: span.status.code,
    statusMessage: span.status.message,
    attributes: span.attributes,
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

  onStart(span: ReadableOtelSpan): void {
    if (isSampled(span)) this.#keeper.opened(span);
  }

  onEnd(span: ReadableOtelSpan): void {
    if (isSampled(span)) this.#keeper.ended(span);
  }

  async forceFlush(): Promise<void> {
    await this.#keeper.flush();
  }

  /** Stores what waits; the tracer may be used on. */
  async shutdown(): Promise<void> {
    await this.#keeper.flush();
  }
}

const isSampled = (span: ReadableOtelSpan): boolean => (span.spanContext().traceFlags & 1) === 1;

/**
 * A SpanExporter of OpenTelemetry that writes spans into a trace file, for programs that have their own
 * processors: `new BatchSpanProcessor(new TraceFileExporter(tracer))`. Spans are there once they have ended.
 */
export class TraceFileExporter {
  readonly #keeper: Keeper;

  constructor(tracer: AgentTracer) {
    this.#keeper = new Keeper(tracer);
  }

  export(spans: readonly ReadableOtelSpan[], done: (result: ExportResult) => void): void {
    for (const span of spans) this.#keeper.ended(span);
    const failed: ExportResult = { code: 1, error: new Error('not all spans could be stored') };
    void this.#keeper.flush().then(
      stored => done(stored ? { code: 0 } : failed),
      // Who exports waits for an answer, whatever happens here.
      () => done(failed),
    );
  }

  async forceFlush(): Promise<void> {
    await this.#keeper.flush();
  }

  /** Stores what waits; the tracer may be used on. */
  async shutdown(): Promise<void> {
    await this.#keeper.flush();
  }
}
