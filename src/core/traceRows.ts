/** One row of the table `spans`, which is the article's: 13 columns, in this order. */
export interface SpanRow {
  /** Tells it from an event. */
  readonly type: 'span';
  /** Unique in the file: a row with the same id replaces the one before. */
  readonly spanId: string;
  /** The id of the root of its run; of OpenTelemetry, that of its trace. */
  readonly runId: string;
  /** Undefined for the root of a run. */
  readonly parentSpanId: string | undefined;
  /** What the span is called in lists. */
  readonly name: string;
  /** Seconds since 1970, fractions kept: what the article's tracer writes. */
  readonly startTime: number;
  /** Undefined while the span is open. */
  readonly endTime: number | undefined;
  /** `running` while it is open. */
  readonly status: 'running' | 'ok' | 'error' | 'cancelled';
  /** Without those of the cache. 0 for a span that made no call. */
  readonly inputTokens: number;
  /** 0 for a span that made no call. */
  readonly outputTokens: number;
  /** US dollars. Undefined for a call whose price is unknown, 0 for a span that made no call. */
  readonly costUsd: number | undefined;
  /** Empty for a span that made no call. */
  readonly model: string;
  /** A JSON object. */
  readonly metadata: string;
  /** What went wrong, in words; undefined unless the status is `error`. */
  readonly error: string | undefined;
}

/** One row of the table `events`. */
export interface EventRow {
  /** Tells it from a span. */
  readonly type: 'event';
  /** The span in which it happened. */
  readonly spanId: string;
  /** The run of that span. */
  readonly runId: string;
  /** Seconds since 1970. */
  readonly time: number;
  /** What happened. */
  readonly name: string;
  /** A JSON object. */
  readonly attributes: string;
}

/**
 * Rows as they are handed over: a few long values instead of many small ones, because passing a value to
 * another thread costs by its pieces. `rowsOf` makes rows of it.
 */
export interface Batch {
  /** All that is short, row by row. */
  readonly text: string;
  /** Long strings, whose quoting is left to the other thread. */
  readonly long: readonly string[];
  /** JSON texts, as they are. */
  readonly json: readonly string[];
  /** Times, counts and costs. */
  readonly numbers: readonly number[];
  /** How many rows are spans. */
  readonly spans: number;
  /** How many are events. */
  readonly events: number;
  /** About how much memory it holds. */
  readonly bytes: number;
}

/**
 * Where rows are kept. What is thrown here, and a promise that is rejected, goes to the tracer's log once and
 * never into the agent.
 *
 * @example
 * const toStdout: Backend = {
 *   name: 'stdout',
 *   write(batch) {
 *     for (const row of rowsOf(batch)) console.log(JSON.stringify(row));
 *     return true;
 *   },
 *   flush: async () => true,
 *   close: async () => undefined,
 * };
 */
export interface Backend {
  /** For messages: `SQLite (agent_traces.db)`. */
  readonly name: string;
  /** Called once, before anything else. */
  start?(report: BackendReport): void;
  /** Takes rows over and comes back at once; false where its bound is reached and it takes none of them. */
  write(batch: Batch): boolean;
  /** True once all that was taken is stored, so that the end of the program cannot lose it; false if it cannot be. */
  flush(): Promise<boolean>;
  /** The program has nothing left to do: what is begun here is waited for, but for timers that are not referenced. */
  lastCall?(): Promise<unknown>;
  /** The program ends: stores what it can in the given milliseconds, without waiting for any event. */
  flushSync?(milliseconds: number): void;
  /** Stores what was taken, and lets go of files and threads. */
  close(): Promise<void>;
}

/** What a backend says of itself; the tracer logs it. */
export interface BackendReport {
  /** Said once until the backend works again. */
  failed(error: Error): void;
  /** Something is lost for good; said each time. */
  lost(error: Error): void;
  /** After a failure: what waited is stored. */
  works(): void;
}
