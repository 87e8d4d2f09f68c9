import { callCost } from '../core/cost.ts';
import type { KindHints } from '../core/kind.ts';
import type {
  CostSource,
  RunId,
  Span,
  SpanId,
  SpanKind,
  SpanStatus,
  UnixMs,
  Usage,
  Usd,
} from '../core/model.ts';
import type { Price } from '../core/price.ts';
import { spanStatus } from '../core/status.ts';
import type { NarrowRow, RowId } from './dialect.ts';

/** What a span's place in its run and its metadata say about it. */
export interface Identity {
  readonly kind: SpanKind;
  readonly toolName: string | undefined;
}

/**
 * A span of a tree. Its kind depends on its metadata, which is read when the kind is asked for: a large
 * run shows only some of its rows.
 */
export class StoredSpan implements Span {
  readonly row: RowId;
  readonly spanId: SpanId;
  readonly runId: RunId;
  readonly parentSpanId: SpanId | undefined;
  readonly name: string;
  readonly start: UnixMs | undefined;
  readonly end: UnixMs | undefined;
  readonly status: SpanStatus;
  readonly recordedStatus: string | undefined;
  readonly interrupted: boolean;
  readonly model: string | undefined;
  readonly usage: Usage;
  readonly cost: Usd | undefined;
  readonly costSource: CostSource;
  readonly error: string | undefined;
  readonly sessionId: string | undefined;
  /** What its columns say of its kind. */
  readonly hints: KindHints | undefined;
  /** Set once the span's tree stands. */
  identify: ((span: StoredSpan) => Identity) | undefined;
  private identity: Identity | undefined;

  /** @param prices the table's where absent */
  constructor(row: NarrowRow, runId: RunId, spanId: SpanId, prices?: readonly Price[]) {
    this.row = row.row;
    this.spanId = spanId;
    this.runId = runId;
    this.parentSpanId = row.parentSpanId;
    this.name = row.name;
    this.start = row.start;
    this.end = row.end;
    const { status, interrupted } = spanStatus(row.recordedStatus, row.end, row.error);
    this.status = status;
    this.recordedStatus = row.recordedStatus;
    this.interrupted = interrupted;
    this.model = row.model;
    this.usage = row.usage;
    const { recordedCost, usage, model, start } = row;
    // What was interrupted may have been billed all the same.
    const hasFailed = status === 'error' && !interrupted;
    const { cost, costSource } = callCost(recordedCost, usage, model, start, prices, hasFailed);
    this.cost = cost;
    this.costSource = costSource;
    this.error = row.error;
    this.sessionId = row.sessionId;
    this.hints = row.hints;
    this.identify = undefined;
    this.identity = undefined;
  }

  get kind(): SpanKind {
    return this.known().kind;
  }

  get toolName(): string | undefined {
    return this.known().toolName;
  }

  private known(): Identity {
    this.identity ??= this.identify?.(this) ?? { kind: 'other', toolName: undefined };
    return this.identity;
  }
}
