import type { RunSummary, Span } from '../model.ts';
import type { Price } from '../price.ts';
import type { Clock } from '../status.ts';
import type { Steps } from '../steps.ts';
import type { RunTree } from '../tree.ts';
import type { SpanFacts } from './facts.ts';
import type { Insight } from './insight.ts';
import type { Thresholds } from './thresholds.ts';
import type { Usual } from './usual.ts';

/** A run as it is looked at. */
export interface RunEvidence {
  readonly run: RunSummary;
  readonly tree: RunTree;
  /** What a span's metadata and events say. Of a run that is too large to be read whole, some say nothing. */
  facts(span: Span): SpanFacts;
}

/** What a run is compared with. */
export interface Context {
  /** What is usual in this file, without the run itself. */
  readonly usual: Usual;
  readonly thresholds: Thresholds;
  readonly clock: Clock;
  /** The user's own prices, and those of the table after them; undefined: only these. */
  readonly prices?: readonly Price[] | undefined;
}

/** Finds insights of one type. Pure, and bounded in what it gives; in steps where it goes through a run's spans for long. */
export type Detector = (
  evidence: RunEvidence,
  context: Context,
) => readonly Insight[] | Steps<readonly Insight[]>;
