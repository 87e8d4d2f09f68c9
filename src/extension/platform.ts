import type { Disposable, ExtensionContext } from 'vscode';
import type { ReaderApi } from '../protocol/reader.ts';
import type { Log } from './log.ts';

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
  /** Starts the reader ahead of its first call. */
  warmUp(): void;
}

export type CreatePlatform = (extension: ExtensionContext, log: Log) => Platform;
