import { TraceError } from '../core/errors.ts';
import type { RunId, SpanId } from '../core/model.ts';
import { priceTable } from '../core/priceTable.ts';
import { type Node, type RunTree, treeSteps } from '../core/tree.ts';
import type { IndexState, TraceFile, TraceSource } from '../protocol/reader.ts';
import type { SpanSource } from './dialect.ts';
import { dialectOf } from './dialects.ts';
import { FileIndex } from './fileIndex.ts';
import type { IndexWork } from './liveIndex.ts';
import { Pause } from './pause.ts';
import { type RunEntry, type RunIndex, readSpans } from './runIndex.ts';
import { RunView } from './runView.ts';
import { readSchema } from './schema.ts';
import { SnapshotLost } from './snapshotLost.ts';
import type { Db } from './sqlite.ts';
import { droppedSpans } from './traceInfo.ts';

// Trees are kept for this many spans together, at some 500 bytes each.
const keptSpans = 10_000;

/** One state of an open trace file, and the trees of its runs that were used last. */
export class OpenFile {
  readonly info: TraceFile;
  readonly source: SpanSource;
  private readonly check: () => void;
  private readonly runs: FileIndex;
  /** In the order of their last use. */
  private readonly views = new Map<RunId, RunView>();
  private kept = 0;

  /**
   * @param runs of the states of this file before
   * @param check throws SnapshotLost once the file is no longer what it was
   */
  constructor(
    db: Db,
    about: Omit<TraceFile, 'dialect' | 'droppedSpans'> & Pick<TraceSource, 'prices'>,
    runs = new FileIndex(),
    check: () => void = () => undefined,
  ) {
    // Nothing that a file's views and columns call may act outside of it.
    db.run('PRAGMA trusted_schema = OFF');
    const schema = readSchema(db);
    if (schema.tables.length === 0 && about.staleness?.beside === 'wal') {
      throw new TraceError('walOnly', [about.name]);
    }
    const dialect = dialectOf(schema, about.name);
    const { prices, ...facts } = about;
    const table = prices?.length ? { prices: [...prices, ...priceTable] } : {};
    this.source = { ...dialect.open(db, schema, about.bytes), ...table };
    // What is kept of a file holds costs.
    const stamp =
      prices?.length && facts.stamp ? facts.stamp + JSON.stringify(prices) : facts.stamp;
    this.info = { ...facts, stamp, dialect: dialect.name, droppedSpans: droppedSpans(db, schema) };
    this.runs = runs;
    runs.of(JSON.stringify([dialect.name, schema.tables]));
    this.check = check;
  }

  /** The runs as far as they were read. */
  index(): Promise<RunIndex> {
    return this.runs.index(this, this.work());
  }

  /** The same for all states of the file. */
  get lineage(): object {
    return this.runs;
  }

  /** Reads on for some milliseconds. */
  advance(milliseconds: number): Promise<IndexState> {
    return this.runs.advance(this, this.work(), milliseconds);
  }

  /** For work on this state alone. */
  pause(): Pause {
    return new Pause(this.check);
  }

  private async until(found: (index: RunIndex) => boolean): Promise<RunIndex> {
    const index = await this.index();
    return found(index) ? index : this.runs.until(this, this.work(), found);
  }

  async entry(runId: RunId): Promise<RunEntry> {
    const { byId } = await this.until(
      index => index.byId.get(runId)?.settled.partial === undefined && index.byId.has(runId),
    );
    const entry = byId.get(runId);
    if (!entry) throw new TraceError('runMissing');
    return entry;
  }

  async view(runId: RunId): Promise<RunView> {
    const entry = await this.entry(runId);
    const known = this.views.get(runId);
    // More of its rows may have been read since.
    if (known?.entry === entry) {
      this.views.delete(runId);
      this.views.set(runId, known);
      return known;
    }
    const { unnamed } = await this.index();
    const read = await readSpans(this.source, [entry], unnamed, this.pause());
    const spans = read?.get(runId);
    if (!spans || spans.length === 0) return this.changedMeanwhile();
    return this.keep(this.viewOf(entry, await this.pause().through(treeSteps(spans))));
  }

  /**
   * Runs, read together and not kept: whoever goes through a whole file needs each of them once. Of those
   * that are not wholly known, what is.
   */
  async readViews(entries: readonly RunEntry[]): Promise<readonly RunView[]> {
    const { unnamed } = await this.index();
    const pause = this.pause();
    const read = await readSpans(this.source, entries, unnamed, pause);
    const views: RunView[] = [];
    for (const entry of entries) {
      const spans = read?.get(entry.runId);
      if (!spans || spans.length === 0) return this.changedMeanwhile();
      views.push(this.viewOf(entry, await pause.through(treeSteps(spans))));
    }
    return views;
  }

  /** The span of an id, wherever in the file it is. */
  async find(spanId: SpanId): Promise<{ view: RunView; node: Node }> {
    const row = this.source.rowOf(spanId) ?? syntheticRow(spanId);
    if (row === undefined) throw new TraceError('spanMissing');
    const { runOfRow } = await this.until(index => index.runOfRow(row) !== undefined);
    const entry = runOfRow(row);
    if (entry) {
      const view = await this.view(entry.runId);
      const node = view.tree.nodes.get(spanId);
      if (node) return { view, node };
    }
    throw new TraceError('spanMissing');
  }

  /** A writer has changed what is read again only now and then. */
  private changedMeanwhile(): never {
    this.runs.distrust();
    throw new SnapshotLost();
  }

  /** What was just built is kept while there is room: the next question is about one of these runs. */
  private keepNew(entry: RunEntry, tree: RunTree): void {
    if (this.kept + tree.ordered.length > keptSpans) return;
    this.keep(this.viewOf(entry, tree));
  }

  private viewOf(entry: RunEntry, tree: RunTree): RunView {
    return new RunView(this.source, entry, tree, () => this.pause());
  }

  private work(): IndexWork {
    const onTree: IndexWork['onTree'] = (entry, tree) => this.keepNew(entry, tree);
    const { stamp } = this.info;
    return { stamp, pace: this.runs.pace, source: this.source, pause: this.pause(), onTree };
  }

  private keep(view: RunView): RunView {
    this.kept -= this.views.get(view.entry.runId)?.tree.ordered.length ?? 0;
    this.views.delete(view.entry.runId);
    this.views.set(view.entry.runId, view);
    this.kept += view.tree.ordered.length;
    for (const [runId, one] of this.views) {
      if (this.kept <= keptSpans || one === view) break;
      this.views.delete(runId);
      this.kept -= one.tree.ordered.length;
    }
    return view;
  }
}

function syntheticRow(spanId: SpanId): number | undefined {
  const row = /^rowid:(-?\d+(?:\.5)?)$/.exec(spanId)?.[1];
  return row === undefined ? undefined : Number(row);
}
