import type { CostKey } from '../core/costBy.ts';
import type { Insight } from '../core/insights/insight.ts';
import type { InsightMark } from '../core/insights/mark.ts';
import type { Ms, RunId, RunStatus, SpanId, SpanKind, UnixMs } from '../core/model.ts';
import type { RunSelection } from '../core/runQuery.ts';

/** An insight with what is said of its run. */
export interface InsightRow {
  readonly insight: Insight;
  readonly run: {
    readonly name: string;
    readonly start: UnixMs | undefined;
    readonly status: RunStatus;
  };
}

/** The insights of the newest runs of a file, of those that a selection lets through. */
export interface InsightList {
  /** The most serious first, then of the newest run; at most `mostListed`. */
  readonly rows: readonly InsightRow[];
  /** The runs of which one alarms, also of those that are not among the rows. */
  readonly marks: readonly (readonly [runId: RunId, mark: InsightMark])[];
  readonly total: number;
  /** Those that the selection hides are counted as well. */
  readonly all: number;
  /** Runs that were looked at, of so many. */
  readonly done: number;
  readonly of: number;
  /** Not all of the file's runs were looked at. */
  readonly partial: boolean;
  /** `waiting`: the file is not read yet; `paused`: it is not followed, and was not looked at before. */
  readonly state: 'waiting' | 'paused' | 'looking' | 'known' | 'failed';
}

export const mostListed = 500;

/** How a span is called where it is only named. */
export interface SpanName {
  readonly spanId: SpanId;
  readonly name: string;
  readonly kind: SpanKind;
  readonly start: UnixMs | undefined;
  readonly failed: boolean;
}

export interface CostsQuery extends RunSelection {
  readonly by: CostKey;
  readonly zone: Ms;
  /** When it was first asked: the same question asks for more. */
  readonly at: UnixMs;
}
