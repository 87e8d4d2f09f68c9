import type { Usual } from '../core/insights/usual.ts';
import type { RunEntry } from './runIndex.ts';
import type { OpenFile } from './traceFile.ts';

const empty = new Float64Array(0);
const nothingUsual: Usual = {
  run: () => ({ costs: empty, durations: empty, tokens: empty }),
  tool: () => ({ durations: empty, resultChars: empty, shapes: new Map() }),
  call: () => ({ durations: empty, inputTokens: empty }),
};

/** What is usual in a file, as seen from each of its runs; undefined where the time did not suffice. */
export async function history(
  _open: OpenFile,
  _until: number,
): Promise<((entry: RunEntry) => Usual) | undefined> {
  return () => nothingUsual;
}
