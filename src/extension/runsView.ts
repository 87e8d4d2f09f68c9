import * as vscode from 'vscode';
import type { SpanRef } from '../protocol/panel.ts';
import type { RunFilter } from '../protocol/reader.ts';
import { DisposableStore } from './disposables.ts';
import { setContext, viewIds } from './ids.ts';
import { type Log, logError } from './log.ts';
import { type Row, refOf, sameRef } from './rows.ts';
import type { RunTree } from './runTree.ts';

/** Milliseconds within which further selections wait: holding a key down asks for few spans. */
const selectionRest = 60;

/** The view of the tree: its selection, its filter line, and revealing rows in it. */
export class RunsView implements vscode.Disposable {
  private readonly store = new DisposableStore();
  readonly view: vscode.TreeView<Row>;
  private readonly selections = this.store.add(new vscode.EventEmitter<SpanRef>());
  /** A person has come to rest on a span. */
  readonly onDidSelect = this.selections.event;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastSelected = Number.NEGATIVE_INFINITY;
  /** What was selected by the program, whose selection events are no news. */
  private revealed: SpanRef | undefined;
  /** Counts what is to be selected, by whomever: finding a row may take longer than finding the next. */
  private wishes = 0;
  private focused = false;
  private readonly tree: RunTree;
  private readonly log: Log;

  constructor(tree: RunTree, log: Log) {
    this.tree = tree;
    this.log = log;
    const options = { treeDataProvider: tree, showCollapseAll: true };
    this.view = this.store.add(vscode.window.createTreeView(viewIds.runs, options));
    this.store.add(this.view.onDidChangeSelection(({ selection }) => this.selected(selection[0])));
    this.store.add(tree.onDidFilter(filter => this.sayFilter(filter)));
  }

  setFilter(filter: RunFilter): void {
    if (filter !== this.tree.filter) this.tree.setFilter(filter);
  }

  private sayFilter(filter: RunFilter): void {
    const t = vscode.l10n.t;
    const messages = {
      all: undefined,
      failed: t('Failed runs only.'),
      running: t('Running runs only.'),
    };
    // The typings know no undefined, yet only undefined takes the line away.
    Object.assign(this.view, { message: messages[filter] });
    void setContext('agentTraces.filtered', filter !== 'all');
  }

  /** Selects a span's row without taking the focus from elsewhere; `open` brings the view up where it is hidden. */
  async reveal(ref: SpanRef, open: boolean): Promise<void> {
    if (!open && !this.view.visible) return;
    const { focused: focus } = this;
    const mine = ++this.wishes;
    if (!open && sameRef(ref, this.selection)) return;
    const row = await this.tree.rowOf(ref);
    if (mine !== this.wishes) return;
    this.revealed = ref;
    await this.view.reveal(row, { select: true, focus, expand: false });
  }

  /** Does something for a key that was pressed in the tree: rows that it reveals take the tree's focus along. */
  async whileFocused(act: (selected: Row | undefined) => unknown): Promise<void> {
    this.focused = true;
    try {
      await act(this.view.selection[0]);
    } finally {
      this.focused = false;
    }
  }

  /** Reveals without waiting: the panel need not wait for the tree. */
  follow(ref: SpanRef): void {
    this.reveal(ref, false).catch(error => logError(this.log, 'reveal', error));
  }

  get selection(): SpanRef | undefined {
    const row = this.view.selection[0];
    return row && refOf(row);
  }

  private selected(row: Row | undefined): void {
    clearTimeout(this.timer);
    const ref = row && refOf(row);
    if (!ref || sameRef(ref, this.revealed)) return;
    this.revealed = undefined;
    this.wishes++;
    const now = performance.now();
    // A single click is answered at once.
    const wait = now - this.lastSelected < selectionRest ? selectionRest : 0;
    this.lastSelected = now;
    if (wait === 0) this.selections.fire(ref);
    else this.timer = setTimeout(() => this.selections.fire(ref), wait);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.store.dispose();
  }
}
