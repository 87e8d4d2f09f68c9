// Answers what the extension asks. Lists are VS Code's own, and are answered through its commands; what is typed
// and where a file goes cannot be given from an extension host, so that these two are answered in its place.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from './support.ts';

type Pick = vscode.QuickPick<vscode.QuickPickItem>;

/** What is chosen in a list, by the beginnings of its title and of a label; Escape is undefined. */
export type Answer = readonly [title: string, label: string | undefined];

export interface Asking {
  /** The lists that were shown, as titles with labels. */
  readonly lists: { readonly title: string; readonly labels: readonly string[] }[];
  /** What was asked to be typed. */
  readonly typed: vscode.InputBoxOptions[];
  /** What is typed next; nothing: Escape. */
  readonly type: string[];
  /** Where files go. */
  saveTo: vscode.Uri | undefined;
  /** Does something, and answers the lists that come meanwhile in this order. */
  during(work: () => PromiseLike<unknown>, answers: readonly Answer[]): Promise<void>;
  end(): void;
}

export function startAsking(): Asking {
  const { window } = vscode;
  const own = {
    createQuickPick: window.createQuickPick,
    showInputBox: window.showInputBox,
    showSaveDialog: window.showSaveDialog,
  };
  const picks: Pick[] = [];
  const open = new Set<Pick>();
  /** As VS Code says: what is set comes to its list some time after. */
  const active = new Map<Pick, vscode.QuickPickItem | undefined>();
  const asking: Asking = {
    lists: [],
    typed: [],
    type: [],
    saveTo: undefined,
    async during(work, answers) {
      let ended = false;
      const working = Promise.resolve(work()).finally(() => {
        ended = true;
      });
      for (const [title, label] of answers) {
        const pick = await until(`“${title}” is asked`, () => {
          assert.ok(!ended, `it ended before “${title}” was asked`);
          const last = picks.at(-1);
          return last && open.has(last) && !last.busy && last.title?.startsWith(title)
            ? last
            : undefined;
        });
        asking.lists.push({ title: pick.title ?? '', labels: pick.items.map(item => item.label) });
        if (label === undefined) pick.hide();
        else {
          const item = pick.items.find(one => one.label.startsWith(label));
          assert.ok(item, `${label} is among ${pick.items.map(one => one.label).join(', ')}`);
          pick.activeItems = [item];
          await until('it is the active one', () => active.get(pick) === item);
          await until('it is answered', async () => {
            await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
            await new Promise(resolve => setTimeout(resolve, 50));
            return !open.has(pick);
          });
        }
      }
      await working;
    },
    end: () => void Object.assign(window, own),
  };
  Object.assign(window, {
    createQuickPick: () => {
      const pick = own.createQuickPick();
      picks.push(pick);
      open.add(pick);
      pick.onDidChangeActive(([item]) => active.set(pick, item));
      pick.onDidHide(() => open.delete(pick));
      return pick;
    },
    showInputBox: async (options: vscode.InputBoxOptions) => {
      asking.typed.push(options);
      return asking.type.shift();
    },
    showSaveDialog: async () => asking.saveTo,
  });
  return asking;
}
