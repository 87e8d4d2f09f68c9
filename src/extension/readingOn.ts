import type * as vscode from 'vscode';
import type { FileId } from '../protocol/reader.ts';
import { type Log, logError } from './log.ts';
import type { TraceFiles } from './traceFiles.ts';

/** Milliseconds between two times that more of a large file is shown. */
const showEvery = 700;

/** Has what was not read of files read in the background, and shows what that finds. */
export class ReadingOn implements vscode.Disposable {
  private readonly running = new Set<FileId>();
  private readonly again = new Set<FileId>();
  private readonly listening: vscode.Disposable;
  private readonly files: TraceFiles;
  private over = false;

  constructor(files: TraceFiles, log: Log) {
    this.files = files;
    this.listening = files.onDidChange(event => {
      if (event.kind === 'file' && event.why === 'read') this.begin(event.file, log);
    });
  }

  private begin(file: FileId, log: Log): void {
    if (this.running.has(file)) {
      this.again.add(file);
      return;
    }
    this.running.add(file);
    this.again.delete(file);
    this.readOn(file)
      .catch(error => this.over || logError(log, 'read on', error))
      .finally(() => {
        this.running.delete(file);
        // It was read again after the last look, which may have been of what was before.
        if (this.again.has(file) && !this.over) this.begin(file, log);
      });
  }

  private async readOn(file: FileId): Promise<void> {
    let shownAt = performance.now();
    while (!this.over && this.isReadable(file)) {
      const { version, share, wait } = await this.files.use(file, reader => reader.advance(file));
      const known = this.files.get(file)?.totals;
      const due = share === undefined || performance.now() - shownAt > showEvery;
      if (known && known.version !== version && due && this.files.get(file)?.following) {
        await this.files.recount(file);
        shownAt = performance.now();
      }
      if (wait === undefined) return;
      // What it shows is to stay.
      if (!this.files.get(file)?.following) return;
      if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait));
    }
  }

  private isReadable(file: FileId): boolean {
    const state = this.files.get(file)?.state;
    return state === 'read' || state === 'reading';
  }

  dispose(): void {
    this.over = true;
    this.listening.dispose();
  }
}
