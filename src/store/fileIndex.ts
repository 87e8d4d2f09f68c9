import type { IndexState } from '../protocol/reader.ts';
import { type IndexWork, LiveIndex } from './liveIndex.ts';
import type { RunIndex } from './runIndex.ts';
import type { IndexKeeper } from './savedIndex.ts';

// A file of so few spans is read anew whenever it changes: that is exact, and takes as long as a look.
const fewRows = 10_000;
// What is read in so many milliseconds is waited for; the rest is read while something is shown already.
const firstAnswer = 80;
// Reading all again, to see what was changed in its place, has to take a small part of the time.
const restBefore = 400;
const restFor = 10;
// A writer that never rests does not put it off for ever.
const atLeastEvery = 30_000;

// Spans that are read in some 50 ms.
const worthKeeping = 30_000;
const saveEvery = 3000;

/**
 * The runs of one file as it changes. A large file is answered about before all of it was read, and after a
 * change only what most likely changed is read again; `advance` reads the rest.
 */
export class FileIndex {
  private live = new LiveIndex();
  private readonly keeper: IndexKeeper | undefined;
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

  /** @param keeper has what was read of the file before; undefined where nobody keeps it */
  constructor(keeper?: IndexKeeper) {
    this.keeper = keeper;
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
      this.save(work);
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
    const rest = Math.max(restBefore, restFor * this.readFor);
    const due = Math.min(this.changedAt + rest, this.sureAt + Math.max(rest, atLeastEvery));
    return Math.max(0, Math.ceil(due - performance.now()));
  }

  private async bringUp(state: object, work: IndexWork): Promise<RunIndex> {
    const known = this.live.index;
    if (this.state === state && known) return known;
    if (known && !(await this.update(work))) this.forget();
    const index = this.live.index ?? this.restore(work) ?? (await this.firstSteps(work));
    this.state = state;
    return index;
  }

  private restore(work: IndexWork): RunIndex | undefined {
    const key = this.keyOf(work);
    const saved = key === undefined ? undefined : this.keeper?.load(key);
    if (!saved) return undefined;
    this.live.restore(saved);
    this.saved = this.live.index?.version;
    return this.live.index;
  }

  /** Only of files that take long to read, and not with every commit. */
  private save(work: IndexWork): void {
    const key = this.keyOf(work);
    const { index, rowsRead } = this.live;
    if (key === undefined || !this.keeper || rowsRead < worthKeeping) return;
    if (this.unsure || !index || index.version === this.saved) return;
    if (!this.live.complete && performance.now() - this.savedAt < saveEvery) return;
    const saved = this.live.save();
    if (!saved) return;
    this.keeper.save(key, saved);
    this.saved = index.version;
    this.savedAt = performance.now();
  }

  private keyOf({ stamp }: IndexWork): string | undefined {
    return stamp === undefined ? undefined : `${stamp}\n${this.shape}`;
  }

  private async firstSteps(work: IndexWork): Promise<RunIndex> {
    const began = performance.now();
    let index: RunIndex;
    do index = await this.step(work);
    while (!this.live.complete && performance.now() - began < firstAnswer);
    return index;
  }

  /** False where all has to be read anew. */
  private async update(work: IndexWork): Promise<boolean> {
    this.changedAt = performance.now();
    if (this.live.complete && this.live.rowsRead <= fewRows) return false;
    if (!(await this.live.update(work))) return false;
    this.unsure = true;
    // Its runs are not shown yet.
    if (this.fresh && !(await this.fresh.update(quiet(work)))) this.fresh = undefined;
    return true;
  }

  private async step(work: IndexWork): Promise<RunIndex> {
    const began = performance.now();
    const { live } = this;
    await live.step(work);
    this.sureAt = performance.now();
    this.readFor += this.sureAt - began;
    const { index } = live;
    if (!index) throw new RangeError('a step ends with an index');
    return index;
  }

  private async lookAgain(work: IndexWork): Promise<void> {
    this.fresh ??= new LiveIndex();
    const { fresh } = this;
    await fresh.step(quiet(work));
    if (!fresh.complete || fresh !== this.fresh) return;
    // What is known of its runs besides, as that they have a text, goes with them.
    if (!sameRuns(fresh.index, this.live.index)) this.live = fresh;
    this.fresh = undefined;
    this.unsure = false;
    this.sureAt = performance.now();
  }

  /** One at a time, in the order of the calls. */
  private alone<T>(act: () => Promise<T>): Promise<T> {
    const done = this.queue.then(act);
    this.queue = done.catch(() => undefined);
    return done;
  }
}

const quiet = (work: IndexWork): IndexWork => ({ ...work, onTree: () => undefined });

function sameRuns(a: RunIndex | undefined, b: RunIndex | undefined): boolean {
  if (a?.entries.length !== b?.entries.length) return false;
  const text = (index: RunIndex | undefined, at: number): string =>
    JSON.stringify([index?.entries[at]?.settled, index?.entries[at]?.recent]);
  return a?.entries.every((_, at) => text(a, at) === text(b, at)) ?? true;
}
