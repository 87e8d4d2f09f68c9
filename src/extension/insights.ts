import * as vscode from 'vscode';
import type { Insight } from '../core/insights/insight.ts';
import type { Thresholds } from '../core/insights/thresholds.ts';
import type { RunId } from '../core/model.ts';
import type { InsightsPage, InsightsRequest } from '../protocol/analysis.ts';
import type { FileId } from '../protocol/reader.ts';
import { DisposableStore } from './disposables.ts';
import { type Log, logError } from './log.ts';
import { clock } from './settings.ts';
import type { TraceFiles } from './traceFiles.ts';

/** Of these runs insights are kept; of an older one they are found when its spans are shown. */
export const newestRuns = 200;

/** What is known of the newest runs of a file. */
export interface FileInsights extends InsightsPage {
  readonly byRun: ReadonlyMap<RunId, readonly Insight[]>;
  readonly state: 'looking' | 'known' | 'failed';
}

interface Watched {
  known: FileInsights | undefined;
  /** It has changed since it was last looked at. */
  isDue: boolean;
  /** Runs were running when it was last looked at: that none is any more may mean that one is stuck. */
  hadRunning: boolean;
  scan: AbortController | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** Milliseconds that the last look took. */
  took: number;
}

/** Milliseconds: from a change to the look at it, and from one look at a file to the next at least. */
const usualWaits = { first: 200, between: 2000 };
/** A file is looked at for at most so large a part of the time: live ones change every second. */
const restPerLook = 5;
/** Milliseconds between two times that the insights found so far are told. */
const toldEvery = 1000;

/** Has the newest runs of each file looked at for insights, in the background once the file is read. */
export class Insights implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changes = this.store.add(new vscode.EventEmitter<FileId>());
  /** What is known of a file's runs is another, or the file was closed. */
  readonly onDidChange = this.changes.event;
  private readonly looks = this.store.add(new vscode.EventEmitter<FileId>());
  /** All runs were looked at, perhaps to find the same as before. */
  readonly onDidLook = this.looks.event;
  private readonly watched = new Map<FileId, Watched>();
  private readonly files: TraceFiles;
  private readonly log: Log;
  private readonly thresholds: () => Thresholds;
  /** Ends when the reader has answered what it was asked last. */
  private turn: Promise<void> = Promise.resolve();
  private readonly waits: typeof usualWaits;
  private over = false;

  constructor(files: TraceFiles, log: Log, thresholds: () => Thresholds, waits = usualWaits) {
    this.files = files;
    this.log = log;
    this.thresholds = thresholds;
    this.waits = waits;
    this.store.add(
      files.onDidChange(event => {
        if (event.kind === 'list') this.letGo();
        else if (event.kind === 'followed') this.plan(event.file, false);
        else this.plan(event.file, event.why === 'read' || this.ages(event.file));
      }),
    );
  }

  get(file: FileId): FileInsights | undefined {
    return this.watched.get(file)?.known;
  }

  ofRun(file: FileId, runId: RunId): readonly Insight[] {
    return this.get(file)?.byRun.get(runId) ?? [];
  }

  /** Of a run that is not among the newest as well; it is looked at then. */
  async find(file: FileId, runId: RunId, cancelled?: AbortSignal): Promise<readonly Insight[]> {
    const known = this.get(file);
    const ofRun = known?.byRun.get(runId);
    if (ofRun) return ofRun;
    if (known?.state === 'known' && !known.partial) return [];
    const request = this.request({ runId });
    for (;;) {
      const page = await this.files.use(file, reader => reader.insights(file, request), cancelled);
      if (page.done >= page.of) return page.insights;
    }
  }

  /** Other thresholds hold: what is known was found with the ones before. */
  again(): void {
    for (const [file, entry] of this.watched) {
      entry.scan?.abort();
      this.plan(file, true, 0);
    }
  }

  private isRunning(file: FileId): boolean {
    return (this.files.get(file)?.totals?.running ?? 0) > 0;
  }

  /** Only of what runs, or ran until now, the time that goes by says something new. */
  private ages(file: FileId): boolean {
    return this.isRunning(file) || (this.watched.get(file)?.hadRunning ?? false);
  }

  private letGo(): void {
    for (const [file, entry] of [...this.watched]) {
      if (this.files.get(file)) continue;
      this.watched.delete(file);
      entry.scan?.abort();
      clearTimeout(entry.timer);
      this.changes.fire(file);
    }
  }

  /** @param isNews the file may hold other insights than are known */
  private plan(file: FileId, isNews: boolean, wait?: number): void {
    if (this.over) return;
    const entry = this.watched.get(file) ?? newEntry();
    this.watched.set(file, entry);
    entry.isDue ||= isNews;
    if (!entry.isDue || entry.scan || (entry.timer && wait === undefined)) return;
    clearTimeout(entry.timer);
    const { first, between } = this.waits;
    const rest = entry.known ? Math.max(between, entry.took * restPerLook) : first;
    entry.timer = setTimeout(() => {
      entry.timer = undefined;
      void this.look(file, entry);
    }, wait ?? rest);
  }

  /**
   * A file that is read on is looked at when all of it was; a paused one stays as it is shown. One that is just
   * read again is not left for later: nothing is told where that finds the same.
   */
  private isReady(file: FileId): boolean {
    const { state, info, following, totals } = this.files.get(file) ?? {};
    const isRead = state === 'read' || (state === 'reading' && info !== undefined);
    return isRead && following === true && totals?.share === undefined;
  }

  private async look(file: FileId, entry: Watched): Promise<void> {
    if (!this.isReady(file)) return;
    const scan = new AbortController();
    entry.scan = scan;
    entry.isDue = false;
    entry.hadRunning = this.isRunning(file);
    const begun = performance.now();
    try {
      await this.readPages(file, entry, scan.signal);
    } catch (error) {
      if (this.isWanted(file, entry, scan.signal)) {
        logError(this.log, 'insights', error);
        const failed = entry.known ?? asKnown(nothing, 'failed');
        this.tell(file, entry, { ...failed, state: 'failed' });
      }
    } finally {
      entry.took = performance.now() - begun;
      entry.scan = undefined;
      if (this.watched.get(file) === entry) this.plan(file, false);
    }
  }

  private async readPages(file: FileId, entry: Watched, cancelled: AbortSignal): Promise<void> {
    const request = this.request({ newest: newestRuns });
    // What is known stays in sight until all runs were looked at anew.
    const isFirst = entry.known === undefined || entry.known.state === 'looking';
    let toldAt = performance.now();
    for (;;) {
      const page = await this.inTurn(() =>
        this.files.use(file, reader => reader.insights(file, request), cancelled),
      );
      if (!this.isWanted(file, entry, cancelled)) return;
      if (page.done >= page.of) {
        this.tell(file, entry, asKnown(page, 'known'));
        this.looks.fire(file);
        return;
      }
      if (isFirst && performance.now() - toldAt >= toldEvery) {
        this.tell(file, entry, asKnown(page, 'looking'));
        toldAt = performance.now();
      }
    }
  }

  /** One part of one file at a time: what a person asks for waits for one answer, however many files there are. */
  private inTurn<T>(ask: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(ask);
    this.turn = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  }

  private isWanted(file: FileId, entry: Watched, cancelled: AbortSignal): boolean {
    return !this.over && !cancelled.aborted && this.watched.get(file) === entry;
  }

  private request(of: InsightsRequest['of']): InsightsRequest {
    // Asked for on with the very same request: with another time it would be another question.
    return { of, thresholds: this.thresholds(), clock: clock() };
  }

  private tell(file: FileId, entry: Watched, now: FileInsights): void {
    const before = entry.known;
    entry.known = now;
    if (!before || !isSame(before, now)) this.changes.fire(file);
  }

  dispose(): void {
    this.over = true;
    for (const { scan, timer } of this.watched.values()) {
      scan?.abort();
      clearTimeout(timer);
    }
    this.store.dispose();
  }
}

const newEntry = (): Watched => ({
  known: undefined,
  isDue: false,
  hadRunning: false,
  scan: undefined,
  timer: undefined,
  took: 0,
});

const nothing: InsightsPage = { insights: [], done: 0, of: 0, partial: false };

function asKnown(page: InsightsPage, state: FileInsights['state']): FileInsights {
  const byRun = new Map<RunId, Insight[]>();
  for (const insight of page.insights) {
    const of = byRun.get(insight.runId);
    if (of) of.push(insight);
    else byRun.set(insight.runId, [insight]);
  }
  return { ...page, byRun, state };
}

/** A live file is looked at again and again, mostly to find the same. */
const isSame = (a: FileInsights, b: FileInsights): boolean =>
  a.state === b.state &&
  a.done === b.done &&
  a.of === b.of &&
  a.partial === b.partial &&
  JSON.stringify(a.insights) === JSON.stringify(b.insights);
