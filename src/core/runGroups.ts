import { addRunCosts } from './cost.ts';
import type { RunSummary, Usd } from './model.ts';

/** The head of a session's runs. */
export interface SessionRow {
  readonly kind: 'session';
  /** Undefined for the runs that belong to none. */
  readonly sessionId: string | undefined;
  readonly runs: number;
  readonly failed: number;
  readonly cost: Usd | undefined;
  readonly pricedCost: Usd;
  readonly unpricedCalls: number;
  readonly folded: boolean;
}

export interface RunListRow {
  readonly kind: 'run';
  readonly run: RunSummary;
}

export type ListRow = SessionRow | RunListRow;

export const plainRows = (runs: readonly RunSummary[]): readonly ListRow[] =>
  runs.map(run => ({ kind: 'run', run }));

/**
 * Runs under the heads of their sessions. A session stands where its first run stood; its runs keep their
 * order. Runs without a session come last.
 *
 * @param folded ids of the sessions of which only the head is shown; '' for the runs without one
 */
export function groupedRows(
  runs: readonly RunSummary[],
  folded: ReadonlySet<string>,
): readonly ListRow[] {
  const groups = new Map<string, RunSummary[]>();
  const single: RunSummary[] = [];
  for (const run of runs) {
    if (run.sessionId === undefined) {
      single.push(run);
      continue;
    }
    const group = groups.get(run.sessionId);
    if (group) group.push(run);
    else groups.set(run.sessionId, [run]);
  }
  const rows: ListRow[] = [];
  const add = (sessionId: string | undefined, members: readonly RunSummary[]): void => {
    const isFolded = folded.has(sessionId ?? '');
    rows.push({
      kind: 'session',
      sessionId,
      runs: members.length,
      failed: members.filter(run => run.status === 'error').length,
      ...addRunCosts(members),
      folded: isFolded,
    });
    if (!isFolded) for (const run of members) rows.push({ kind: 'run', run });
  };
  for (const [sessionId, members] of groups) add(sessionId, members);
  if (single.length > 0) add(undefined, single);
  return rows;
}
