import type { Disposable, ExtensionContext } from 'vscode';
import type { RunSummary } from '../core/model.ts';
import type { ReplayServer, ReplayServerOptions } from '../core/replay/replayServing.ts';
import type { RunScript } from '../core/replay/script.ts';
import type { Clock } from '../core/status.ts';
import type { FileId, ReaderApi } from '../protocol/reader.ts';
import type { Log } from './log.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the replay of a run needs of the machine. */
export interface RunReplays {
  /** The environment of this process. */
  readonly own: Environment;
  readScript(
    reader: ReaderApi,
    file: FileId,
    run: Pick<RunSummary, 'runId' | 'name'>,
    clock: Clock,
  ): Promise<RunScript>;
  serve(options: ReplayServerOptions): Promise<ReplayServer>;
  /** What a program needs in its environment to be answered by a server. */
  environment(baseUrl: string, own: Environment): Readonly<Record<string, string>>;
}

/** What the two entries do differently. */
export interface Platform extends Disposable {
  /** Started by its first call. */
  readonly reader: ReaderApi;
  /** The reader opens paths itself; otherwise it is handed a file's bytes. */
  readonly readsPaths: boolean;
  /** Tells when a path may have changed; the answer ends it. Undefined where only VS Code can tell. */
  readonly follow: ((path: string, changed: () => void) => () => void) | undefined;
  /** Keys are named the way macOS writes them. */
  readonly mac: boolean;
  /** Undefined where there are no processes and no sockets. */
  readonly runReplays: RunReplays | undefined;
  /** Starts the reader ahead of its first call. */
  warmUp(): void;
}

export type CreatePlatform = (extension: ExtensionContext, log: Log) => Platform;
