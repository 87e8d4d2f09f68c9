import { createContext, useContext } from 'react';
import { type ErrorTexts, fillIn } from '../../src/core/errors.ts';
import type { UnixMs } from '../../src/core/model.ts';
import type { Words } from '../../src/core/words.ts';
import type { PanelCommand, PanelStart, SpanRef, SpanTab } from '../../src/protocol/panel.ts';
import type { Connection } from './connection.ts';
import type { Forms } from './forms.ts';

/** What every part of a page may need. */
export interface Page {
  readonly connection: Connection;
  readonly words: Words;
  readonly errorTexts: ErrorTexts;
  readonly keys: PanelStart['keys'];
  /** Held down for a click, it marks a second thing. */
  readonly markKey: string;
  readonly replaysRuns: boolean;
  now(): UnixMs;
  /** Starts a request whose failure the host itself has shown to the user. */
  ask(request: Promise<unknown>): void;
}

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error('there is no page around this part');
  return page;
}

export const useWords = (): Words => usePage().words;

/** The name of an action with its key, for a tooltip. */
export function useKeyed(): (name: string, command: PanelCommand) => string {
  const { keys, words } = usePage();
  return (name, command) => {
    const key = keys[command];
    return key ? fillIn(words.withKey, [name, key]) : name;
  };
}

/** The span that is shown, and the way to another one. */
export interface Shown {
  readonly ref: SpanRef;
  show(ref: SpanRef, tab?: SpanTab): void;
  showTab(tab: SpanTab): void;
  isToggled(key: string): boolean;
  toggle(key: string): void;
  setForms(forms: Forms): void;
}

export const ShownContext = createContext<Shown | undefined>(undefined);

export function useShown(): Shown {
  const shown = useContext(ShownContext);
  if (!shown) throw new Error('there is no span around this part');
  return shown;
}
