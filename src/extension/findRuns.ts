import { TraceError } from '../core/errors.ts';
import type { FileId } from '../protocol/reader.ts';
import { clock } from './settings.ts';
import type { TraceFiles } from './traceFiles.ts';

/**
 * Has the reader find out which runs have what a text asks of their spans, a part at a time: between the
 * parts it answers others, and nobody's list waits for one that is no longer wanted.
 */
export async function findRuns(
  files: Pick<TraceFiles, 'use'>,
  file: FileId,
  text: string | undefined,
  cancelled?: AbortSignal,
): Promise<void> {
  if (!text?.trim()) return;
  const at = clock();
  for (;;) {
    if (cancelled?.aborted) throw new TraceError('cancelled');
    const { done, of } = await files.use(
      file,
      reader => reader.findRuns(file, text, at),
      cancelled,
    );
    if (done >= of) return;
  }
}
