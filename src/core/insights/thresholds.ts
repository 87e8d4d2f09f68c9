/** From where on something is said. Each is a setting; `defaultThresholds` are their defaults. */
export interface Thresholds {
  /** The same tool with the same input, so many times in a run. */
  readonly loopRepeats: number;
  /** Retries and failed attempts of the same call. */
  readonly retries: number;
  /** A run or result that is so many times the usual (median), and beyond the spread of its like. */
  readonly spikeFactor: number;
  /** Latencies of so many times the 99th percentile of their like. */
  readonly latencyFactor: number;
  /** Values of the same kind that must be known before one is called unusual. */
  readonly leastHistory: number;
  /** Share of the model's context window. */
  readonly contextShare: number;
}

export const defaultThresholds: Thresholds = {
  loopRepeats: 3,
  retries: 3,
  spikeFactor: 3,
  latencyFactor: 2,
  leastHistory: 5,
  contextShare: 0.8,
};
