import { createContext } from 'react';

/** How texts are shown; chosen for the panel, and kept with it. */
export interface Forms {
  /** Prompts and answers as Markdown rather than as they were written. */
  readonly markdown: boolean;
  /** JSON as a tree that folds rather than as text. */
  readonly jsonTree: boolean;
}

export const formsAtFirst: Forms = { markdown: true, jsonTree: true };

export const FormsContext = createContext<Forms>(formsAtFirst);
