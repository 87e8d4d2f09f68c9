import * as vscode from 'vscode';
import type { FileId } from '../protocol/reader.ts';
import { DisposableStore } from './disposables.ts';
import { type Log, logError } from './log.ts';
import { baseName, folderOf, looksBeside, sideSuffixes, versionOf } from './sources.ts';
import type { TraceFiles } from './traceFiles.ts';

/** A writer may change a file many times a second; each reading takes all of the file. */
const shortestWait = 400;

interface Watched extends vscode.Disposable {
  readonly pinned: boolean;
}

/**
 * Reads files again after they, or a writer's -wal or -journal beside them, changed on disk, and takes found ones that were deleted off the list.
 */
export class FileWatch implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly timers = new Map<FileId, ReturnType<typeof setTimeout>>();
  private readonly watched = new Map<FileId, Watched>();
  private readonly lastTook = new Map<FileId, number>();
  private readonly files: TraceFiles;
  private readonly log: Log;
  private readonly readsPaths: boolean;

  constructor(files: TraceFiles, log: Log, readsPaths: boolean) {
    this.files = files;
    this.log = log;
    this.readsPaths = readsPaths;
    this.store.add(files.onDidChange(event => event.kind === 'list' && this.watchListed()));
  }

  changed(uri: vscode.Uri): void {
    const file = uri.toString();
    if (!this.files.get(file) || this.timers.has(file)) return;
    const wait = Math.max(shortestWait, 4 * (this.lastTook.get(file) ?? 0));
    const refresh = (): void => {
      this.refresh(file).catch(error => logError(this.log, 'refresh', error));
    };
    this.timers.set(file, setTimeout(refresh, wait));
  }

  private async refresh(file: FileId): Promise<void> {
    this.timers.delete(file);
    const listed = this.files.get(file);
    if (!listed) return;
    // Some writers replace the file: it is gone for a moment. One that stays gone and was only found goes.
    const version = await versionOf(listed.uri, this.readsPaths);
    if (!listed.pinned && version === undefined) return this.files.close(file);
    // Watchers report late, and what they report may have been read already.
    if (version !== undefined && version === listed.version) return;
    const start = performance.now();
    await this.files.refresh(file);
    this.lastTook.set(file, performance.now() - start);
  }

  /** Files found in the workspace are watched by the finder; those opened by hand may be anywhere. */
  private watchListed(): void {
    for (const { id, uri, pinned } of this.files.list()) {
      const suffixes = [
        ...(pinned ? [''] : []),
        ...(looksBeside(uri, this.readsPaths) ? sideSuffixes : []),
      ];
      const known = this.watched.get(id);
      if (suffixes.length === 0 || known?.pinned === pinned) continue;
      known?.dispose();
      const endings = suffixes.length > 1 ? `{${suffixes.join(',')}}` : '';
      const pattern = new vscode.RelativePattern(
        folderOf(uri),
        escapeGlob(baseName(uri)) + endings,
      );
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      watcher.onDidCreate(() => this.changed(uri));
      watcher.onDidChange(() => this.changed(uri));
      watcher.onDidDelete(() => this.changed(uri));
      this.watched.set(id, { pinned, dispose: () => watcher.dispose() });
    }
    for (const [id, watcher] of this.watched) {
      if (this.files.get(id)) continue;
      watcher.dispose();
      this.watched.delete(id);
    }
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const watcher of this.watched.values()) watcher.dispose();
    this.store.dispose();
  }
}

const escapeGlob = (name: string): string => name.replace(/[[\]{}*?]/g, '[$&]');
