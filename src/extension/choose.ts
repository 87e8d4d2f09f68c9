import * as vscode from 'vscode';
import { unlinked } from '../core/inert.ts';
import { showInfo } from './errors.ts';

export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

export interface Question<T> {
  readonly title: string;
  readonly placeholder: string;
  /** Said where there is nothing to choose from: a fact, then a way on. */
  readonly none: string;
  /** There is a question before this one to go back to. */
  readonly back: boolean;
  /** It stays while something else is looked at. */
  readonly stays?: boolean;
  load(): Promise<readonly Choice<T>[]>;
}

/** A line between groups of choices, with their name. */
export const separator = (label: string): Choice<never> => ({
  label,
  kind: vscode.QuickPickItemKind.Separator,
  // Nobody can choose it.
  value: undefined as never,
});

/** A group of choices under its name; nothing where there are none. */
export const group = <T>(label: string, choices: readonly Choice<T>[]): readonly Choice<T>[] =>
  choices.length === 0 ? [] : [separator(label), ...choices];

/** One question of several. The list stands at once and fills when its items are there. */
export async function choose<T>(question: Question<T>): Promise<T | 'back' | undefined> {
  const pick = vscode.window.createQuickPick<Choice<T>>();
  pick.title = question.title;
  pick.placeholder = question.placeholder;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.ignoreFocusOut = question.stays ?? false;
  pick.busy = true;
  if (question.back) pick.buttons = [vscode.QuickInputButtons.Back];
  try {
    const answer = answerOf(pick);
    pick.show();
    // Of two that end at once the answer counts: it stands first, and both take the same number of turns.
    const items = await Promise.race([answer.then(() => undefined), question.load().then(own)]);
    if (!items) return await answer;
    if (items.length === 0) {
      showInfo(question.none);
      return question.back ? 'back' : undefined;
    }
    const shown = items.map(item => ({ ...item, ...textsOf(item) }));
    pick.items = shown;
    const first = shown.find(item => item.picked);
    if (first) pick.activeItems = [first];
    pick.busy = false;
    return await answer;
  } finally {
    pick.dispose();
  }
}

const own = <T>(items: T): T => items;

function answerOf<T>(pick: vscode.QuickPick<Choice<T>>): Promise<T | 'back' | undefined> {
  return new Promise(resolve => {
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (item) resolve(item.value);
    });
    pick.onDidTriggerButton(() => resolve('back'));
    pick.onDidHide(() => resolve(undefined));
  });
}

/** What a list item says, with no sign in it that would become an icon. */
function textsOf({ label, description, detail }: vscode.QuickPickItem) {
  return {
    label: unlinked(label),
    ...(description && { description: unlinked(description) }),
    ...(detail && { detail: unlinked(detail) }),
  };
}
