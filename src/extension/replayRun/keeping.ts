import * as vscode from 'vscode';
import type { ServedKeeping } from '../../core/replay/replayServing.ts';
import type { FileId } from '../../protocol/reader.ts';
import { errorWords, say } from '../errors.ts';
import { type Log, logError } from '../log.ts';
import type { Replayer } from '../platform.ts';
import type { KeptReplays } from '../replay/kept.ts';
import { allPrices, originFile } from '../replay/recordedCall.ts';
import { readSetting } from '../settings.ts';

export interface KeepingRuns {
  /** How a replay of a run of this file is kept; undefined where none is. */
  of(file: FileId): Promise<ServedKeeping | undefined>;
  /** One is over: it stands in the tree. */
  changed(): Promise<void>;
}

/** What a replay of a run served goes where all replays are. */
export function keepingRuns(
  kept: KeptReplays,
  replayer: Replayer | undefined,
  log: Log,
): KeepingRuns {
  const failed = (error: unknown): void => {
    logError(log, 'keep replay', error);
    const words = vscode.l10n.t('{0} The replay goes on, and is not kept.', errorWords(error));
    say('error', words, []);
  };
  return {
    async of(file) {
      if (!replayer || !readSetting('agentTraces.replay.recordRuns')) return undefined;
      const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
      return {
        file: originFile(file),
        git: folder && (await replayer.git(folder.uri.fsPath)),
        versions: replayer.versions,
        prices: allPrices(),
        keep: rows => replayer.keepServed(kept.path, rows),
        failed,
      };
    },
    changed: () => kept.changed(),
  };
}
