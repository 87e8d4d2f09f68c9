import * as vscode from 'vscode';
import { integer } from '../core/format.ts';
import type { SpanRef } from '../protocol/panel.ts';
import type { RunFilter } from '../protocol/reader.ts';
import { DisposableStore } from './disposables.ts';
import { setContext, viewIds } from './ids.ts';
import { type Log, logError } from './log.ts';
import { type Row, refOf, sameRef } from './rows.ts';
import type { RunTree } from './runTree.ts';

/** Milliseconds within which further selections wait: holding a key down asks for few spans. */
const selectionRest = 60;
/** A window that draws its rows anew while it reveals one selects none, and does not say so. */
const tries = 3;

export interface ViewState {
  readonly filter: RunFilter;
  readonly text: string;
  readonly selection: SpanRef | undefined;
}

/** The view of the tree: its selection, its filter line, and revealing rows in it. */
export class RunsView implements vscode.Disposable {
  private readonly store = new DisposableStore();
  readonly view: vscode.TreeView<Row>;
  private readonly selections = this.store.add(new vscode.EventEmitter<SpanRef>());
  /** A person has come to rest on a span. */
  readonly onDidSelect = this.selections.event;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastSelected = Number.NEGATIVE_INFINITY;
  /**
   * What was selected by the program, in order: its selection events are no news. On a busy machine the one of
   * an earlier row comes after a later row was asked for.
   */
  private revealed: readonly SpanRef[] = [];
  /** Counts what is to be selected, by whomever: finding a row may take longer than finding the next. */
  private wishes = 0;
  private focused = false;
  /** The row that was selected last, by whomever. */
  private lastRow: SpanRef | undefined;
  private readonly tree: RunTree;
  private readonly log: Log;

  constructor(tree: RunTree, log: Log) {
    this.tree = tree;
    this.log = log;
    const options = { treeDataProvider: tree, showCollapseAll: true };
    this.view = this.store.add(vscode.window.createTreeView(viewIds.runs, options));
    this.store.add(tree.onDidChangeTreeData(() => this.sayCounts()));
    this.store.add(this.view.onDidChangeSelection(({ selection }) => this.selected(selection[0])));
    this.store.add(tree.onDidFilter(() => this.sayFilter()));
  }

  setFilter(filter: RunFilter, text = ''): void {
    const { tree } = this;
    if (filter !== tree.filter || text !== tree.text) tree.setFilter(filter, text);
  }

  private sayFilter(): void {
    const { filter, text, filtered } = this.tree;
    this.say(filterWords(filter, text, ''));
    void setContext('agentTraces.filtered', filtered);
    this.sayCounts();
  }

  /** The line over the tree, with how many runs the filter lets through. */
  private sayCounts(): void {
    const { filter, text, filtered } = this.tree;
    if (!filtered) return;
    this.tree.counts().then(
      ({ matching, runs }) => {
        if (filter !== this.tree.filter || text !== this.tree.text) return;
        const of = vscode.l10n.t('{0} of {1}', integer(matching), integer(runs));
        this.say(filterWords(filter, text, of));
      },
      error => logError(this.log, 'count', error),
    );
  }

  private say(message: string | undefined): void {
    // The typings know no undefined, yet only undefined takes the line away.
    Object.assign(this.view, { message });
  }

  /** What the view shows, for `restore`. */
  get state(): ViewState {
    // While its rows are read again, the tree has no selection.
    const selection = this.selection ?? this.lastRow;
    return { filter: this.tree.filter, text: this.tree.text, selection };
  }

  async restore({ filter, text, selection }: ViewState): Promise<void> {
    this.setFilter(filter, text);
    if (selection) await this.reveal(selection, false);
  }

  /** Selects a span's row without taking the focus from elsewhere; `open` brings the view up where it is hidden. */
  async reveal(ref: SpanRef, open: boolean): Promise<void> {
    if (!open && !this.view.visible) return;
    const { focused: focus } = this;
    const mine = ++this.wishes;
    if (!open && sameRef(ref, this.selection)) return;
    for (let left = tries; left > 0; left--) {
      const row = await this.tree.rowOf(ref);
      const isDone = await this.tree.whileRevealing(row, async () => {
        if (mine !== this.wishes) return true;
        this.revealed = [...this.revealed.slice(-9), ref];
        await this.view.reveal(row, { select: true, focus, expand: false });
        return mine !== this.wishes || sameRef(ref, this.selection);
      });
      if (isDone) return;
    }
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
    this.lastRow = ref ?? this.lastRow;
    if (!ref) return;
    const at = this.revealed.findIndex(one => sameRef(one, ref));
    // Those before it were passed over.
    this.revealed = at < 0 ? [] : this.revealed.slice(at);
    if (at >= 0) return;
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

/** Which runs are shown, in words; `counts` once they are known. Nothing where all are. */
function filterWords(filter: RunFilter, text: string, counts: string): string | undefined {
  const t = vscode.l10n.t;
  if (filter === 'all' && text === '') return undefined;
  const shown = text.slice(0, 60);
  const words = text
    ? {
        all: t('Runs with “{0}”', shown),
        failed: t('Failed runs with “{0}”', shown),
        running: t('Running runs with “{0}”', shown),
      }
    : { all: '', failed: t('Failed runs only'), running: t('Running runs only') };
  return counts ? `${words[filter]}: ${counts}` : words[filter];
}
