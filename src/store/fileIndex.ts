import type { IndexState } from '../protocol/reader.ts';
import { type IndexWork, LiveIndex } from './liveIndex.ts';
import type { RunEntry, RunIndex } from './runIndex.ts';
import type { IndexKeeper } from './savedIndex.ts';
import { SnapshotLost } from './snapshotLost.ts';

const usual = {
  /** A file of so few spans is read anew whenever it changes: that is exact, and takes as long as a look. */
  fewRows: 10_000,
  /** What is read in so many milliseconds is waited for; the rest while something is shown already. */
  firstAnswer: 80,
  // Reading all again, to see what was changed in its place, has to take a small part of the time.
  restBefore: 400,
  restFor: 5,
  /** A writer that never rests does not put it off for ever. */
  atLeastEvery: 30_000,
  /** Spans that are read in some 50 ms. */
  worthKeeping: 30_000,
  saveEvery: 3000,
};
// Milliseconds that a span takes.
const usualTime = 0.005;
const slowest = 1 / 20;

/**
 * The runs of one file as it changes. A large file is answered about before all of it was read, and after a
 * change only what most likely changed is read again; `advance` reads the rest.
 */
export class FileIndex {
  private live = new LiveIndex();
  private readonly keeper: IndexKeeper | undefined;
  private readonly limits: typeof usual;
  private savedAt = Number.NEGATIVE_INFINITY;
  private saved: number | undefined;
  /** Reads all again, to find what was changed in its place. */
  private fresh: LiveIndex | undefined;
  private shape = '';
  private state: object | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private unsure = false;
  private changedAt = Number.NEGATIVE_INFINITY;
  private sureAt = Number.NEGATIVE_INFINITY;
  private readFor = 0;
  private lookedFor = 0;
  /** Something was written while all was read again. */
  private overtaken = false;
  /** What is kept was not found to be wrong. */
  private trusts = true;
  /** See `IndexWork`. */
  pace = 1;

  /** @param keeper has what was read of the file before; undefined where nobody keeps it */
  constructor(keeper?: IndexKeeper, limits = usual) {
    this.keeper = keeper;
    this.limits = limits;
  }

  /** Says what the file's tables are; of others, what is known is of no use. */
  of(shape: string): void {
    if (this.shape !== shape) this.forget();
    this.shape = shape;
  }

  /** All has to be read again. */
  forget(): void {
    this.live = new LiveIndex();
    this.fresh = undefined;
    this.state = undefined;
    this.unsure = false;
    this.readFor = 0;
    this.lookedFor = 0;
  }

  /** What is known, and what is kept, was found to be wrong. */
  distrust(): void {
    this.trusts = false;
    this.forget();
  }

  /**
   * The runs as far as they were read.
   *
   * @param state of the file; another object for each
   */
  async index(state: object, work: IndexWork): Promise<RunIndex> {
    const known = this.state === state ? this.live.index : undefined;
    return known ?? this.alone(() => this.bringUp(state, work));
  }

  /** Reads on until something was found, or all was read. */
  until(state: object, work: IndexWork, found: (index: RunIndex) => boolean): Promise<RunIndex> {
    return this.alone(async () => {
      let index = await this.bringUp(state, work);
      while (!this.live.complete && !found(index)) index = await this.step(work);
      return index;
    });
  }

  /** Reads on for some milliseconds. */
  advance(state: object, work: IndexWork, milliseconds: number): Promise<IndexState> {
    return this.alone(async () => {
      await this.bringUp(state, work);
      const end = performance.now() + milliseconds;
      do {
        if (!this.live.complete) await this.step(work);
        else if (this.unsure && this.wait === 0) await this.lookAgain(work);
        else break;
      } while (performance.now() < end);
      await this.save(work);
      return this.about;
    });
  }

  private get about(): IndexState {
    const { live, unsure } = this;
    const version = live.index?.version ?? 0;
    const wait = live.complete ? (unsure ? this.wait : undefined) : 0;
    return { version, share: live.complete ? undefined : live.share, wait };
  }

  /** Milliseconds until all may be read again. */
  private get wait(): number {
    if (this.fresh) return 0;
    const rest = Math.max(this.limits.restBefore, this.limits.restFor * this.readFor);
    const due = Math.min(
      this.changedAt + rest,
      this.sureAt + Math.max(rest, this.limits.atLeastEvery),
    );
    return Math.max(0, Math.ceil(due - performance.now()));
  }

  private async bringUp(state: object, work: IndexWork): Promise<RunIndex> {
    // Of a state that is gone, nothing must be taken in.
    work.pause.check();
    const known = this.live.index;
    if (this.state === state && known) return known;
    // What was read of another state and could not be listed yet is of no use.
    if (known ? !(await this.update(work)) : this.live.begun) this.forget();
    const index = this.live.index ?? this.restore(work) ?? (await this.firstSteps(work));
    this.state = state;
    return index;
  }

  private restore(work: IndexWork): RunIndex | undefined {
    const key = this.keyOf(work);
    const saved = key === undefined || !this.trusts ? undefined : this.keeper?.load(key);
    if (!saved) return undefined;
    this.live.restore(saved);
    this.readFor = saved.rows * usualTime;
    this.saved = this.live.index?.version;
    return this.live.index;
  }

  /** Only of files that take long to read, and not with every commit. */
  private async save(work: IndexWork): Promise<void> {
    const key = this.keyOf(work);
    const { live } = this;
    if (key === undefined || !this.keeper || live.rowsRead < this.limits.worthKeeping) return;
    if (this.unsure || live.index?.version === this.saved) return;
    if (!live.complete) {
      if (performance.now() - this.savedAt < this.limits.saveEvery) return;
      await this.pacing(() => live.publish(work));
    }
    const saved = live.save();
    if (!saved) return;
    this.keeper.save(key, saved);
    this.trusts = true;
    this.saved = live.index?.version;
    this.savedAt = performance.now();
  }

  private keyOf({ stamp }: IndexWork): string | undefined {
    return stamp === undefined ? undefined : `${stamp}\n${this.shape}`;
  }

  private async firstSteps(work: IndexWork): Promise<RunIndex> {
    const began = performance.now();
    let index: RunIndex;
    do index = await this.step(work);
    while (!this.live.complete && performance.now() - began < this.limits.firstAnswer);
    return index;
  }

  /** False where all has to be read anew. */
  private async update(work: IndexWork): Promise<boolean> {
    this.changedAt = performance.now();
    const { complete, rowsRead, mostRows = 0 } = this.live;
    if ((complete ? rowsRead : mostRows) <= this.limits.fewRows) return false;
    const done = await this.pacing(async () => {
      if (!(await this.live.update(work))) return false;
      this.unsure = true;
      this.overtaken = true;
      // Its runs are not shown yet.
      if (this.fresh && !(await this.fresh.update(quiet(work)))) this.fresh = undefined;
      return true;
    });
    return done;
  }

  private async step(work: IndexWork): Promise<RunIndex> {
    const began = performance.now();
    const { live } = this;
    await this.pacing(() => live.step(work));
    this.sureAt = performance.now();
    this.readFor += this.sureAt - began;
    const { index } = live;
    if (!index) throw new RangeError('a step ends with an index');
    return index;
  }

  private async lookAgain(work: IndexWork): Promise<void> {
    if (!this.fresh) {
      this.fresh = new LiveIndex();
      this.overtaken = false;
      this.lookedFor = 0;
    }
    const { fresh } = this;
    const began = performance.now();
    await this.pacing(() => fresh.step(quiet(work)));
    this.lookedFor += performance.now() - began;
    if (!fresh.complete || fresh !== this.fresh) return;
    const shown = this.live.index;
    if (shown && sameRuns(fresh.index, shown)) fresh.sameAs(shown);
    // Its entries are others: what is known of runs besides, as that they have a text, is not of these rows.
    this.live = fresh;
    this.fresh = undefined;
    this.readFor = this.lookedFor;
    // What was changed in its place after it was read: the next time.
    this.unsure = this.overtaken;
    this.sureAt = performance.now();
  }

  /** Where writers are faster, less is done at a time, until they rest. */
  private async pacing<T>(act: () => Promise<T>): Promise<T> {
    try {
      const done = await act();
      this.pace = Math.min(1, this.pace * 1.3);
      return done;
    } catch (error) {
      if (error instanceof SnapshotLost) this.pace = Math.max(slowest, this.pace / 2);
      throw error;
    }
  }

  /** One at a time, in the order of the calls. */
  private alone<T>(act: () => Promise<T>): Promise<T> {
    const done = this.queue.then(act);
    this.queue = done.catch(() => undefined);
    return done;
  }
}

const quiet = (work: IndexWork): IndexWork => ({ ...work, onTree: () => undefined });

const textOf = (entry: RunEntry | undefined): string =>
  JSON.stringify([entry?.settled, entry?.recent, entry?.failures]);

function sameRuns(a: RunIndex | undefined, b: RunIndex | undefined): boolean {
  if (a?.entries.length !== b?.entries.length) return false;
  const text = (index: RunIndex | undefined, at: number): string => textOf(index?.entries[at]);
  return a?.entries.every((_, at) => text(a, at) === text(b, at)) ?? true;
}
