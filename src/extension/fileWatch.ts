import * as vscode from 'vscode';
import type { FileId } from '../protocol/reader.ts';
import { DisposableStore } from './disposables.ts';
import { type Log, logError } from './log.ts';
import type { Platform } from './platform.ts';
import { baseName, folderOf, isPath, versionOf } from './sources.ts';
import type { ListedFile, TraceFiles } from './traceFiles.ts';

/** Milliseconds in which one transaction writes to several files. */
const settlesIn = 4;
// Of a file that is read whole, each reading takes all of it; and one that is replaced is gone for a moment.
const longWait = 400;
/** Reading again takes at most one part in so many of the time. */
const partOfTime = 5;

interface Watched {
  readonly pinned: boolean;
  end(): void;
}

/**
 * Reads files again after they, or what a writer has beside them, changed on disk, and takes found ones that
 * were deleted off the list.
 */
export class FileWatch implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly timers = new Map<FileId, ReturnType<typeof setTimeout>>();
  private readonly watched = new Map<FileId, Watched>();
  /** When a file was last read again, and how long that took. */
  private readonly last = new Map<FileId, { readonly ended: number; readonly took: number }>();
  private readonly files: TraceFiles;
  private readonly log: Log;
  private readonly platform: Pick<Platform, 'readsPaths' | 'follow'>;

  constructor(files: TraceFiles, log: Log, platform: Pick<Platform, 'readsPaths' | 'follow'>) {
    this.files = files;
    this.log = log;
    this.platform = platform;
    this.store.add(files.onDidChange(event => event.kind === 'list' && this.watchListed()));
  }

  /** Something was written to a file, or beside it. */
  changed(uri: vscode.Uri): void {
    const file = uri.toString();
    const listed = this.files.get(file);
    if (!listed || this.timers.has(file)) return;
    const shortest = this.isFollowed(listed) ? settlesIn : longWait;
    this.plan(file, Math.max(shortest, this.restOf(file)));
  }

  private restOf(file: FileId): number {
    const last = this.last.get(file);
    return last ? last.ended + (partOfTime - 1) * last.took - performance.now() : 0;
  }

  private plan(file: FileId, milliseconds: number): void {
    const refresh = (): void => {
      this.timers.delete(file);
      this.refresh(file).catch(error => logError(this.log, 'refresh', error));
    };
    this.timers.set(file, setTimeout(refresh, milliseconds));
  }

  private async refresh(file: FileId): Promise<void> {
    const listed = this.files.get(file);
    if (!listed) return;
    if (!listed.following && (await versionOf(listed.uri)) !== undefined) {
      this.files.fallBehind(file);
      return;
    }
    // What the reader follows, it knows to be unchanged sooner than a look from here would tell.
    if (!this.isFollowed(listed) || listed.state === 'listed') {
      const version = await versionOf(listed.uri);
      if (!listed.pinned && !listed.unlisted && version === undefined) {
        return this.files.close(file);
      }
      // Watchers report late, and what they report may have been read already.
      if (version !== undefined && version === listed.version) return;
    }
    const start = performance.now();
    await this.files.refresh(file);
    const ended = performance.now();
    this.last.set(file, { ended, took: ended - start });
    await this.letGoOfDeleted(file);
  }

  /** Some writers replace a file: it is gone for a moment. One that stays gone and was only found goes. */
  private async letGoOfDeleted(file: FileId): Promise<void> {
    const listed = this.files.get(file);
    if (listed?.error?.code !== 'fileMissing' || listed.pinned || listed.unlisted) return;
    await new Promise(resolve => setTimeout(resolve, longWait));
    if ((await versionOf(listed.uri)) === undefined) await this.files.close(file);
    else await this.files.refresh(file);
  }

  private isFollowed({ uri }: ListedFile): boolean {
    return this.platform.follow !== undefined && isPath(uri, this.platform.readsPaths);
  }

  /** Found files are watched by the finder as well, which does not look beside them. */
  private watchListed(): void {
    for (const listed of this.files.watched()) {
      const { id, uri, pinned } = listed;
      const known = this.watched.get(id);
      if (known?.pinned === pinned) continue;
      known?.end();
      const changed = (): void => this.changed(uri);
      const { follow } = this.platform;
      const end =
        follow && this.isFollowed(listed)
          ? follow(uri.fsPath, changed)
          : pinned
            ? watchAlone(uri, changed)
            : () => undefined;
      this.watched.set(id, { pinned, end });
    }
    for (const [id, watched] of this.watched) {
      if (this.files.get(id)) continue;
      watched.end();
      this.watched.delete(id);
    }
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const watched of this.watched.values()) watched.end();
    this.store.dispose();
  }
}

function watchAlone(uri: vscode.Uri, changed: () => void): () => void {
  const names = `${escapeGlob(baseName(uri))}{,-wal,-journal}`;
  const pattern = new vscode.RelativePattern(folderOf(uri), names);
  const watcher = vscode.workspace.createFileSystemWatcher(pattern);
  watcher.onDidCreate(changed);
  watcher.onDidChange(changed);
  watcher.onDidDelete(changed);
  return () => watcher.dispose();
}

const escapeGlob = (name: string): string => name.replace(/[[\]{}*?]/g, '[$&]');
