import * as vscode from 'vscode';
import type { FileId } from '../protocol/reader.ts';
import { DisposableStore } from './disposables.ts';
import { baseName, folderOf, versionOf } from './sources.ts';
import type { TraceFiles } from './traceFiles.ts';

/** A writer may change a file many times a second; each reading takes all of the file. */
const shortestWait = 400;

/** Reads files again after they changed on disk, and takes found ones that were deleted off the list. */
export class FileWatch implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly timers = new Map<FileId, ReturnType<typeof setTimeout>>();
  private readonly watched = new Map<FileId, vscode.Disposable>();
  private readonly lastTook = new Map<FileId, number>();
  private readonly files: TraceFiles;

  constructor(files: TraceFiles) {
    this.files = files;
    this.store.add(files.onDidChange(event => event.kind === 'list' && this.watchPinned()));
  }

  changed(uri: vscode.Uri): void {
    const file = uri.toString();
    if (!this.files.get(file) || this.timers.has(file)) return;
    const wait = Math.max(shortestWait, 4 * (this.lastTook.get(file) ?? 0));
    this.timers.set(
      file,
      setTimeout(() => void this.refresh(file), wait),
    );
  }

  private async refresh(file: FileId): Promise<void> {
    this.timers.delete(file);
    const listed = this.files.get(file);
    if (!listed) return;
    // Some writers replace the file: it is gone for a moment. One that stays gone and was only found goes.
    const version = await versionOf(listed.uri);
    if (!listed.pinned && version === undefined) return this.files.close(file);
    // Watchers report late, and what they report may have been read already.
    if (version !== undefined && version === listed.version) return;
    const start = performance.now();
    await this.files.refresh(file);
    this.lastTook.set(file, performance.now() - start);
  }

  /** Files found in the workspace are watched by the finder; those opened by hand may be anywhere. */
  private watchPinned(): void {
    for (const { id, uri, pinned } of this.files.list()) {
      if (!pinned || this.watched.has(id)) continue;
      const pattern = new vscode.RelativePattern(folderOf(uri), escapeGlob(baseName(uri)));
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      watcher.onDidCreate(() => this.changed(uri));
      watcher.onDidChange(() => this.changed(uri));
      watcher.onDidDelete(() => this.changed(uri));
      this.watched.set(id, watcher);
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
