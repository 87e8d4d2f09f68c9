import { TraceError, type TraceErrorCode } from '../core/errors.ts';
import { decideKind, type KindHints, kindKeys, toolNameOf } from '../core/kind.ts';
import type { RecordedSpan } from '../core/recordedSpan.ts';
import { rowsOf } from '../core/rowPacker.ts';
import type { Backend, BackendReport, Batch, EventRow, SpanRow } from '../core/traceRows.ts';
import { nativeUsage } from '../core/usage.ts';
import { exportedSpan, type TraceFacts } from '../formats/exportedSpan.ts';
import { otlpOfSpan, type ScopedSpan } from '../formats/otlpOfSpan.ts';
import { redactorOf } from '../formats/runSpans.ts';
import { traceFactsOf } from '../formats/traceFacts.ts';
import { destinations } from '../net/destinations/all.ts';
import { custom } from '../net/destinations/custom.ts';
import { type SentLog, sendTraces, targetOf, waited } from '../net/sendTraces.ts';

/** What an OtlpBackend sends, and as what. */
export interface OtlpOptions {
  /** With prompts, answers, inputs and results of tools. Default false. */
  readonly content?: boolean;
  /** The name of the service; default `agent`. */
  readonly service?: string;
  /** Where keys are read from; default the environment of the program. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Spans that wait are sent together, this long after the first of them. */
const collectMs = 1000;
const retryMs = 5000;
/** Of all that waits, in characters. */
const mostWaiting = 64_000_000;
/** Reasons to try again: nothing of it has arrived. */
const busy: ReadonlySet<TraceErrorCode> = new Set([
  'exportBusy',
  'exportAsksToWait',
  'exportNoConnection',
]);
/** The end of a program does not wait longer for a destination that does not answer. */
const closeMs = 10_000;

/**
 * Sends spans over OTLP as they end: to `jaeger`, `langfuse` and the other destinations of `agent-traces export`, or to
 * any address.
 *
 * @example
 * const tracer = new AgentTracer({ backend: [new SqliteBackend(), new OtlpBackend('langfuse')] });
 */
export class OtlpBackend implements Backend {
  /** `OTLP (Langfuse)`. */
  readonly name: string;
  readonly #options: OtlpOptions;
  readonly #destination: ReturnType<typeof custom>;
  /** As they were when it began: a program may take keys out of its environment. */
  readonly #values: Readonly<Record<string, string | undefined>>;
  readonly #redactor: ReturnType<typeof redactorOf>;
  #report: BackendReport | undefined;
  /** Of spans that have not ended. */
  readonly #events = new Map<string, EventRow[]>();
  /** What the roots of runs that go on say for their spans. */
  readonly #runs = new Map<string, TraceFacts>();
  readonly #waiting = new Map<string, Waiting>();
  #chars = 0;
  #sending: Promise<boolean> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #ending = new AbortController();

  /**
   * @param to the name of a destination, or an address
   * @throws where a key that it needs is missing, or the address is none
   */
  constructor(to: string, options: OtlpOptions = {}) {
    this.#options = options;
    const known = destinations.find(({ id }) => id === to);
    if (!known && !URL.canParse(to)) throw new TraceError('exportBadAddress', [to]);
    this.#destination = known ?? custom(to);
    const env = options.env ?? process.env;
    this.#values = Object.fromEntries(
      this.#destination.variables.map(({ name }) => [name, env[name]]),
    );
    targetOf({ destination: this.#destination, values: this.#values });
    this.name = `OTLP (${this.#destination.label})`;
    // What the tracer takes out was taken out before; here it is the content that stays.
    this.#redactor = redactorOf({ content: options.content ?? false });
  }

  /** Called by the tracer. */
  start(report: BackendReport): void {
    this.#report = report;
  }

  /** Called by the tracer; spans that are still open are sent once they end. */
  write(batch: Batch): boolean {
    if (this.#chars + batch.bytes > mostWaiting) return false;
    const rows = [...rowsOf(batch)];
    const roots = rows.filter(isRoot);
    for (const row of roots) this.#noteRun(row);
    for (const row of rows) {
      if (row.type === 'event') this.#keepEvent(row);
      else if (row.endTime !== undefined) this.#keep(row);
    }
    for (const { runId, endTime } of roots) if (endTime !== undefined) this.#runs.delete(runId);
    this.#soon(collectMs);
    return true;
  }

  /** Called by the tracer; true once all that has ended has arrived. */
  async flush(): Promise<boolean> {
    while (this.#waiting.size > 0) if (!(await this.#send())) return false;
    return true;
  }

  /** Called by the tracer. */
  lastCall(): Promise<boolean> {
    return this.flush();
  }

  /** Called by the tracer: nothing can be sent without waiting. */
  flushSync(): void {
    this.#lose(this.#waiting.values(), 'the program ends');
  }

  /** Called by the tracer. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.#ending.abort(), closeMs);
    // What one request cannot get rid of must not keep the next from being sent.
    for (let left = -1; left !== this.#waiting.size; ) {
      left = this.#waiting.size;
      await this.flush();
    }
    clearTimeout(timer);
    clearTimeout(this.#timer);
    const late = this.#ending.signal.aborted ? ` and it took nothing for ${closeMs / 1000} s` : '';
    this.#lose(this.#waiting.values(), `the program ends${late}`);
  }

  #noteRun(row: SpanRow): void {
    this.#runs.set(row.runId, traceFactsOf(exportedSpan(recordedOf(row, []), this.#redactor)));
  }

  #keepEvent(row: EventRow): void {
    const events = this.#events.get(row.spanId);
    if (events) events.push(row);
    else this.#events.set(row.spanId, [row]);
  }

  #keep(row: SpanRow): void {
    const events = this.#events.get(row.spanId) ?? [];
    this.#events.delete(row.spanId);
    const exported = exportedSpan(recordedOf(row, events), this.#redactor);
    const { attributes, takes } = this.#destination;
    const trace = this.#runs.get(row.runId);
    const span = otlpOfSpan(
      { ...exported, trace },
      { attributes: attributes && (one => attributes(one)) },
    );
    if (!span || takes?.(span.span) === false) return;
    let chars = 500;
    if (this.#options.content) {
      chars += row.metadata.length;
      for (const { attributes: own } of events) chars += 100 + (own?.length ?? 0);
    }
    const { spanId } = span.span;
    this.#chars += chars - (this.#waiting.get(spanId)?.chars ?? 0);
    this.#waiting.set(spanId, { span, chars });
  }

  #soon(ms: number): void {
    if (this.#timer !== undefined || this.#waiting.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#send();
    }, ms);
    // A program that has nothing else to do may end.
    if (typeof this.#timer === 'object') this.#timer.unref();
  }

  #send(): Promise<boolean> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  async #sendAll(): Promise<boolean> {
    const all = [...this.#waiting.values()];
    let underWay: readonly Ids[] = [];
    const log: SentLog = {
      sent: () => new Set(),
      doubt: spans => {
        underWay = spans;
      },
      add: spans => {
        for (const { spanId } of spans) this.#forget(spanId);
      },
    };
    const sent = await sendTraces(each(all.map(({ span }) => span)), {
      destination: this.#destination,
      values: this.#values,
      service: this.#options.service,
      version: '',
      signal: this.#ending.signal,
      log,
      wait: (ms, signal) => waited(ms, signal, true),
    });
    if (sent.rejected > 0) {
      this.#report?.lost(
        new Error(
          `${this.name}: ${sent.rejected} spans were not taken. ${sent.messages.join(' ')}`,
        ),
      );
    }
    const { error } = sent;
    if (!error) {
      this.#report?.works();
      return true;
    }
    // Only the end of the program cancels, which says itself what is lost.
    if (error.code === 'cancelled') return false;
    this.#report?.failed(error);
    const isBusy = busy.has(error.code);
    if (!isBusy) {
      // Where one was too large, the others have arrived.
      this.#lose(
        error.code === 'exportTooLarge' ? all : this.#waitingOf(underWay),
        // Sent again, they might be there twice.
        error.code === 'exportBrokeOff'
          ? 'the connection broke off before an answer, and they may have arrived'
          : error.message,
      );
    }
    this.#soon(isBusy ? retryMs : collectMs);
    return false;
  }

  #waitingOf(spans: readonly Ids[]): readonly Waiting[] {
    return spans.flatMap(({ spanId }) => this.#waiting.get(spanId) ?? []);
  }

  #forget(spanId: string): boolean {
    this.#chars -= this.#waiting.get(spanId)?.chars ?? 0;
    return this.#waiting.delete(spanId);
  }

  #lose(spans: Iterable<Waiting>, why: string): void {
    let count = 0;
    for (const { span } of [...spans]) if (this.#forget(span.span.spanId)) count++;
    if (count > 0) this.#report?.lost(new Error(`${this.name}: ${count} spans are lost: ${why}`));
  }
}

interface Waiting {
  readonly span: ScopedSpan;
  readonly chars: number;
}

type Ids = Pick<ScopedSpan['span'], 'spanId'>;

const isRoot = (row: EventRow | SpanRow): row is SpanRow =>
  row.type !== 'event' && row.parentSpanId === undefined;

async function* each<T>(all: readonly T[]): AsyncGenerator<T> {
  yield* all;
}

/** A row as a reader would find it in a trace file. */
function recordedOf(row: SpanRow, events: readonly EventRow[]): RecordedSpan {
  const fields = JSON.parse(row.metadata) as Readonly<Record<string, unknown>>;
  const hints = Object.fromEntries(kindKeys.map(key => [key, fields[key]])) as KindHints;
  const usage = nativeUsage(row.inputTokens, row.outputTokens, fields.usage);
  const kind = decideKind({
    hints,
    name: row.name,
    model: row.model || undefined,
    hasTokens: row.inputTokens + row.outputTokens > 0,
    isRoot: row.parentSpanId === undefined,
    hasChildren: false,
  });
  const { spanId, runId, parentSpanId, name, status, error } = row;
  return {
    span: {
      spanId,
      runId,
      parentSpanId,
      name,
      kind,
      toolName: toolNameOf(hints),
      start: row.startTime * 1000,
      end: row.endTime === undefined ? undefined : row.endTime * 1000,
      status: status === 'cancelled' ? 'unknown' : status,
      recordedStatus: status,
      interrupted: false,
      model: row.model || undefined,
      usage,
      cost: row.costUsd,
      costSource: kind !== 'llm' ? 'none' : row.costUsd === undefined ? 'unpriced' : 'recorded',
      error,
    },
    sessionId: typeof fields.session_id === 'string' ? fields.session_id : undefined,
    metadata: row.metadata,
    error,
    columns: [
      ['start_time', String(row.startTime)],
      ['end_time', String(row.endTime ?? null)],
    ],
    events: events.map(({ time, name: what, attributes }) => ({
      time: time * 1000,
      seconds: time,
      name: what,
      attributes,
    })),
    eventsTotal: events.length,
  };
}
