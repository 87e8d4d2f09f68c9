import type { ResultShape } from './facts.ts';

/** Values in ascending order, of the newest few hundred of their kind; the run that is looked at is not among them. */
export type Sample = ArrayLike<number>;

/** What is usual in a file, as seen from one of its runs. */
export interface Usual {
  /** Ended runs of a name. */
  run(name: string): {
    readonly costs: Sample;
    readonly durations: Sample;
    readonly tokens: Sample;
  };
  /** Successful calls of a tool or retrieval by its name. */
  tool(name: string): {
    readonly durations: Sample;
    readonly resultChars: Sample;
    /** How many of its results had a shape. */
    readonly shapes: ReadonlyMap<ResultShape, number>;
  };
  /** Successful model calls of a span name and a model. */
  call(
    name: string,
    model: string | undefined,
  ): { readonly durations: Sample; readonly inputTokens: Sample };
}
