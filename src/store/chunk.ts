import type { RunId, SpanId } from '../core/model.ts';
import type { RowId, RowRange, SpanSource } from './dialect.ts';
import type { Pause } from './pause.ts';
import { idOf } from './runIndex.ts';
import { StoredSpan } from './storedSpan.ts';

/** Rows that were read at once, by their runs. */
export interface Chunk {
  readonly range: RowRange;
  readonly runs: ReadonlyMap<RunId, { readonly spans: StoredSpan[]; readonly ranges: Range[] }>;
  readonly unnamed: readonly RowId[];
  /** That of the last row. */
  readonly lastRun: RunId | undefined;
}
type Range = { first: RowId; last: RowId };

/** Throws where a writer ended the snapshot meanwhile. */
export async function readChunk(source: SpanSource, range: RowRange, pause: Pause): Promise<Chunk> {
  const runs = new Map<RunId, { spans: StoredSpan[]; ranges: Range[] }>();
  const unnamed = new Set<RowId>();
  const seen = source.idsMayRepeat ? new Set<SpanId>() : undefined;
  let before: { ranges: Range[] } | undefined;
  let lastRun: RunId | undefined;
  let rows = 0;
  for (const row of range.first > range.last ? [] : source.rows(range)) {
    // Rows without a run are shown together rather than lost.
    const runId = row.runId ?? '';
    let run = runs.get(runId);
    if (!run) {
      run = { spans: [], ranges: [] };
      runs.set(runId, run);
    }
    if (!row.spanId || seen?.has(row.spanId)) unnamed.add(row.row);
    else seen?.add(row.spanId);
    // All spans of a run share one string.
    const id = idOf(row, unnamed);
    run.spans.push(new StoredSpan(row, run.spans[0]?.runId ?? runId, id, source.prices));
    const last = run === before ? run.ranges.at(-1) : undefined;
    if (last) last.last = row.row;
    else run.ranges.push({ first: row.row, last: row.row });
    before = run;
    lastRun = runId;
    if (++rows % 500 === 0) await pause.ifLong();
  }
  pause.check();
  return { range, runs, unnamed: [...unnamed], lastRun };
}
