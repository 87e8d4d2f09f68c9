import type { Ms, RunId, SpanId, UnixMs, Usd } from '../model.ts';
import type { AlertSeverity, RuleType } from './rules.ts';

/** What a rule counted, as far as it tells more than its runs. */
export type Figures =
  | {
      readonly type: 'failure-rate';
      readonly failed: number;
      readonly ended: number;
      readonly above: number;
      readonly window: Ms;
    }
  | {
      readonly type: 'window-cost';
      readonly cost: Usd;
      readonly unpriced: number;
      readonly counted: number;
      readonly above: Usd;
      readonly window: Ms;
    }
  | {
      readonly type: 'latency';
      readonly value: Ms;
      readonly percentile: number;
      readonly ended: number;
      readonly above: Ms;
      readonly window: Ms;
    }
  | { readonly type: 'no-runs'; readonly last: UnixMs | undefined; readonly silent: Ms }
  | {
      readonly type: Exclude<RuleType, 'failure-rate' | 'window-cost' | 'latency' | 'no-runs'>;
      readonly runs: number;
      /** US dollars or a factor, where the rule has one. */
      readonly above?: number | undefined;
    };

/** A run that a notification names. */
export interface NamedRun {
  readonly runId: RunId;
  readonly name: string;
  readonly start: UnixMs | undefined;
  readonly end: UnixMs | undefined;
  readonly cost: Usd | undefined;
  readonly pricedCost: Usd;
  readonly error: string | undefined;
  /** Where it shows: the failing span. */
  readonly spanId: SpanId | undefined;
  readonly says: string | undefined;
  readonly usual: Usd | undefined;
}

/** Something to be told: that an alert began, goes on or is over. */
export interface Notice {
  /** Another one for each notification, the same for whoever evaluates the same. */
  readonly id: string;
  /** The same from the beginning of an alert to its end; PagerDuty's dedup_key. */
  readonly key: string;
  readonly kind: 'firing' | 'still' | 'resolved';
  readonly rule: string;
  readonly type: RuleType;
  readonly severity: AlertSeverity;
  /** The name of runs that it is about; empty for all. */
  readonly group: string;
  /** Of the trace file, as it was given. */
  readonly file: string;
  readonly at: UnixMs;
  readonly since: UnixMs;
  /** Undefined where the alert is over because its rule is gone. */
  readonly figures: Figures | undefined;
  /** A few of the runs. */
  readonly runs: readonly NamedRun[];
  /** Runs besides these. */
  readonly more: number;
}

/** Runs that a notification names at most. */
export const mostNamed = 5;
