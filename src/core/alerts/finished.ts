import type { Ms, RunSummary, UnixMs } from '../model.ts';

/** What an evaluation is given of a trace file. */
export interface Seen {
  /** All runs that did something since `since`, and perhaps older ones. */
  readonly runs: readonly RunSummary[];
  /** The newest runs of the file, to compare with; read only by rules that ask for what is usual. */
  readonly newest: readonly RunSummary[];
  readonly now: UnixMs;
  readonly staleAfter: Ms;
  /** What lies before does not count in any window; undefined: all does. */
  readonly floor?: UnixMs | undefined;
}

/** Clocks of two programs differ; what is further ahead is a broken record. */
export const ahead: Ms = 5 * 60_000;
/** A failure is not made good by what is not written yet: for so long a run that goes on may still recover. */
const settles: Ms = 60_000;

/** Its root does not say how it ended: what did was concluded from its spans. */
const isJudged = ({ judgement }: RunSummary): boolean =>
  judgement === 'unrecovered-failure' ||
  judgement === 'all-ended' ||
  judgement === 'open-descendant' ||
  judgement === 'recent-activity';

/**
 * When a run counts as ended; undefined for one that has not, or was left. A run whose root was never closed
 * counts once it is silent for so long that it is not running: its failures at once and its successes later
 * would make any rate look grave.
 */
export function endedAt(run: RunSummary, { now, staleAfter }: Seen): UnixMs | undefined {
  if (run.status !== 'ok' && run.status !== 'error') return undefined;
  if (isJudged(run)) {
    const silent = (run.lastActivity ?? Number.NaN) + staleAfter;
    return silent <= now ? silent : undefined;
  }
  return run.end ?? run.lastActivity;
}

/** Whether a run has failed for good. */
export function hasFailed(run: RunSummary, { now }: Pick<Seen, 'now'>): boolean {
  if (run.status !== 'error') return false;
  return !isJudged(run) || now - (run.lastActivity ?? now) >= settles;
}

export const within = (
  time: UnixMs | undefined,
  window: Ms,
  { now, floor = Number.NEGATIVE_INFINITY }: Seen,
): boolean => time !== undefined && time > Math.max(now - window, floor) && time <= now + ahead;

/** The latest thing that a run did, as far as that can be: a time far ahead is none. */
export function activityOf({ lastActivity, start }: RunSummary, now: UnixMs): UnixMs | undefined {
  const last = lastActivity ?? start;
  return last !== undefined && last <= now + ahead ? last : undefined;
}
