import type { RunId, RunSummary, SpanId, UnixMs } from '../core/model.ts';
import { summariseRun } from '../core/run.ts';
import { type Clock, failureOrigins, isRecent } from '../core/status.ts';
import { buildTree, type RunTree } from '../core/tree.ts';
import type { RowId, RowRange, SpanSource } from './dialect.ts';
import type { Pause } from './pause.ts';
import { StoredSpan } from './storedSpan.ts';

/** What is kept of every run once the file was read through. */
export interface RunEntry {
  readonly runId: RunId;
  /** Where its rows lie. Rows between two ranges belong to other runs. */
  readonly ranges: readonly RowRange[];
  /** Newest first: a position in the index. */
  place: number;
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

interface Gathered {
  readonly spans: StoredSpan[];
  readonly ranges: { first: RowId; last: RowId }[];
}

/**
 * Reads the narrow columns of all spans once, leaving the thread to others in between.
 *
 * @param onTree is handed each run's tree, newest run last in file order; it may keep some
 */
export async function buildIndex(
  source: SpanSource,
  onTree: (entry: RunEntry, tree: RunTree) => void,
  pause: Pause,
): Promise<RunIndex> {
  const unnamed = new Set<RowId>();
  const runs = await gather(source, unnamed, pause);
  const entries: RunEntry[] = [];
  for (const [runId, { spans, ranges }] of runs) {
    const tree = buildTree(spans);
    const entry = entryOf(runId, ranges, tree);
    entries.push(entry);
    onTree(entry, tree);
    await pause.ifLong();
  }
  entries.sort(newestFirst);
  entries.forEach((entry, place) => {
    entry.place = place;
  });
  return {
    entries,
    byId: new Map(entries.map(entry => [entry.runId, entry])),
    unnamed,
    runOfRow: rowFinder(entries),
  };
}

async function gather(
  source: SpanSource,
  unnamed: Set<RowId>,
  pause: Pause,
): Promise<ReadonlyMap<RunId, Gathered>> {
  const runs = new Map<RunId, Gathered>();
  const seen = new Set<SpanId>();
  let before: Gathered | undefined;
  let rows = 0;
  for (const row of source.rows()) {
    // Rows without a run are shown together rather than lost.
    const runId = row.runId ?? '';
    let run = runs.get(runId);
    if (!run) {
      run = { spans: [], ranges: [] };
      runs.set(runId, run);
    }
    if (!row.spanId || (source.idsMayRepeat && seen.has(row.spanId))) unnamed.add(row.row);
    else if (source.idsMayRepeat) seen.add(row.spanId);
    // All spans of a run share one string.
    run.spans.push(new StoredSpan(row, run.spans[0]?.runId ?? runId, idOf(row, unnamed)));
    const range = run === before ? run.ranges.at(-1) : undefined;
    if (range) range.last = row.row;
    else run.ranges.push({ first: row.row, last: row.row });
    before = run;
    if (++rows % 500 === 0) await pause.ifLong();
  }
  return runs;
}

const idOf = (
  row: { row: RowId; spanId: string | undefined },
  unnamed: ReadonlySet<RowId>,
): SpanId => (unnamed.has(row.row) ? syntheticId(row.row) : (row.spanId ?? ''));

/** A run's spans, read again: the index keeps only where they are. */
export function readRun(source: SpanSource, index: RunIndex, entry: RunEntry): RunTree {
  const spans: StoredSpan[] = [];
  for (const range of entry.ranges) {
    for (const row of source.rows(range)) {
      spans.push(new StoredSpan(row, entry.runId, idOf(row, index.unnamed)));
    }
  }
  return buildTree(spans);
}

function entryOf(runId: RunId, ranges: readonly RowRange[], tree: RunTree): RunEntry {
  const root = tree.root.span;
  const sessionId = root instanceof StoredSpan ? root.sessionId : undefined;
  const summarise = (clock: Clock): RunSummary => ({ ...summariseRun(tree, clock), sessionId });
  const settled = summarise({ now: Number.POSITIVE_INFINITY, staleAfter: 0 });
  const mayRun = settled.judgement === 'all-ended' || settled.judgement === 'open-descendant';
  const recent = mayRun ? summarise({ now: 0, staleAfter: Number.POSITIVE_INFINITY }) : undefined;
  return {
    runId,
    ranges,
    place: 0,
    settled,
    recent: recent?.status === settled.status ? undefined : recent,
    failures: settled.failedSpans === 0 ? 0 : failureOrigins(tree).length,
  };
}

function newestFirst(a: RunEntry, b: RunEntry): number {
  const [x, y] = [a, b].map(entry => entry.settled.start ?? Number.NEGATIVE_INFINITY);
  if (x !== y) return (x ?? 0) < (y ?? 0) ? 1 : -1;
  return (b.ranges.at(-1)?.last ?? 0) - (a.ranges.at(-1)?.last ?? 0);
}

function rowFinder(entries: readonly RunEntry[]): RunIndex['runOfRow'] {
  const all = entries.flatMap(entry => entry.ranges.map(range => ({ range, entry })));
  all.sort((a, b) => a.range.first - b.range.first);
  return row => {
    let [low, high] = [0, all.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((all[middle]?.range.first ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    const found = all[low];
    return found && found.range.first <= row && row <= found.range.last ? found.entry : undefined;
  };
}
