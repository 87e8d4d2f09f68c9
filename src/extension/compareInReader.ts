import type { RunComparison } from '../core/compareRuns.ts';
import type { RunPair } from '../protocol/panel.ts';
import { clock } from './settings.ts';
import type { TraceFiles } from './traceFiles.ts';

/** Both files have to be open in the reader at once. */
export function compareInReader(
  files: TraceFiles,
  { a, b }: RunPair,
  cancelled?: AbortSignal,
): Promise<RunComparison> {
  const compare = () => files.use(b.file, reader => reader.compareRuns(a, b, clock()), cancelled);
  return files.use(a.file, compare);
}
