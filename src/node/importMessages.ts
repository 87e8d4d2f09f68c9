import type { TraceErrorCode } from '../core/errors.ts';
import type { ImportProgress, ImportReport } from '../core/importReport.ts';

/** What the process of importMain.ts is told, once, at its beginning. */
export type ToImporter =
  | { readonly type: 'import'; readonly files: readonly string[]; readonly to: string }
  | {
      readonly type: 'mirror';
      readonly roots: readonly string[];
      readonly to: string;
      readonly most: number;
    };

export type FromImporter =
  | { readonly type: 'progress'; readonly progress: ImportProgress }
  | { readonly type: 'done'; readonly report: ImportReport }
  /** A mirror has something to show. */
  | { readonly type: 'ready' }
  | { readonly type: 'log'; readonly line: string }
  | {
      readonly type: 'failed';
      readonly code: TraceErrorCode;
      readonly args: readonly string[];
      readonly words: string;
    };
