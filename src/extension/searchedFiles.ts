import type { FileId } from '../protocol/reader.ts';
import { activeTraceFile } from './activeFile.ts';
import type { CommandContext } from './commands/context.ts';
import { pickTraceFile } from './pickFile.ts';

/** What is looked through: the active editor's file, else all that were read. */
export async function searchedFiles(
  context: CommandContext,
  title: string,
): Promise<readonly FileId[]> {
  const { files, finder } = context;
  await finder.search();
  const active = activeTraceFile(files);
  if (active) return [active.id];
  const read = files.list().filter(file => file.info !== undefined);
  if (read.length > 0) return read.map(file => file.id);
  const file = await pickTraceFile(context, title);
  return file ? [file] : [];
}
