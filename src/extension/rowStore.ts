import { TraceError } from '../core/errors.ts';
import type { RunSummary } from '../core/model.ts';
import type { FileId, RunQuery, SpanRow as Span } from '../protocol/reader.ts';
import { findRuns } from './findRuns.ts';
import {
  type FileRow,
  type MoreRow,
  type ParentRow,
  type RunRow,
  rowId,
  type SpanRow,
} from './rows.ts';
import { clock } from './settings.ts';
import type { TraceFiles } from './traceFiles.ts';

export const pageSize = 200;
/** The most that the reader gives per call. */
const largestPage = 1000;

/** Which runs are shown. */
export type Shown = Pick<RunQuery, 'filter' | 'text'>;

interface Page {
  readonly rows: readonly (RunRow | SpanRow)[];
  readonly total: number;
}

/** The rows that were read, one object for each id, and what of their children is loaded. */
export class RowStore {
  private readonly fileRows = new Map<FileId, FileRow>();
  private readonly rows = new Map<string, RunRow | SpanRow>();
  private readonly moreRows = new Map<string, MoreRow>();
  /** How many children a row showed before its file was read again. */
  private readonly wanted = new Map<string, number>();
  private readonly loading = new Map<string, Promise<boolean>>();
  /** How often a file's rows were forgotten. */
  private readonly generations = new Map<FileId, number>();
  /** Ends the search for runs that nobody lists any more. */
  private readonly searches = new Map<FileId, AbortController>();
  private readonly files: TraceFiles;
  private readonly filter: () => Shown;

  constructor(files: TraceFiles, filter: () => Shown) {
    this.files = files;
    this.filter = filter;
  }

  file(file: FileId): FileRow {
    let row = this.fileRows.get(file);
    row ??= { type: 'file', id: rowId(file), file, loaded: undefined };
    this.fileRows.set(file, row);
    return row;
  }

  /** The rows of runs that were read. */
  runs(file: FileId): readonly RunRow[] {
    return [...this.rows.values()]
      .filter(row => row.type === 'run')
      .filter(row => row.file === file);
  }

  more(parent: ParentRow): MoreRow {
    const known = this.moreRows.get(parent.id);
    const row = known ?? { type: 'more', id: `more|${parent.id}`, parent, loading: false };
    this.moreRows.set(parent.id, row);
    return row;
  }

  /** Loads children until there are `count`, the first page at least. True when some were added. */
  load(parent: ParentRow, count: number): Promise<boolean> {
    const before = this.loading.get(parent.id) ?? Promise.resolve(false);
    const mine = before.catch(() => false).then(() => this.loadNow(parent, count));
    this.loading.set(parent.id, mine);
    return mine.finally(() => {
      if (this.loading.get(parent.id) === mine) this.loading.delete(parent.id);
    });
  }

  loadNext(parent: ParentRow): Promise<boolean> {
    const held = parent.loaded?.rows.length ?? this.wanted.get(parent.id) ?? 0;
    return this.load(parent, held + 1);
  }

  /** Forgets what was read of a file; as many rows as were shown are read again when asked for. */
  forget(file: FileId): void {
    this.generations.set(file, this.generationOf(file) + 1);
    this.searches.get(file)?.abort();
    this.searches.delete(file);
    const rows = [...this.rows.values()].filter(row => row.file === file);
    for (const row of [this.file(file), ...rows]) {
      if (row.loaded) this.wanted.set(row.id, row.loaded.rows.length);
      row.loaded = undefined;
    }
  }

  keepOnly(files: ReadonlySet<FileId>): void {
    for (const [file, fileRow] of this.fileRows) {
      if (files.has(file)) continue;
      this.fileRows.delete(file);
      this.generations.set(file, this.generationOf(file) + 1);
      // Its "Load more" row names the row that goes, not the one that a file opened again gets.
      for (const map of [this.moreRows, this.wanted]) map.delete(fileRow.id);
      for (const [id, row] of this.rows) {
        if (row.file !== file) continue;
        for (const map of [this.rows, this.moreRows, this.wanted]) map.delete(id);
      }
    }
  }

  private generationOf(file: FileId): number {
    return this.generations.get(file) ?? 0;
  }

  private async loadNow(parent: ParentRow, count: number): Promise<boolean> {
    const generation = this.generationOf(parent.file);
    const target = Math.max(count, parent.loaded ? 0 : (this.wanted.get(parent.id) ?? 0), 1);
    const goal = Math.ceil(target / pageSize) * pageSize;
    let added = false;
    while (!parent.loaded || parent.loaded.rows.length < Math.min(target, parent.loaded.total)) {
      const held = parent.loaded?.rows ?? [];
      const limit = Math.min(goal - held.length, largestPage);
      const rows = await this.page(parent, held.length, limit).catch(error => {
        if (this.generationOf(parent.file) === generation) throw error;
        return undefined;
      });
      // Rows of two states of a file beside each other would show some twice and others not at all.
      if (!rows || this.generationOf(parent.file) !== generation) {
        if (!this.stands(parent)) throw new TraceError('fileNotOpen');
        return this.loadNow(parent, target);
      }
      const page = rows();
      const total = page.rows.length === 0 ? held.length : page.total;
      parent.loaded = { rows: [...held, ...page.rows], total };
      added = true;
    }
    this.wanted.delete(parent.id);
    return added;
  }

  /** Of a file that was closed and opened again, the rows are others. */
  private stands(row: ParentRow): boolean {
    const fileRow = row.type === 'file' ? row : row.type === 'run' ? row.parent : row.run.parent;
    return this.fileRows.get(row.file) === fileRow;
  }

  /** Reads a page; what it gives then makes the rows, which are changed by that. */
  private async page(parent: ParentRow, offset: number, limit: number): Promise<() => Page> {
    const { file } = parent;
    if (parent.type === 'file') {
      const query = { ...this.filter(), offset, limit, clock: clock() };
      const searching = this.searches.get(file) ?? new AbortController();
      this.searches.set(file, searching);
      await findRuns(this.files, file, query, searching.signal);
      const page = await this.files.use(file, reader => reader.runs(file, query));
      return () => ({ rows: page.runs.map(run => this.runRow(parent, run)), total: page.matching });
    }
    const run = parent.type === 'run' ? parent : parent.run;
    const above = parent.type === 'run' ? undefined : parent.span.spanId;
    const page = await this.files.use(file, reader =>
      reader.children(file, run.run.runId, above, { offset, limit }),
    );
    return () => ({
      rows: page.spans.map(span => this.spanRow(parent, run, span)),
      total: page.total,
    });
  }

  private runRow(parent: FileRow, run: RunSummary): RunRow {
    const id = rowId(parent.file, run.runId);
    const known = this.rows.get(id);
    if (known?.type === 'run') {
      known.run = run;
      return known;
    }
    const { file } = parent;
    const row: RunRow = { type: 'run', id, file, parent, run, mark: '', loaded: undefined };
    this.rows.set(id, row);
    return row;
  }

  private spanRow(parent: RunRow | SpanRow, run: RunRow, span: Span): SpanRow {
    const { file } = parent;
    const id = rowId(file, span.runId, span.spanId);
    const known = this.rows.get(id);
    // A span that was given another parent is another row: the old object still stands in the old place.
    if (known?.type === 'span' && known.parent === parent) {
      known.span = span;
      return known;
    }
    const row: SpanRow = { type: 'span', id, file, run, parent, span, loaded: undefined };
    this.rows.set(id, row);
    return row;
  }
}
