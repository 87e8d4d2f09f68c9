import * as vscode from 'vscode';
import type { FileId } from '../protocol/reader.ts';
import { DisposableStore } from './disposables.ts';
import { editorTypes } from './ids.ts';
import type { Row } from './rows.ts';
import type { RunTree } from './runTree.ts';
import type { SpanPanel } from './spanPanel.ts';

/** Which files somebody sees: in their unfolded row, in an overview in front, or in the span panel. */
export class ShownFiles implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly unfolded = new Set<FileId>();
  private readonly looks = this.store.add(new vscode.EventEmitter<FileId>());
  /** A file is seen from now on, or is looked at again. */
  readonly onDidLook = this.looks.event;
  private readonly view: vscode.TreeView<Row>;
  private readonly panel: Pick<SpanPanel, 'visible' | 'shown'>;

  constructor(
    tree: Pick<RunTree, 'onDidUnfold'>,
    view: vscode.TreeView<Row>,
    panel: Pick<SpanPanel, 'visible' | 'shown' | 'onDidShow'>,
  ) {
    this.view = view;
    this.panel = panel;
    const unfold = (file: FileId): void => {
      this.unfolded.add(file);
      this.looks.fire(file);
    };
    // Rows that a window restores unfolded are only asked for their children.
    this.store.add(tree.onDidUnfold(unfold));
    this.store.add(
      view.onDidExpandElement(({ element }) => element.type === 'file' && unfold(element.file)),
    );
    this.store.add(
      view.onDidCollapseElement(
        ({ element }) => element.type === 'file' && this.unfolded.delete(element.file),
      ),
    );
    this.store.add(
      view.onDidChangeVisibility(({ visible }) => {
        if (visible) for (const file of this.unfolded) this.looks.fire(file);
      }),
    );
    this.store.add(panel.onDidShow(({ file }) => this.looks.fire(file)));
    const { tabGroups } = vscode.window;
    const inFront = (): void => {
      for (const file of overviewsInFront()) this.looks.fire(file);
    };
    this.store.add(tabGroups.onDidChangeTabs(inFront));
    this.store.add(tabGroups.onDidChangeTabGroups(inFront));
  }

  isShown(file: FileId): boolean {
    return (
      (this.view.visible && this.unfolded.has(file)) ||
      (this.panel.visible && this.panel.shown?.file === file) ||
      overviewsInFront().includes(file)
    );
  }

  dispose(): void {
    this.store.dispose();
  }
}

const types: readonly string[] = Object.values(editorTypes);

const overviewsInFront = (): readonly FileId[] =>
  vscode.window.tabGroups.all.flatMap(({ activeTab }) => {
    const input = activeTab?.input;
    const isOverview = input instanceof vscode.TabInputCustom && types.includes(input.viewType);
    return isOverview ? [input.uri.toString()] : [];
  });
