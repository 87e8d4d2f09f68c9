import type { SpanKind } from '../core/model.ts';
import type { PriceOverrides } from '../core/priceOverrides.ts';
import type { RedactionMode, RedactionOptions } from '../core/redactionOptions.ts';
import type { UnpackedEvent, UnpackedSpan } from '../core/rowPacker.ts';
import type { Backend } from '../core/traceRows.ts';

/** Where the tracer says that something of its own failed. It says each thing once. */
export interface Log {
  /** Something is not recorded, or not yet; the message says what and what to do. */
  error(message: string): void;
  /** Something works again, or a price is not known. */
  info(message: string): void;
}

/**
 * Looks through a span or an event before it is kept, and gives what may be kept. Called when a span ends,
 * with all of its metadata; must not change what it is given. If it throws, the content is left out.
 *
 * @example
 * const redact: Redact = row =>
 *   row.type === 'span' ? { ...row, metadata: { ...row.metadata, api_key: undefined } } : row;
 */
export type Redact = <T extends UnpackedSpan | UnpackedEvent>(row: T) => T;

/** What `new AgentTracer` takes; all of it may be left out. */
export interface TracerOptions {
  /** The trace file; default `agent_traces.db` in the current folder. Not used where `backend` is given. */
  readonly file?: string;
  /** Where spans are kept instead of a trace file; several get the same. */
  readonly backend?: Backend | readonly Backend[];
  /** False: nothing is recorded or said, and every function is just called. Default true. */
  readonly enabled?: boolean;
  /** The session that runs belong to, if they do not name one. */
  readonly sessionId?: string;
  /** Who or what the agent works for. */
  readonly user?: string;
  /** Kept with every run. */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * Whether spans keep the file, line and function that opened them. Taking a stack costs a few
   * microseconds, so with `true`, the default, at most 200 spans a second have one; `'always'`: all.
   */
  readonly source?: boolean | 'always';
  /** Whether runs keep the git commit that is checked out, and whether files differ from it. Default true. */
  readonly git?: boolean;
  /** Kept with every run, by name: the version of the agent, of a package. Node's and the tracer's are added. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Whether runs keep the name of the machine, its platform and the process id. Default false. */
  readonly host?: boolean;
  /**
   * Takes keys, addresses, cards, phone numbers and what else is named out of spans and events, before they
   * leave the agent; the field `redacted` says what was cut. `metadata` keeps no texts at all, `off` takes
   * out only headers that carry keys. Left out, texts are not looked through, which costs tens of microseconds
   * a span; fields named like such headers (`x-api-key`, `authorization`, the `authorization_token` of an MCP
   * server) are never kept.
   *
   * @example
   * new AgentTracer({ redaction: { mode: 'full', paths: ['request.metadata'], limits: { value: 20_000 } } });
   */
  readonly redaction?: RedactionMode | RedactionOptions;
  /** Looks through each row after `redaction`. */
  readonly redact?: Redact;
  /**
   * Prices in US dollars per million tokens, before those of the table.
   *
   * @example
   * new AgentTracer({ prices: { 'acme-large-2': { input: 2, output: 8, cacheRead: 0.2 } } });
   */
  readonly prices?: PriceOverrides;
  /** Default: errors go to `console.error`, with the program's name for this library before them. */
  readonly log?: Log;
  /**
   * Whether what waits is stored when SIGINT, SIGTERM or SIGHUP ends the program. Default true. A program
   * that computes without a pause then ends at its next pause.
   */
  readonly signals?: boolean;
  /** Milliseconds that the end of the program may be held up to store what waits. Default 5000. */
  readonly exitMs?: number;
}

/** What a span is opened with. */
export interface SpanOptions {
  /** What the span is, before `metadata.kind`; left out, it is told by what the span records. A run is an `agent`. */
  readonly kind?: SpanKind;
  /** Kept with the span. It is copied: change `span.metadata` instead. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What a run is opened with. */
export interface RunOptions extends SpanOptions {
  /** The session that the run belongs to, before that of the tracer. */
  readonly sessionId?: string;
  /** Who or what the run works for, before that of the tracer. */
  readonly user?: string;
  /** Kept with the run, beside those of the tracer. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Whether what the function returns is kept as the run's output. Default true. */
  readonly keepOutput?: boolean;
  /** True: a run of its own, also inside another one, where it would be a span of that one. */
  readonly detached?: boolean;
}

/** How a span that is ended by hand takes part in what runs meanwhile. */
export interface HandleOptions {
  /**
   * True: spans opened from here on in this function, and in what it calls, are below the handle until it
   * ends. Only for functions that do not run beside others: what a function does before its first `await`
   * also counts for its caller. Default false; open spans below a handle with its own `span`.
   */
  readonly current?: boolean;
}
