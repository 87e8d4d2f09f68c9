import type { RunId } from '../core/model.ts';
import { type RunTree, treeSteps } from '../core/tree.ts';
import { type Chunk, readChunk } from './chunk.ts';
import type { RowId, RowRange, SpanSource } from './dialect.ts';
import { type Gathered, heldOf, partsOf } from './gathered.ts';
import type { Pause } from './pause.ts';
import {
  asPartial,
  asWhole,
  entryOf,
  type RunEntry,
  type RunIndex,
  readSpans,
} from './runIndex.ts';
import { cutRanges, listRuns, rowFinder } from './runList.ts';
import type { SavedIndex } from './savedIndex.ts';
import type { StoredSpan } from './storedSpan.ts';

/**
 * How much is read at a time, and kept: spans take some 500 bytes each. A run after whose rows so many
 * others come is taken to be whole.
 */
const usual = { firstRows: 4000, stepRows: 10_000, heldSpans: 60_000, apart: 2000 };
// Beyond, a run without an end is taken to have been left.
const openFor = 10 * 60_000;
const mostOpen = 200;
// What was written since and is more than this is read as the rest of a file is: a chunk at a time.
const mostAbove = 20_000;

// Unlike those of another process that answers for the same file.
let versions = Math.floor(performance.timeOrigin);

export interface IndexWork {
  /** Names the state of the file; undefined where that is not known. */
  readonly stamp: string | undefined;
  readonly source: SpanSource;
  readonly pause: Pause;
  /** From 0 to 1: how much is done before all has to have stayed as it is. A busy writer asks for less. */
  readonly pace: number;
  /** Is handed the tree of each run that was read; it may keep some. */
  readonly onTree: (entry: RunEntry, tree: RunTree) => void;
}

/**
 * The runs of a file, found by reading the narrow columns of its spans a chunk at a time, newest rows
 * first. Of what was read only the runs are kept, so that it takes little room however large the file.
 *
 * What throws, as where a writer ended the snapshot, leaves all as it was before or after a part was taken in.
 */
export class LiveIndex {
  private readonly runs = new Map<RunId, Gathered>();
  private readonly entries = new Map<RunId, RunEntry>();
  private readonly unread = new Set<RunId>();
  /** Worked out since the runs were listed. */
  private readonly unlisted = new Set<RunId>();
  private readonly partialAgain = new Map<RunId, RunEntry>();
  private readonly unnamed = new Set<RowId>();
  private newest: readonly RunEntry[] = [];
  /** All rows from `low` to `top` were read. */
  private low: RowId | undefined;
  private top: RowId | undefined;
  private topRun: RunId | undefined;
  private bottom: RowId = 0;
  private rows = 0;
  /** Among the runs that are listed. */
  private mayBePartial = true;
  private held = 0;
  private toPublishAt = 0;
  private published: RunIndex | undefined;
  private readonly sizes: typeof usual;

  constructor(sizes = usual) {
    this.sizes = sizes;
  }

  /** The runs so far; undefined before the first step. */
  get index(): RunIndex | undefined {
    return this.published;
  }

  /** It was found to be as another one, which is shown already. */
  sameAs(index: RunIndex): void {
    if (this.published) this.published = { ...this.published, version: index.version };
  }

  /** Rows were read, though there may be nothing to list yet. */
  get begun(): boolean {
    return this.low !== undefined;
  }

  get readAll(): boolean {
    return this.low !== undefined && this.low <= this.bottom;
  }

  get complete(): boolean {
    return this.readAll && this.unread.size === 0;
  }

  get rowsRead(): number {
    return this.rows;
  }

  /** More rows than these there are not, read or not; undefined before the first step. */
  get mostRows(): number | undefined {
    const { top, bottom } = this;
    return top === undefined ? undefined : top - bottom + 1;
  }

  /** How much of the file was read, from 0 to 1. */
  get share(): number {
    const { low, top, bottom } = this;
    if (this.readAll) return 1;
    return low === undefined || top === undefined ? 0 : (top - low + 1) / (top - bottom + 1);
  }

  /** Undefined while there is nothing worth keeping. */
  save(): SavedIndex | undefined {
    const { low, top, bottom, rows, newest } = this;
    if (low === undefined || top === undefined || !this.published) return undefined;
    // What is still to be worked out, or to be listed, would be missing for good.
    if (this.unread.size > 0 || this.unlisted.size > 0) return undefined;
    return { low, top, bottom, rows, unnamed: [...this.unnamed], runs: newest };
  }

  /** Goes on from what was saved of the same state of the file. */
  restore({ low, top, bottom, rows, unnamed, runs }: SavedIndex): void {
    Object.assign(this, { low, top, bottom, rows });
    for (const row of unnamed) this.unnamed.add(row);
    for (const entry of runs) {
      const { runId, ranges } = entry;
      this.entries.set(runId, entry);
      this.runs.set(runId, { runId, ranges, parts: undefined, count: entry.settled.spans });
    }
    this.newest = runs;
    this.list();
    this.topRun = this.published?.runOfRow(top)?.runId;
  }

  /** Reads on. Ends with runs that can be listed. */
  async step(work: IndexWork): Promise<void> {
    const { source, pause } = work;
    if (!this.readAll) {
      const bounds =
        this.top === undefined ? source.bounds() : { first: this.bottom, last: this.top };
      if (bounds) {
        const last = (this.low ?? bounds.last + 1) - 1;
        const usually = this.low === undefined ? this.sizes.firstRows : this.sizes.stepRows;
        const count = Math.ceil(usually * work.pace);
        // Of ids that repeat, the first row has the name: all have to be read in order.
        const from = source.idsMayRepeat ? undefined : source.rowBefore(last, count);
        const chunk = await readChunk(source, { first: from ?? bounds.first, last }, pause);
        if (this.top === undefined) this.topRun = chunk.lastRun;
        this.top ??= bounds.last;
        this.bottom = bounds.first;
        this.takeBelow(chunk);
      } else {
        pause.check();
        [this.low, this.top, this.bottom] = [0, -1, 0];
      }
    }
    // Listing takes longer the more there are. What is not listed yet is worked out all the same, as its
    // spans take room.
    const lists = !this.published || this.readAll || this.rows >= this.toPublishAt;
    if (lists) await this.publish(work);
    else await this.workOut(work, run => !this.goesOn(run));
    this.letGo();
    if (lists) this.toPublishAt = 2 * this.rows;
  }

  /**
   * Takes in what was written since: new rows, and those of runs that go on. Rows of older runs that were
   * changed in their place are not noticed.
   *
   * @returns false where rows are gone or were numbered anew, so that all has to be read again
   */
  async update(work: IndexWork): Promise<boolean> {
    const { source, pause } = work;
    const { low, top } = this;
    if (low === undefined || top === undefined || !this.published) return false;
    const bounds = source.bounds();
    if (source.idsMayRepeat || !bounds || bounds.last < top || this.rows === 0) return false;
    if ((source.rowBefore(bounds.last, mostAbove) ?? top) > top) return false;
    const above = { first: top + 1, last: bounds.last };
    const chunk = await readChunk(source, above, pause);
    // What was read and not worked out yet may have been changed since as well.
    const again = new Set([...chunk.runs.keys(), ...this.openRuns(work.pace), ...this.unread]);
    // A replaced row may have got the number that it had.
    if (this.topRun !== undefined) again.add(this.topRun);
    const found = new Map<RunId, { spans: StoredSpan[]; ranges: readonly RowRange[] }>();
    const rangesOf = (runId: RunId): readonly RowRange[] => this.runs.get(runId)?.ranges ?? [];
    const wanted = [...again].map(runId => ({ runId, ranges: rangesOf(runId) }));
    const read = await readSpans(source, wanted, this.unnamed, pause);
    if (!read) return false;
    for (const { runId, ranges: known } of wanted) {
      const spans = read.get(runId) ?? [];
      const added = chunk.runs.get(runId);
      const ranges = [...cutRanges(known, spans), ...(added?.ranges ?? [])];
      found.set(runId, { spans: [...spans, ...(added?.spans ?? [])], ranges });
      await pause.ifLong();
    }
    pause.check();
    this.takeAbove(chunk, found);
    await this.publish(work);
    this.letGo();
    return true;
  }

  /** Runs that a writer may still be at: those of an age with the newest, without an end. */
  private openRuns(pace: number): readonly RunId[] {
    let latest = Number.NEGATIVE_INFINITY;
    const open = new Map<RunId, RunEntry>();
    const take = (entry: RunEntry): void => {
      const { lastActivity, judgement } = entry.settled;
      if (lastActivity !== undefined && lastActivity > latest) latest = lastActivity;
      if (judgement) open.set(entry.runId, entry);
    };
    // At each commit, of any number of runs: no table is made of them, and few are looked up in one.
    for (const entry of this.newest) if (!this.unlisted.has(entry.runId)) take(entry);
    for (const runId of this.unlisted) {
      const entry = this.entries.get(runId);
      if (entry) take(entry);
    }
    return [...open.values()]
      .filter(({ runId }) => this.entries.has(runId))
      .filter(({ settled }) => (settled.lastActivity ?? 0) > latest - openFor)
      .slice(0, Math.ceil(mostOpen * pace))
      .map(({ runId }) => runId);
  }

  private takeBelow({ range, runs, unnamed }: Chunk): void {
    this.low = range.first;
    this.mayBePartial = true;
    for (const row of unnamed) this.unnamed.add(row);
    for (const [runId, { spans, ranges }] of runs) {
      const known = this.runs.get(runId);
      const parts = known ? known.parts && [...known.parts, spans] : [spans];
      if (parts) this.held += spans.length;
      this.runs.set(runId, {
        runId: known?.runId ?? runId,
        ranges: [...ranges, ...(known?.ranges ?? [])],
        parts,
        count: spans.length + (known?.count ?? 0),
      });
      // It is worked out again when all was read.
      const entry = parts ? undefined : this.entries.get(runId);
      if (entry) this.partialAgain.set(runId, entry);
      this.unread.add(runId);
      this.rows += spans.length;
    }
  }

  private takeAbove(
    { range, unnamed, lastRun }: Chunk,
    found: ReadonlyMap<RunId, { spans: StoredSpan[]; ranges: readonly RowRange[] }>,
  ): void {
    this.top = Math.max(range.last, this.top ?? range.last);
    this.topRun = lastRun ?? this.topRun;
    for (const row of unnamed) this.unnamed.add(row);
    for (const [runId, { spans, ranges }] of found) {
      const known = this.runs.get(runId);
      this.held -= heldOf(known);
      this.rows += spans.length - (known?.count ?? 0);
      if (spans.length === 0) {
        this.runs.delete(runId);
        this.entries.delete(runId);
        this.unread.delete(runId);
        continue;
      }
      const { length } = spans;
      this.runs.set(runId, { runId: known?.runId ?? runId, ranges, parts: [spans], count: length });
      this.held += spans.length;
      this.unread.add(runId);
    }
  }

  /** Works out what the runs that were read are, and lists all. */
  async publish(work: IndexWork): Promise<void> {
    const changed = await this.workOut(work, () => true);
    for (const runId of [...this.nowWhole(), ...this.nowPartial(changed)]) this.unlisted.add(runId);
    const listed = [...this.unlisted].flatMap(runId => this.entries.get(runId) ?? []);
    this.unlisted.clear();
    this.newest = listRuns(this.entries, this.newest, listed);
    this.list();
  }

  /** Works out what runs are, some at a time: of each part, all that throws comes before it is taken in. */
  private async workOut(
    work: IndexWork,
    which: (run: Gathered) => boolean,
  ): Promise<ReadonlySet<RunId>> {
    const runs = [...this.unread].flatMap(runId => this.runs.get(runId) ?? []);
    const ready = runs.filter(run => (run.parts || this.readAll) && which(run));
    const worked = new Set<RunId>();
    for (const part of partsOf(ready, this.sizes.heldSpans)) {
      for (const runId of await this.workOutPart(part, work)) worked.add(runId);
    }
    // The next look at the file finds the rows of the others numbered anew as well.
    if (this.readAll) this.unread.clear();
    return worked;
  }

  private async workOutPart(
    runs: readonly Gathered[],
    { source, pause, onTree }: IndexWork,
  ): Promise<readonly RunId[]> {
    const gone = runs.filter(run => !run.parts);
    const again = await readSpans(source, gone, this.unnamed, pause);
    const changed: (readonly [RunEntry, RunTree])[] = [];
    for (const run of runs) {
      const { runId, ranges, parts } = run;
      // Rows of one of them that were numbered anew say nothing of the others.
      const read =
        again ?? (parts ? undefined : await readSpans(source, [run], this.unnamed, pause));
      const spans = parts ? [...parts].reverse().flat() : read?.get(runId);
      if (!spans || spans.length === 0) continue;
      const tree = await pause.through(treeSteps(spans));
      changed.push([entryOf(runId, ranges, tree, this.mayGoOn({ ranges })), tree]);
      await pause.ifLong();
    }
    pause.check();
    for (const [entry, tree] of changed) {
      const { runId } = entry;
      this.unread.delete(runId);
      this.entries.set(runId, entry);
      this.unlisted.add(runId);
      onTree(entry, tree);
    }
    return changed.map(([{ runId }]) => runId);
  }

  private list(): void {
    this.published = {
      entries: this.newest,
      byId: this.entries,
      unnamed: this.unnamed,
      runOfRow: rowFinder(this.newest),
      share: this.readAll ? undefined : this.share,
      version: ++versions,
    };
  }

  /** Its next rows most likely come next. Of too many that may go on, only the one that was read last. */
  private goesOn(run: Gathered): boolean {
    if (this.held <= this.sizes.heldSpans) return this.mayGoOn(run);
    return !this.readAll && run.ranges[0]?.first === this.low;
  }

  private mayGoOn({ ranges }: { readonly ranges: readonly RowRange[] }): boolean {
    return !this.readAll && (ranges[0]?.first ?? 0) < (this.low ?? 0) + this.sizes.apart;
  }

  /** Runs that were still read of when they were worked out, and have turned out to be all there. */
  private nowWhole(): readonly RunId[] {
    const unlisted = [...this.unlisted].flatMap(runId => this.entries.get(runId) ?? []);
    const listed = this.mayBePartial ? this.newest : [];
    // Once all is read, and worked out, only what comes is to be looked at.
    this.mayBePartial = !this.readAll || this.unread.size > 0;
    const whole = [...listed, ...unlisted].filter(
      one =>
        one.settled.partial &&
        this.entries.get(one.runId) === one &&
        !this.unread.has(one.runId) &&
        !this.mayGoOn(one),
    );
    for (const one of whole) this.entries.set(one.runId, asWhole(one));
    return whole.map(({ runId }) => runId);
  }

  /** Runs of which more was found than was worked out. */
  private nowPartial(changed: ReadonlySet<RunId>): readonly RunId[] {
    const found: RunId[] = [];
    for (const [runId, entry] of this.partialAgain) {
      if (changed.has(runId) || this.entries.get(runId) !== entry) continue;
      this.entries.set(runId, asPartial(entry));
      this.mayBePartial = true;
      found.push(runId);
    }
    this.partialAgain.clear();
    return found;
  }

  /**
   * What has been worked out can be read again; what comes next most likely belongs to the latest runs.
   */
  private letGo(): void {
    const gone: Gathered[] = [];
    for (const [runId, run] of this.runs) {
      if (run.parts && !this.unread.has(runId) && !this.goesOn(run)) gone.push(run);
    }
    for (const run of gone) {
      this.held -= heldOf(run);
      this.runs.set(run.runId, { ...run, parts: undefined });
    }
  }
}
