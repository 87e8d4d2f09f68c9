import type { RunComparison } from '../core/compareRuns.ts';
import type { RunPair } from '../protocol/panel.ts';
import { clock } from './settings.ts';
import type { TraceFiles } from './traceFiles.ts';

/** Both files have to be open in the reader at once. */
export function compareInReader(files: TraceFiles, { a, b }: RunPair): Promise<RunComparison> {
  return files.use(a.file, () => files.use(b.file, reader => reader.compareRuns(a, b, clock())));
}
