import type { SqlJsStatic } from 'sql.js';
import { TraceError } from '../core/errors.ts';
import { formatBytes } from '../core/format.ts';
import type { TraceFile, TraceSource } from '../protocol/reader.ts';
import type { FileSet } from './byteSource.ts';
import { FileIndex } from './fileIndex.ts';
import { lazyBytes } from './lazyBytes.ts';
import { PageView } from './pageView.ts';
import { nextTask } from './pause.ts';
import type { IndexKeeper } from './savedIndex.ts';
import { lazyWorks } from './selfTest.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import { SnapshotLost } from './snapshotLost.ts';
import { Db } from './sqlite.ts';
import { OpenFile } from './traceFile.ts';
import { Wal } from './wal.ts';
import { checkHeader } from './wholeBytes.ts';

/** Larger files are refused where they can only be read whole. */
export const maxWholeBytes = 1_500_000_000;
// A file whose writer was faster more often than this is taken into memory, up to this size.
const fewLosses = 1;
export const maxKeptBytes = 256_000_000;
const restlessFor = 30_000;

// Most writers are done within a millisecond; some are in the middle of something that takes longer. Some
// 500 ms in all.
const waits = [0, 0, 0, 1, 1, 2, 2, 5, 5, 10, 20, 50, 100, 100, 200];

type About = Pick<TraceFile, 'file' | 'name'> & Pick<TraceSource, 'prices'>;

/**
 * A file that is read a part at a time, as its writers go on. Every question is answered from one snapshot;
 * one that a writer ended meanwhile is asked again.
 */
export class PathFile {
  private readonly sqlite: SqlJsStatic;
  private readonly files: FileSet;
  private readonly about: About;
  private readonly view: PageView;
  private readonly wal = new Wal();
  private readonly runs: FileIndex;
  private db: Db | undefined;
  private open: OpenFile | undefined;
  private users = 0;
  private lostAt = Number.NEGATIVE_INFINITY;
  private closed = false;

  constructor(sqlite: SqlJsStatic, files: FileSet, about: About, keeper?: IndexKeeper) {
    this.sqlite = sqlite;
    this.files = files;
    this.about = about;
    this.view = new PageView(files, about.name);
    this.runs = new FileIndex(keeper);
  }

  /** What the file is now. Unless it was changed, all that is known of it is kept. */
  look(): Promise<TraceFile> {
    return this.ask(
      () => this.newest(),
      async open => open.info,
    );
  }

  /** Asks the state that was last looked at, or, where that is gone, the newest one. */
  use<T>(work: (open: OpenFile) => Promise<T>): Promise<T> {
    return this.ask(() => this.lastLookedAt() ?? this.newest(), work);
  }

  private lastLookedAt(): OpenFile | undefined {
    if (!this.isRestless) this.view.letGo();
    return this.open && this.isIntact() ? this.open : undefined;
  }

  close(): void {
    this.closed = true;
    this.drop();
    this.files.main.release();
    this.view.release();
  }

  private async ask<T>(state: () => OpenFile, work: (open: OpenFile) => Promise<T>): Promise<T> {
    this.users++;
    try {
      for (const [lost, milliseconds] of waits.entries()) {
        if (this.closed) throw new TraceError('fileNotOpen');
        const answer = await this.attempt(state, work);
        if (answer) return answer.value;
        // Taking all of it into memory takes longer than asking again.
        if (lost >= fewLosses) this.lostAt = performance.now();
        if (milliseconds === 0) await nextTask();
        else await wait(milliseconds);
      }
      throw new TraceError('fileBusy', [this.about.name]);
    } finally {
      if (--this.users === 0) this.view.release();
    }
  }

  /** Undefined where a writer was faster. */
  private async attempt<T>(
    state: () => OpenFile,
    work: (open: OpenFile) => Promise<T>,
  ): Promise<{ readonly value: T } | undefined> {
    let open: OpenFile | undefined;
    try {
      open = state();
    } catch (error) {
      if (error instanceof SnapshotLost) return undefined;
      throw error;
    }
    const [done] = await Promise.allSettled([work(open)]);
    const lost = done.status === 'rejected' && done.reason instanceof SnapshotLost;
    if (!this.isCurrent(open) || lost) {
      this.dropIf(open);
      return undefined;
    }
    // What went wrong may have been due to pages of two states; of one, it is the answer.
    if (done.status === 'rejected') throw done.reason;
    return { value: done.value };
  }

  /** Throws where a page of the state could not be read: what was answered holds zeros in its place. */
  private isCurrent(open: OpenFile): boolean {
    if (this.closed) throw new TraceError('fileNotOpen');
    if (this.open !== open || !this.isIntact()) return false;
    const { failure } = this.view;
    if (!failure) return true;
    this.dropIf(open);
    if (!(failure instanceof SnapshotLost)) throw failure;
    this.wal.forget();
    return false;
  }

  private isIntact(): boolean {
    return this.view.isIntact();
  }

  private get isRestless(): boolean {
    return performance.now() - this.lostAt < restlessFor;
  }

  private newest(): OpenFile {
    const before = this.view.snapshot;
    let snapshot: Snapshot | undefined;
    try {
      snapshot = takeSnapshot(this.files, this.wal);
    } finally {
      // The WAL was read on, and with it the older snapshot is gone.
      if (snapshot?.stamp !== before?.stamp) this.open = undefined;
    }
    if (!snapshot) throw this.missing() ?? new SnapshotLost();
    if (this.open) return this.open;
    this.check(snapshot);
    this.show(snapshot, before);
    this.open = this.openDb(snapshot);
    return this.open;
  }

  private missing(): TraceError | undefined {
    return this.files.main.facts() ? undefined : new TraceError('fileMissing', [this.about.name]);
  }

  private check({ main, header, cutOff, pages, pageSize }: Snapshot): void {
    const { name } = this.about;
    if (main.size === 0 && (this.files.wal.facts()?.size ?? 0) > 0) {
      throw new TraceError('walOnly', [name]);
    }
    checkHeader(header, name);
    // A transaction that is to be rolled back has made the file.
    if (pageSize > 0 && pages === 0) throw new TraceError('fileEmpty', [name]);
    if (pageSize === 0) throw new TraceError('notSqlite', [name]);
    if (cutOff) {
      const [is, was] = [main.size, pages * pageSize].map(formatBytes);
      throw new TraceError('damaged', [name, `of ${was}, only ${is} are left`]);
    }
  }

  private show(snapshot: Snapshot, before: Snapshot | undefined): void {
    this.db?.endQueries();
    const same =
      before?.pageSize === snapshot.pageSize && before.main.identity === snapshot.main.identity;
    if (!same) {
      this.drop();
      this.runs.forget();
    }
    this.view.show(snapshot);
    const lazy = lazyWorks(this.sqlite);
    const { bytes } = this.view;
    if (!lazy) {
      this.drop();
      if (bytes > maxWholeBytes) {
        const sizes = [formatBytes(bytes), formatBytes(maxWholeBytes)];
        throw new TraceError('fileTooLarge', [this.about.name, ...sizes]);
      }
    }
    if (!lazy || (this.isRestless && bytes <= maxKeptBytes)) this.view.keepWhole();
  }

  private openDb(snapshot: Snapshot): OpenFile {
    const { name } = this.about;
    const { whole, bytes } = this.view;
    const content =
      whole && !lazyWorks(this.sqlite) ? whole : lazyBytes(this.view, snapshot.pageSize);
    try {
      this.db ??= new Db(this.sqlite, content, name);
      const { staleness } = snapshot;
      const check = (): void => {
        if (this.view.snapshot !== snapshot || !this.isIntact()) throw new SnapshotLost();
        // What is found is kept for later states: nothing that zeros stand in for may be.
        if (this.view.failure) throw this.view.failure;
      };
      const { prices } = this.about;
      const about = { ...this.about, prices, bytes, staleness, stamp: snapshot.stamp };
      return new OpenFile(this.db, about, this.runs, check);
    } catch (error) {
      const { failure } = this.view;
      this.drop();
      if (failure instanceof SnapshotLost) this.wal.forget();
      if (!this.isIntact()) throw new SnapshotLost();
      throw failure ?? error;
    }
  }

  private dropIf(open: OpenFile): void {
    if (this.open !== open) return;
    this.open = undefined;
    this.db?.endQueries();
  }

  private drop(): void {
    this.open = undefined;
    this.db?.close();
    this.db = undefined;
  }
}

const wait = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds));
