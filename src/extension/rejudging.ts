import type * as vscode from 'vscode';
import { type Log, logError } from './log.ts';
import type { ListedFile, TraceFiles } from './traceFiles.ts';

/** Milliseconds after which a run that has stopped writing is seen to have done so, at the latest. */
export const rejudgedEvery = 30_000;

/** While a run is running, says from time to time for how long, and whether it still is. */
export class Rejudging implements vscode.Disposable {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listening: vscode.Disposable;
  private readonly files: TraceFiles;
  private readonly log: Log;

  constructor(files: TraceFiles, log: Log) {
    this.files = files;
    this.log = log;
    this.listening = files.onDidChange(() => this.plan());
    this.plan();
  }

  private plan(): void {
    if (!this.files.list().some(isRunning)) {
      clearTimeout(this.timer);
      this.timer = undefined;
    } else this.timer ??= setTimeout(() => this.again(), rejudgedEvery);
  }

  private again(): void {
    this.timer = undefined;
    this.judge(this.files.list().filter(isRunning));
    this.plan();
  }

  /** Files that are not read yet are judged when they are. */
  judge(files: readonly ListedFile[]): void {
    for (const { id } of files) {
      this.files.rejudge(id).catch(error => logError(this.log, 'rejudge', error));
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listening.dispose();
  }
}

/** One that is paused stays as it is shown. */
const isRunning = ({ totals, following }: ListedFile): boolean =>
  following && (totals?.running ?? 0) > 0;
