import type { RunSummary } from '../../core/model.ts';
import type { Leaving } from '../../formats/runSpans.ts';
import type { FileId } from '../../protocol/reader.ts';
import type { CommandContext } from '../commands/context.ts';

/** What is exported, and how much of it. */
export interface Exported {
  readonly file: FileId;
  readonly runs: readonly RunSummary[];
  readonly leaving: Leaving;
}

export const pageOf =
  ({ files }: CommandContext, file: FileId, signal: AbortSignal) =>
  (runId: string, offset: number) =>
    files.use(file, reader => reader.recordedSpans(file, runId, offset), signal);

export const versionOf = ({ extension }: CommandContext): string =>
  String((extension.extension.packageJSON as { version?: unknown }).version ?? '');
