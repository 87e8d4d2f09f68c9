import type { ResultShape } from './facts.ts';

/** Values in ascending order, of the newest few hundred of their kind; the run that is looked at is not among them. */
export type Sample = ArrayLike<number>;

/** What is usual in a file, as seen from one of its runs. */
export interface Usual {
  /** Ended runs of a name: those that went well, or all where these are few. */
  run(name: string): UsualRun;
  /** Successful calls of a tool or retrieval by its name; of other spans, by theirs, their durations. */
  tool(name: string): UsualTool;
  /** Successful model calls of a span name and a model. */
  call(name: string, model: string | undefined): UsualCall;
}

export interface UsualRun {
  readonly costs: Sample;
  readonly durations: Sample;
  readonly tokens: Sample;
  /** Model calls of a run. */
  readonly calls: Sample;
  /** Letters of what a run was asked. */
  readonly askedChars: Sample;
}

export interface UsualTool {
  readonly durations: Sample;
  readonly resultChars: Sample;
  /** How many of its results had a shape. */
  readonly shapes: ReadonlyMap<ResultShape, number>;
}

export interface UsualCall {
  readonly durations: Sample;
  readonly inputTokens: Sample;
  /** Milliseconds for each output token. */
  readonly pace: Sample;
  readonly costs: Sample;
}

const empty: Sample = new Float64Array(0);

/** Where nothing is known. */
export const nothingUsual: Usual = {
  run: () => ({
    costs: empty,
    durations: empty,
    tokens: empty,
    calls: empty,
    askedChars: empty,
  }),
  tool: () => ({ durations: empty, resultChars: empty, shapes: new Map() }),
  call: () => ({ durations: empty, inputTokens: empty, pace: empty, costs: empty }),
};
