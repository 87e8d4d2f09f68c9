import type { RunId, RunSummary, SpanId, UnixMs } from '../core/model.ts';
import { summariseRun } from '../core/run.ts';
import { type Clock, failureOrigins, isRecent } from '../core/status.ts';
import type { RunTree } from '../core/tree.ts';
import type { RowId, RowRange, SpanSource } from './dialect.ts';
import type { Pause } from './pause.ts';
import { StoredSpan } from './storedSpan.ts';

/** What is kept of every run: never its spans. */
export interface RunEntry {
  readonly runId: RunId;
  /** Where its rows lie. Rows between two ranges belong to other runs. */
  readonly ranges: readonly RowRange[];
  /** The run as it is once it had no activity for long enough. */
  readonly settled: RunSummary;
  /** The run as it is soon after its last activity, where that differs. */
  readonly recent: RunSummary | undefined;
  /** In how many places it failed. */
  readonly failures: number;
}

export interface RunIndex {
  /** Newest first; runs without a start last; of equal starts, the one written last. */
  readonly entries: readonly RunEntry[];
  readonly byId: ReadonlyMap<RunId, RunEntry>;
  /** Rows whose id is none or stands in an earlier row as well; they are shown under `rowid:…`. */
  readonly unnamed: ReadonlySet<RowId>;
  runOfRow(row: RowId): RunEntry | undefined;
  /** Another number for each, save where reading all again found the same. */
  readonly version: number;
  /** How much of the file was read, from 0 to 1; undefined once all was. */
  readonly share: number | undefined;
}

/** A run as a clock sees it: only a run without an end depends on the time. */
export function summaryAt(entry: RunEntry, clock: Clock): RunSummary {
  const { settled, recent } = entry;
  return recent && isRecent(recent.lastActivity, clock) ? recent : settled;
}

/** The next time at which a run without an end is seen otherwise than now. */
export function changesAt({ lastActivity }: RunSummary, { now, staleAfter }: Clock): UnixMs {
  if (lastActivity === undefined || now > lastActivity + staleAfter)
    return Number.POSITIVE_INFINITY;
  return now < lastActivity - staleAfter ? lastActivity - staleAfter : lastActivity + staleAfter;
}

export const syntheticId = (row: RowId): SpanId => `rowid:${row}`;

/** A run whose rows are to be read. */
export interface Wanted {
  readonly runId: RunId;
  readonly ranges: readonly RowRange[];
}

/**
 * The rows of runs, read again: an index keeps only where they are.
 *
 * @returns undefined where a row there belongs to another run by now: the rows were numbered anew
 */
export async function readSpans(
  source: SpanSource,
  runs: readonly Wanted[],
  unnamed: ReadonlySet<RowId>,
  pause: Pause,
): Promise<ReadonlyMap<RunId, readonly StoredSpan[]> | undefined> {
  const found = new Map<RunId, StoredSpan[]>(runs.map(({ runId }) => [runId, []]));
  // Runs that are written at the same time lie between one another: one query reads them all.
  const places = runs
    .flatMap(({ runId, ranges }) => ranges.map(({ first, last }) => ({ first, last, runId })))
    .sort((a, b) => a.first - b.first);
  let at = 0;
  let rows = 0;
  for (const range of joined(places)) {
    for (const row of source.rows(range)) {
      while ((places[at]?.last ?? row.row) < row.row) at++;
      const place = places[at];
      if (++rows % 500 === 0) await pause.ifLong();
      // Rows between two of the places are those of other runs.
      if (!place || row.row < place.first) continue;
      const { runId } = place;
      if ((row.runId ?? '') !== runId) return undefined;
      found.get(runId)?.push(new StoredSpan(row, runId, idOf(row, unnamed), source.prices));
    }
  }
  return found;
}

// Reading over so many rows of other runs costs less than another query.
const worthReadingOver = 50;

/** Ranges with little between them as one. */
export function joined(ranges: readonly RowRange[]): readonly RowRange[] {
  const found: { first: RowId; last: RowId }[] = [];
  for (const { first, last } of ranges) {
    const before = found.at(-1);
    if (before && first - before.last <= worthReadingOver) before.last = last;
    else found.push({ first, last });
  }
  return found;
}

/** The run, known by now to be all there is of it. */
export function asWhole(entry: RunEntry): RunEntry {
  const whole = ({ partial: _, ...run }: RunSummary): RunSummary => run;
  return { ...entry, settled: whole(entry.settled), recent: entry.recent && whole(entry.recent) };
}

/** The run, of which more was found than this. */
export function asPartial(entry: RunEntry): RunEntry {
  const partial = (run: RunSummary): RunSummary => ({ ...run, partial: true });
  return {
    ...entry,
    settled: partial(entry.settled),
    recent: entry.recent && partial(entry.recent),
  };
}

export const idOf = (
  row: { row: RowId; spanId: string | undefined },
  unnamed: ReadonlySet<RowId>,
): SpanId => (unnamed.has(row.row) ? syntheticId(row.row) : (row.spanId ?? ''));

export function entryOf(
  runId: RunId,
  ranges: readonly RowRange[],
  tree: RunTree,
  partial: boolean,
): RunEntry {
  const root = tree.root.span;
  const sessionId = root instanceof StoredSpan ? root.sessionId : undefined;
  const summarise = (clock: Clock): RunSummary => ({
    ...summariseRun(tree, clock),
    sessionId,
    ...(partial && { partial }),
  });
  const settled = summarise({ now: Number.POSITIVE_INFINITY, staleAfter: 0 });
  const mayRun = settled.judgement === 'all-ended' || settled.judgement === 'open-descendant';
  const recent = mayRun ? summarise({ now: 0, staleAfter: Number.POSITIVE_INFINITY }) : undefined;
  return {
    runId,
    ranges,
    settled,
    recent: recent?.status === settled.status ? undefined : recent,
    failures: settled.failedSpans === 0 ? 0 : failureOrigins(tree).length,
  };
}
