import * as vscode from 'vscode';
import { TraceError } from '../core/errors.ts';
import type { SpanRef } from '../protocol/panel.ts';
import type { FileId, RunFilter } from '../protocol/reader.ts';
import type { ReplaySummary } from '../protocol/replay.ts';
import { DisposableStore } from './disposables.ts';
import { errorWords } from './errors.ts';
import { findRuns } from './findRuns.ts';
import { setContext } from './ids.ts';
import { markWords } from './insightMarks.ts';
import type { Insights } from './insights.ts';
import { type KeptReplays, uriOfFile } from './replay/kept.ts';
import { ReplayRows } from './replay/replayRows.ts';
import { RowStore } from './rowStore.ts';
import {
  type MoreRow,
  type ParentRow,
  type ReplayRow,
  type Row,
  type RunRow,
  rowId,
  type SpanRow,
} from './rows.ts';
import { clock } from './settings.ts';
import { sizeOf } from './sources.ts';
import { tooltipOf } from './tooltips.ts';
import type { ListedFile, TraceFiles } from './traceFiles.ts';
import { treeItem } from './treeItems.ts';
import { TreeRefreshes } from './treeRefreshes.ts';

/** With few small files each row can say at once how many runs it has; others are read when unfolded. */
const readAtOnce = { files: 100, bytes: 64 * 1024 * 1024 };
/** Milliseconds for which the first rows wait for such files, rather than be drawn twice. */
const firstWait = 500;

type KnownInsights = Pick<Insights, 'ofRun' | 'onDidChange'>;

/** The tree trace file > run > spans, read page by page. */
export class RunTree implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changes = this.store.add(new vscode.EventEmitter<Row[] | undefined>());
  readonly onDidChangeTreeData = this.changes.event;
  private readonly filters = this.store.add(new vscode.EventEmitter<void>());
  /** Another filter holds: a person chose it, or it was taken off to show a row. */
  readonly onDidFilter = this.filters.event;
  private readonly unfolds = this.store.add(new vscode.EventEmitter<FileId>());
  /** What lies below a file is asked for. */
  readonly onDidUnfold = this.unfolds.event;
  readonly rows: RowStore;
  private readonly files: TraceFiles;
  private readonly insights: KnownInsights;
  private readonly searched: () => Promise<void>;
  private readonly kept: KeptReplays;
  private readonly replays: ReplayRows;
  /** Runs that were drawn with replays. */
  private replayed: ReadonlySet<RunRow> = new Set();
  private readonly refreshes: TreeRefreshes;
  private shownFilter: RunFilter = 'all';
  private shownText = '';

  constructor(
    files: TraceFiles,
    insights: KnownInsights,
    searched: () => Promise<void>,
    kept: KeptReplays,
  ) {
    this.kept = kept;
    this.replays = new ReplayRows(kept);
    this.files = files;
    this.insights = insights;
    this.searched = searched;
    this.rows = new RowStore(files, () => ({ filter: this.shownFilter, text: this.shownText }));
    this.refreshes = new TreeRefreshes(
      rows => this.changes.fire(rows),
      // Set again to what it is: the window answers only after what was sent to it before.
      () => setContext('agentTraces.filtered', this.filtered),
    );
    this.store.add(
      files.onDidChange(event => {
        if (event.kind === 'list') return this.listChanged();
        if (event.kind === 'file') this.rows.forget(event.file);
        this.refreshes.file(this.rows.file(event.file));
      }),
    );
    this.store.add(insights.onDidChange(file => this.markRuns(file)));
    this.store.add(kept.onDidChange(() => this.redrawReplayed()));
  }

  get filter(): RunFilter {
    return this.shownFilter;
  }

  /** Words that the shown runs hold; empty where any will do. */
  get text(): string {
    return this.shownText;
  }

  get filtered(): boolean {
    return this.shownFilter !== 'all' || this.shownText !== '';
  }

  setFilter(filter: RunFilter, text: string): void {
    this.shownFilter = filter;
    this.shownText = text;
    this.filters.fire();
    for (const { id } of this.files.list()) {
      this.rows.forget(id);
      this.refreshes.file(this.rows.file(id));
    }
  }

  /** How many runs the filter lets through, in the files that were read. */
  async counts(): Promise<{ readonly matching: number; readonly runs: number }> {
    const read = this.files.list().filter(file => file.info !== undefined);
    const shown = { filter: this.shownFilter, text: this.shownText };
    const query = { ...shown, clock: clock(), offset: 0, limit: 0 };
    const pages = await Promise.all(
      read.map(async ({ id }) => {
        await findRuns(this.files, id, query);
        return this.files.use(id, reader => reader.runs(id, query));
      }),
    );
    return {
      matching: pages.reduce((sum, page) => sum + page.matching, 0),
      runs: read.reduce((sum, file) => sum + (file.totals?.runs ?? 0), 0),
    };
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const { files, insights, filtered } = this;
    const { replays } = this;
    return treeItem(row, { files, insights, filtered, replays, now: Date.now() });
  }

  resolveTreeItem(item: vscode.TreeItem, row: Row): vscode.TreeItem {
    item.tooltip = tooltipOf(row, this.files, this.insights);
    return item;
  }

  getParent(row: Row): Row | undefined {
    return row.type === 'file' ? undefined : row.parent;
  }

  getChildren(row?: Row): Promise<Row[]> {
    if (!row) {
      // What was replayed comes when it is known: the tree does not wait for it.
      void this.kept.load();
      return this.refreshes.whileListing(
        () => this.readFirst(),
        () => this.files.list().map(({ id }) => this.rows.file(id)),
      );
    }
    if (row.type === 'replays') return Promise.resolve(this.replays.of(row));
    if (row.type === 'more' || row.type === 'note' || row.type === 'replay') {
      return Promise.resolve([]);
    }
    if (row.type === 'file') this.unfolds.fire(row.file);
    return this.refreshes.whileReading(row.file, () => this.children(row));
  }

  private async children(row: ParentRow): Promise<Row[]> {
    try {
      await this.rows.load(row, 0);
    } catch (error) {
      return [this.note(row, 'error', errorWords(error, vscode.l10n.t('This file')), '')];
    }
    const replays = row.type === 'run' ? this.replays.below(row) : undefined;
    const rows: Row[] = [...this.notes(row), ...(row.loaded?.rows ?? []), ...this.more(row)];
    return replays ? [...rows, replays] : rows;
  }

  async loadMore(more: MoreRow): Promise<void> {
    more.loading = true;
    this.refreshes.row(more);
    try {
      await this.rows.loadNext(more.parent);
    } finally {
      more.loading = false;
      this.refreshes.row(more.parent);
    }
  }

  /** The row of a span; whatever pages lie before it are loaded, and a filter that hides it is taken off. */
  async rowOf(ref: SpanRef): Promise<RunRow | SpanRow | ReplayRow> {
    const replay = this.kept.at(ref);
    if (replay) return this.replayRow(replay);
    const place = await this.files.use(ref.file, reader => reader.locate(ref.file, ref.spanId));
    const indexNow = async (): Promise<number> => {
      const asked = { text: this.shownText, clock: clock() };
      await findRuns(this.files, ref.file, asked);
      return this.files.use(ref.file, reader =>
        reader.runIndex(ref.file, place.runId, this.shownFilter, asked.clock, asked.text),
      );
    };
    let index = await indexNow();
    if (index < 0 && this.filtered) {
      this.setFilter('all', '');
      index = await indexNow();
    }
    if (index < 0) throw new TraceError('runMissing');
    let row = await this.child(this.rows.file(ref.file), index, rowId(ref.file, place.runId));
    for (const step of place.path) {
      row = await this.child(row, step.index, rowId(ref.file, place.runId, step.spanId));
    }
    return row;
  }

  private async replayRow({ run, ofFile, ofSpan }: ReplaySummary): Promise<ReplayRow> {
    const uri = uriOfFile(ofFile ?? '').toString();
    const file = this.files.get(uri)?.id;
    // Its original is not open, so that there is no row for it.
    if (!file) throw new TraceError('runMissing');
    const { runId } = await this.files.use(file, reader => reader.locate(file, ofSpan));
    const { rootSpanId } = await this.files.use(file, reader => reader.run(file, runId, clock()));
    const row = await this.rowOf({ file, spanId: rootSpanId });
    const group = row.type === 'run' ? this.replays.below(row) : undefined;
    const found = group && this.replays.of(group).find(one => one.replay.run.runId === run.runId);
    if (!found) throw new TraceError('spanMissing');
    return found;
  }

  /** Rows of runs that have replays now, or had some. */
  private redrawReplayed(): void {
    const rows = this.files
      .list()
      .flatMap(({ id }) => this.rows.runs(id))
      .filter(row => this.replays.count(row.file, row.run.runId) > 0);
    const all = new Set([...this.replayed, ...rows]);
    this.replayed = new Set(rows);
    for (const row of all) this.refreshes.row(row);
  }

  /** Reveals a row, undisturbed by rows that are drawn again. */
  whileRevealing<T>(row: RunRow | SpanRow | ReplayRow, reveal: () => PromiseLike<T>): Promise<T> {
    // A replay stands below the run that it is of.
    const { file } = row.type === 'replay' ? row.parent : row;
    return this.refreshes.whileRevealing(file, reveal);
  }

  private async child(parent: ParentRow, index: number, id: string): Promise<RunRow | SpanRow> {
    if (await this.rows.load(parent, index + 1)) this.refreshes.row(parent);
    const rows = parent.loaded?.rows ?? [];
    const row = rows[index]?.id === id ? rows[index] : rows.find(one => one.id === id);
    if (!row) throw new TraceError('spanMissing');
    return row;
  }

  private async readFirst(): Promise<void> {
    await this.searched();
    const files = this.files.list().filter(file => !file.ofMachine);
    if (files.length <= readAtOnce.files && (await bytesOf(files)) <= readAtOnce.bytes) {
      // What keeps a file from being read is said by its row.
      const reading = files.map(({ id }) => this.files.open(id).catch(() => undefined));
      await Promise.race([Promise.all(reading), pause(firstWait)]);
    }
  }

  private notes(row: ParentRow): Row[] {
    if (row.type !== 'file') return [];
    const t = vscode.l10n.t;
    const notes: Row[] = [];
    if (this.files.get(row.file)?.info?.staleness) {
      const why = t('A writer has data that could not be shown.');
      notes.push(this.note(row, 'warning', t('may be stale'), why));
    }
    if (row.loaded?.total !== 0) return notes;
    const clear = t('Clear the filter to see all.');
    const hits = this.shownText === '' ? '' : this.shownText.slice(0, 60);
    if (hits) return [...notes, this.note(row, 'info', t('No run matches “{0}”.', hits), clear)];
    const none = {
      all: [t('No runs in this file yet.'), t('Run the agent with the tracer on, then refresh.')],
      failed: [t('No failed run.'), clear],
      running: [t('No running run.'), clear],
    }[this.shownFilter];
    return [...notes, this.note(row, 'info', none[0] ?? '', none[1] ?? '')];
  }

  private note(
    parent: ParentRow,
    icon: 'warning' | 'error' | 'info',
    label: string,
    description: string,
  ): Row {
    return { type: 'note', id: `note|${icon}|${parent.id}`, parent, icon, label, description };
  }

  private more(row: ParentRow): Row[] {
    const { rows, total } = row.loaded ?? { rows: [], total: 0 };
    return rows.length < total ? [this.rows.more(row)] : [];
  }

  /** Only rows that say something else are drawn again. */
  private markRuns(file: FileId): void {
    if (!this.files.get(file)) return;
    for (const row of this.rows.runs(file)) {
      const mark = markWords(this.insights.ofRun(file, row.run.runId));
      if (mark === row.mark) continue;
      row.mark = mark;
      this.refreshes.row(row);
    }
  }

  private listChanged(): void {
    this.rows.keepOnly(new Set<FileId>(this.files.list().map(file => file.id)));
    this.refreshes.list();
  }

  dispose(): void {
    this.store.dispose();
  }
}

async function bytesOf(files: readonly ListedFile[]): Promise<number> {
  const sizes = await Promise.all(files.map(({ uri }) => sizeOf(uri)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));
