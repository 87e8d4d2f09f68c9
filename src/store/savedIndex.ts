import type { RowId } from './dialect.ts';
import type { RunEntry } from './runIndex.ts';

/** The index of one state of a file, as far as it was read, to go on from later. */
export interface SavedIndex {
  readonly low: RowId;
  readonly top: RowId;
  readonly bottom: RowId;
  readonly rows: number;
  readonly unnamed: readonly RowId[];
  readonly runs: readonly RunEntry[];
}

/** Keeps the latest index of one file. */
export interface IndexKeeper {
  /** Undefined where none is kept under this key, which names the state of the file. */
  load(key: string): SavedIndex | undefined;
  save(key: string, index: SavedIndex): void;
}
