import type { RunId } from '../core/model.ts';
import type { RowRange } from './dialect.ts';
import type { StoredSpan } from './storedSpan.ts';

/** A run as far as its rows were read. */
export interface Gathered {
  readonly runId: RunId;
  readonly ranges: readonly RowRange[];
  /** Its spans, the newest rows in the first part; undefined once they were let go. */
  readonly parts: readonly (readonly StoredSpan[])[] | undefined;
  /** How many there are. */
  readonly count: number;
}

export const heldOf = (run: Gathered | undefined): number =>
  run?.parts?.reduce((sum, part) => sum + part.length, 0) ?? 0;

/** Runs with at most so many spans together, or one with more. */
export function partsOf(
  runs: readonly Gathered[],
  spans: number,
): readonly (readonly Gathered[])[] {
  const parts: Gathered[][] = [];
  let room = 0;
  for (const run of runs) {
    const last = parts.at(-1);
    if (last && run.count <= room) last.push(run);
    else {
      parts.push([run]);
      room = spans;
    }
    room -= run.count;
  }
  return parts;
}
