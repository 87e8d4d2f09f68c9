import { TraceError } from '../core/errors.ts';
import type { RunId, SpanId } from '../core/model.ts';
import type { Node, RunTree } from '../core/tree.ts';
import type { TraceFile } from '../protocol/reader.ts';
import type { SpanSource } from './dialect.ts';
import { dialectOf } from './dialects.ts';
import { Pause } from './pause.ts';
import { buildIndex, type RunEntry, type RunIndex, readRun } from './runIndex.ts';
import { RunView } from './runView.ts';
import { readSchema } from './schema.ts';
import type { Db } from './sqlite.ts';

// Trees are kept for this many spans together, at some 500 bytes each.
const keptSpans = 100_000;

/** One state of an open trace file: the index of its runs, and the trees of the latest used ones. */
export class OpenFile {
  readonly info: TraceFile;
  readonly source: SpanSource;
  private readonly check: () => void;
  private readonly pauses: boolean;
  private indexing: Promise<RunIndex> | undefined;
  /** In the order of their last use. */
  private readonly views = new Map<RunId, RunView>();
  private kept = 0;

  /** @param check throws SnapshotLost once the file is no longer what it was */
  constructor(
    db: Db,
    about: Omit<TraceFile, 'dialect'>,
    check: () => void = () => undefined,
    pauses = true,
  ) {
    // Nothing that a file's views and columns call may act outside of it.
    db.run('PRAGMA trusted_schema = OFF');
    const schema = readSchema(db);
    if (schema.tables.length === 0 && about.staleness?.beside === 'wal') {
      throw new TraceError('walOnly', [about.name]);
    }
    const dialect = dialectOf(schema, about.name);
    this.source = dialect.open(db, schema, about.bytes);
    this.info = { ...about, dialect: dialect.name };
    this.check = check;
    this.pauses = pauses;
  }

  index(): Promise<RunIndex> {
    this.indexing ??= this.build();
    return this.indexing;
  }

  private async build(): Promise<RunIndex> {
    try {
      const index = await buildIndex(
        this.source,
        (entry, tree) => this.keepNew(entry, tree),
        this.newPause(),
      );
      this.check();
      return index;
    } catch (error) {
      this.indexing = undefined;
      throw error;
    }
  }

  async entry(runId: RunId): Promise<RunEntry> {
    const entry = (await this.index()).byId.get(runId);
    if (!entry) throw new TraceError('runMissing');
    return entry;
  }

  async view(runId: RunId): Promise<RunView> {
    const entry = await this.entry(runId);
    const known = this.views.get(runId);
    if (known) {
      this.views.delete(runId);
      this.views.set(runId, known);
      return known;
    }
    return this.keep(this.viewOf(entry, readRun(this.source, await this.index(), entry)));
  }

  /** The span of an id, wherever in the file it is. */
  async find(spanId: SpanId): Promise<{ view: RunView; node: Node }> {
    const index = await this.index();
    const row = this.source.rowOf(spanId) ?? syntheticRow(spanId);
    const entry = row === undefined ? undefined : index.runOfRow(row);
    if (entry) {
      const view = await this.view(entry.runId);
      const node = view.tree.nodes.get(spanId);
      if (node) return { view, node };
    }
    throw new TraceError('spanMissing');
  }

  /** What was just built is kept while there is room: the next question is about one of these runs. */
  private keepNew(entry: RunEntry, tree: RunTree): void {
    if (this.kept + tree.ordered.length > keptSpans) return;
    this.keep(this.viewOf(entry, tree));
  }

  private viewOf(entry: RunEntry, tree: RunTree): RunView {
    return new RunView(this.source, entry, tree, () => this.newPause());
  }

  private newPause(): Pause {
    return this.pauses ? new Pause(this.check) : new Pause(undefined, Number.POSITIVE_INFINITY);
  }

  private keep(view: RunView): RunView {
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
  const row = /^rowid:(-?\d+)$/.exec(spanId)?.[1];
  return row === undefined ? undefined : Number(row);
}
