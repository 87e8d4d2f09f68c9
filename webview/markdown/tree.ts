/** Markdown as data: what our own elements are made from, and nothing else can be. */
export type Inline =
  | string
  | { readonly kind: 'break' }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'em' | 'del'; readonly children: readonly Inline[] }
  /** `href` is undefined where the page does not link to it; `target` is as it was written. */
  | {
      readonly kind: 'link';
      readonly href: string | undefined;
      readonly target: string;
      readonly children: readonly Inline[];
    }
  | { readonly kind: 'image'; readonly alt: string; readonly target: string };

export type Align = 'start' | 'center' | 'end' | undefined;

export type BlockNode =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'heading'; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: 'quote'; readonly children: readonly BlockNode[] }
  | {
      readonly kind: 'list';
      readonly ordered: boolean;
      readonly start: number;
      readonly items: readonly Item[];
    }
  | { readonly kind: 'fence'; readonly language: string; readonly text: string }
  | {
      readonly kind: 'table';
      readonly align: readonly Align[];
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  | { readonly kind: 'rule' }
  /** Too long to be taken apart in one go: shown as it was written. */
  | { readonly kind: 'plain'; readonly text: string };

export interface Item {
  /** Undefined where the item is no task. */
  readonly done: boolean | undefined;
  readonly children: readonly BlockNode[];
}

/** A top-level part of a text. It is read when it is drawn, so that a long text is read in small steps. */
export interface Part {
  /** Length of what it was read from. */
  readonly chars: number;
  nodes(): readonly BlockNode[];
}

/** Longer texts are shown as they are: their blocks alone would take more than a frame or two to find. */
export const longestMarkdown = 100_000;
