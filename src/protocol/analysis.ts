import type { CostKey, CostRow } from '../core/costBy.ts';
import type { Insight, InsightType } from '../core/insights/insight.ts';
import type { Thresholds } from '../core/insights/thresholds.ts';
import type { RunId } from '../core/model.ts';
import type { RunSelection } from '../core/runQuery.ts';
import type { Clock } from '../core/status.ts';
import type { Zone } from '../core/zone.ts';

/** Which runs are looked at for insights: one, some (that one is not there is no error), or the newest ones. */
export interface InsightsRequest {
  readonly of:
    | { readonly runId: RunId }
    | { readonly runIds: readonly RunId[] }
    | { readonly newest: number };
  /** Nothing else is looked for, which takes less time; undefined for all. */
  readonly types?: readonly InsightType[] | undefined;
  readonly thresholds: Thresholds;
  readonly clock: Clock;
}

/** What was found so far; the same request asks for more until `done` is `of`. */
export interface InsightsPage {
  /** Newest run first; within a run the most serious first, then in tree order. */
  readonly insights: readonly Insight[];
  /** Runs that were looked at so far, of so many. */
  readonly done: number;
  readonly of: number;
  /** Not all of the file's runs were asked for or known yet, or `isCut`. */
  readonly partial: boolean;
  /**
   * Of the runs that were looked at, one is too large to be read as a whole, or more was found than an answer
   * holds; it then has the most serious of each run first.
   */
  readonly isCut?: boolean;
}

export interface CostsRequest extends RunSelection {
  readonly by: CostKey;
  /** Of whoever looks; days are of that time. */
  readonly zone: Zone;
  readonly clock: Clock;
}

/** The sums so far; the same request asks for more until `done` is `of`. */
export interface CostsPage {
  /** The dearest first. Together they are the priced total of the runs that were looked at. */
  readonly rows: readonly CostRow[];
  readonly done: number;
  readonly of: number;
  readonly partial: boolean;
}
