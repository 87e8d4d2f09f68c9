import type * as vscode from 'vscode';
import type { FileId } from '../protocol/reader.ts';
import { type Log, logError } from './log.ts';
import type { TraceFiles } from './traceFiles.ts';

/** Milliseconds between two times that more of a large file is shown. */
const showEvery = 700;

/** Has what was not read of files read in the background, and shows what that finds. */
export class ReadingOn implements vscode.Disposable {
  private readonly running = new Set<FileId>();
  private readonly listening: vscode.Disposable;
  private readonly files: TraceFiles;
  private over = false;

  constructor(files: TraceFiles, log: Log) {
    this.files = files;
    this.listening = files.onDidChange(event => {
      if (event.kind !== 'file' || event.why !== 'read' || this.running.has(event.file)) return;
      this.running.add(event.file);
      this.readOn(event.file)
        .catch(error => this.over || logError(log, 'read on', error))
        .finally(() => this.running.delete(event.file));
    });
  }

  private async readOn(file: FileId): Promise<void> {
    let shownAt = performance.now();
    while (!this.over && this.isReadable(file)) {
      const { version, share, wait } = await this.files.use(file, reader => reader.advance(file));
      const known = this.files.get(file)?.totals;
      const due = share === undefined || performance.now() - shownAt > showEvery;
      if (known && known.version !== version && due) {
        await this.files.recount(file);
        shownAt = performance.now();
      }
      if (wait === undefined) return;
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
