import type { RunSort, RunSortKey } from '../../src/core/runQuery.ts';
import type { WordKey } from '../../src/core/words.ts';

export interface ColumnHead {
  readonly by: RunSortKey;
  readonly name: WordKey;
  /** Numbers stand at the end of their cell. */
  readonly look: '' | 'figure-cell' | 'started' | 'figure-cell wide-cell';
}

export const columnHeads: readonly ColumnHead[] = [
  { by: 'status', name: 'columnStatus', look: '' },
  { by: 'name', name: 'columnRun', look: '' },
  { by: 'start', name: 'columnStarted', look: 'started' },
  { by: 'duration', name: 'columnDuration', look: 'figure-cell' },
  { by: 'spans', name: 'columnSpans', look: 'figure-cell wide-cell' },
  { by: 'tokens', name: 'columnTokens', look: 'figure-cell wide-cell' },
  { by: 'cost', name: 'columnCost', look: 'figure-cell' },
];

/** A column that is chosen again turns round; at first, words go up from A and figures down from the most. */
export const sortedBy = (by: RunSortKey, before: RunSort): RunSort => ({
  by,
  descending: before.by === by ? !before.descending : by !== 'name' && by !== 'status',
});
