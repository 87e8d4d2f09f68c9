import { TraceError } from '../core/errors.ts';
import type { RunId, SpanId } from '../core/model.ts';
import type { Node } from '../core/tree.ts';
import type { FileId, Staleness, TraceFile } from '../protocol/reader.ts';
import type { SpanSource } from './dialect.ts';
import { dialectOf } from './dialects.ts';
import { buildIndex, type RunEntry, type RunIndex, readRun } from './runIndex.ts';
import { RunView } from './runView.ts';
import { readSchema } from './schema.ts';
import type { Db } from './sqlite.ts';

// Trees are kept for this many spans together, at some 500 bytes each.
const keptSpans = 100_000;

/** An open trace file: its database, the index of its runs, and the trees of the latest used ones. */
export class OpenFile {
  readonly info: TraceFile;
  readonly source: SpanSource;
  private readonly db: Db;
  private indexing: Promise<RunIndex> | undefined;
  /** In the order of their last use. */
  private readonly views = new Map<RunId, RunView>();
  private kept = 0;

  constructor(
    db: Db,
    file: FileId,
    name: string,
    bytes: number,
    wal: boolean,
    staleness: Staleness | undefined,
  ) {
    this.db = db;
    try {
      // Nothing that a file's views and columns call may act outside of it.
      db.run('PRAGMA trusted_schema = OFF');
      const schema = readSchema(db);
      if (schema.tables.length === 0 && staleness === 'wal' && wal) {
        throw new TraceError('walOnly', [name]);
      }
      const dialect = dialectOf(schema, name);
      this.source = dialect.open(db, schema, bytes);
      this.info = { file, name, dialect: dialect.name, bytes, staleness };
    } catch (error) {
      db.close();
      throw error;
    }
  }

  index(): Promise<RunIndex> {
    this.indexing ??= buildIndex(this.source, (entry, tree) => {
      // What was just built is kept while there is room: the next question is about one of these runs.
      if (this.kept + tree.ordered.length <= keptSpans) {
        this.keep(new RunView(this.source, entry, tree));
      }
    });
    return this.indexing;
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
    return this.keep(
      new RunView(this.source, entry, readRun(this.source, await this.index(), entry)),
    );
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

  close(): void {
    this.db.close();
    this.views.clear();
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
