/** Identifies a span within one trace file. */
export type SpanId = string;
/** Identifies a run; every span of one agent execution carries it. */
export type RunId = string;
/** Milliseconds since 1970 UTC, fractions kept: tracers record microseconds. */
export type UnixMs = number;
/** A duration in milliseconds. */
export type Ms = number;
/** US dollars. An unknown price is `undefined` (unpriced), never 0. */
export type Usd = number;

export const spanKinds = ['agent', 'llm', 'tool', 'retrieval', 'chain', 'other'] as const;
export type SpanKind = (typeof spanKinds)[number];

/** `unknown` is a status we have no meaning for; `Span.recordedStatus` keeps its own word. */
export type SpanStatus = 'ok' | 'error' | 'running' | 'unknown';
export type RunStatus = 'ok' | 'error' | 'running' | 'stale';

/**
 * Token counts of one call, or summed over a run. `undefined` means not recorded, which is not 0.
 * Sources disagree on whether input includes the cache; here it never does.
 */
export interface Usage {
  /** Input tokens that were neither read from nor written to the cache. */
  readonly input?: number | undefined;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite5m?: number | undefined;
  readonly cacheWrite1h?: number | undefined;
  /** Includes `reasoning`. */
  readonly output?: number | undefined;
  readonly reasoning?: number | undefined;
  /** What the call was billed for beside these counts, which leave it out: no part of its context. */
  readonly beside?: readonly {
    /** Undefined for the model of the call. */
    readonly model: string | undefined;
    readonly usage: Usage;
  }[];
  /** Set where the list price is not what was billed; `other`: at a price that no list has. */
  readonly billed?: 'batch' | 'other';
}

/** Where a cost comes from. `none`: the span made no call, so there is nothing to price. */
export type CostSource = 'recorded' | 'computed' | 'unpriced' | 'none';

/** One span, narrow: what lists and decisions need. Prompts and other metadata are read one span at a time. */
export interface Span {
  readonly spanId: SpanId;
  readonly runId: RunId;
  readonly parentSpanId: SpanId | undefined;
  /** As recorded, possibly empty. */
  readonly name: string;
  readonly kind: SpanKind;
  readonly toolName: string | undefined;
  readonly start: UnixMs | undefined;
  /** Undefined while the span is running, and for ever when its program died. */
  readonly end: UnixMs | undefined;
  readonly status: SpanStatus;
  readonly recordedStatus: string | undefined;
  /** It has an end but still says `running`: its program was stopped inside it. Its status is `error`. */
  readonly interrupted: boolean;
  readonly model: string | undefined;
  readonly usage: Usage;
  readonly cost: Usd | undefined;
  readonly costSource: CostSource;
  /** The recorded error; lists carry its first 500 characters. */
  readonly error: string | undefined;
}

/** Something that happened within a span at one moment. */
export interface SpanEvent {
  readonly time: UnixMs | undefined;
  readonly name: string;
  /** JSON text as recorded. */
  readonly attributes: string | undefined;
  /** The time as recorded, where that is in seconds and exactness is asked for: `time` is rounded once more. */
  readonly seconds?: number;
}

/** Why a run's status was judged rather than read from its root; `undefined` when the root says it itself. */
export type Judgement =
  | 'unrecovered-failure'
  | 'recent-activity'
  | 'open-descendant'
  | 'all-ended'
  | 'unknown-status'
  | 'second-root'
  | 'interrupted'
  | 'cancelled'
  | undefined;

/** What can be said about a run as a whole. */
export interface RunSummary {
  readonly runId: RunId;
  /** Groups runs, where the source has such groups. */
  readonly sessionId?: string | undefined;
  readonly name: string;
  readonly rootSpanId: SpanId;
  readonly status: RunStatus;
  readonly judgement: Judgement;
  readonly start: UnixMs | undefined;
  /** Undefined while running. A judged run ends with its latest span. */
  readonly end: UnixMs | undefined;
  /** Start or end of whatever the run did last. */
  readonly lastActivity: UnixMs | undefined;
  readonly spans: number;
  readonly failedSpans: number;
  /** Undefined as soon as one call is unpriced; `pricedCost` is the sum of the others. */
  readonly cost: Usd | undefined;
  readonly pricedCost: Usd;
  readonly unpricedCalls: number;
  readonly usage: Usage;
  readonly error: string | undefined;
  /** Set when the run failed. */
  readonly failingSpanId: SpanId | undefined;
  /** Not all of the file was read yet, and more of this run may be in the rest. */
  readonly partial?: boolean | undefined;
}
