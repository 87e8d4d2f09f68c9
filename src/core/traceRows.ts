/** One row of the table `spans`, which is the article's: 13 columns, in this order. */
export interface SpanRow {
  readonly type: 'span';
  readonly spanId: string;
  readonly runId: string;
  /** Undefined for the root of a run. */
  readonly parentSpanId: string | undefined;
  readonly name: string;
  /** Seconds since 1970, fractions kept: what the article's tracer writes. */
  readonly startTime: number;
  /** Undefined while the span is open. */
  readonly endTime: number | undefined;
  readonly status: 'running' | 'ok' | 'error';
  /** 0 for a span that made no call. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars. Undefined for a call whose price is unknown, 0 for a span that made no call. */
  readonly costUsd: number | undefined;
  readonly model: string;
  /** A JSON object. */
  readonly metadata: string;
  readonly error: string | undefined;
}

/** One row of the table `events`. */
export interface EventRow {
  readonly type: 'event';
  readonly spanId: string;
  readonly runId: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly name: string;
  /** A JSON object. */
  readonly attributes: string;
}

/**
 * Rows as they are handed over: a few long values instead of many small ones, because passing a value to
 * another thread costs by its pieces. `rowsOf` makes rows of it.
 */
export interface Batch {
  readonly text: string;
  /** Long strings, whose quoting is left to the other thread. */
  readonly long: readonly string[];
  /** JSON texts, as they are. */
  readonly json: readonly string[];
  readonly numbers: readonly number[];
  readonly spans: number;
  readonly events: number;
  /** About how much memory it holds. */
  readonly bytes: number;
}

/** Where rows are kept. Nothing here may throw into the agent; what a backend cannot do it reports. */
export interface Backend {
  /** For messages: `SQLite (agent_traces.db)`. */
  readonly name: string;
  /** Called once, before anything else. */
  start?(report: BackendReport): void;
  /** Takes rows over and comes back at once; false where its bound is reached and it takes none of them. */
  write(batch: Batch): boolean;
  /** True once all that was taken is stored, so that the end of the program cannot lose it; false if it cannot be. */
  flush(): Promise<boolean>;
  /** The program ends: stores what it can in the given milliseconds, without waiting for any event. */
  flushSync?(milliseconds: number): void;
  /** Stores what was taken, and lets go of files and threads. */
  close(): Promise<void>;
}

export interface BackendReport {
  /** Said once until the backend works again. */
  failed(error: Error): void;
  /** Something is lost for good; said each time. */
  lost(error: Error): void;
  works(): void;
}
