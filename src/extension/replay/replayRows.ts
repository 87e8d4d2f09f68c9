import type { FileId } from '../../protocol/reader.ts';
import { type ReplayRow, type ReplaysRow, type RunRow, rowId } from '../rows.ts';
import type { KeptReplays } from './kept.ts';

/** The rows of replays below their runs, one object for each id. */
export class ReplayRows {
  private readonly groups = new Map<string, ReplaysRow>();
  private readonly rows = new Map<string, ReplayRow>();
  private readonly kept: KeptReplays;

  constructor(kept: KeptReplays) {
    this.kept = kept;
  }

  count(file: FileId, runId: string): number {
    return this.kept.of(file, runId).length;
  }

  /** Undefined for a run that was never replayed. */
  below(run: RunRow): ReplaysRow | undefined {
    const id = `replays|${run.id}`;
    const replays = this.kept.of(run.file, run.run.runId);
    if (replays.length === 0) return undefined;
    const known = this.groups.get(id);
    // A run that was closed and opened again has another row.
    const row: ReplaysRow =
      known?.parent === run
        ? known
        : { type: 'replays', id, file: run.file, parent: run, count: 0 };
    row.count = replays.length;
    this.groups.set(id, row);
    return row;
  }

  of(parent: ReplaysRow): ReplayRow[] {
    return this.kept.of(parent.file, parent.parent.run.runId).map(replay => {
      const id = rowId('replay', parent.id, replay.run.runId);
      const known = this.rows.get(id);
      const row: ReplayRow =
        known?.parent === parent
          ? known
          : { type: 'replay', id, file: this.kept.file, parent, replay };
      row.replay = replay;
      this.rows.set(id, row);
      return row;
    });
  }
}
