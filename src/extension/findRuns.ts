import { TraceError } from '../core/errors.ts';
import type { Clock } from '../core/status.ts';
import type { FileId } from '../protocol/reader.ts';
import type { TraceFiles } from './traceFiles.ts';

/**
 * Has the reader find out which runs have what a text asks of their spans, a part at a time: between the
 * parts it answers others, and nobody's list waits for one that is no longer wanted.
 */
export async function findRuns(
  files: Pick<TraceFiles, 'use'>,
  file: FileId,
  { text, clock: at }: { readonly text?: string | undefined; readonly clock: Clock },
  cancelled?: AbortSignal,
): Promise<void> {
  if (!text?.trim()) return;
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
