import path from 'node:path';
import { TraceError } from '../core/errors.ts';
import type { ServedKeeping } from '../core/replay/replayServing.ts';
import { gitState } from '../node/gitState.ts';
import { programVersions } from '../node/programFacts.ts';
import { keepRows, openReplayFile } from '../node/replayFile.ts';
import { defaultReplayFile } from '../node/replayPath.ts';
import type { ReplayCommand } from './serveReplay.ts';
import type { Session } from './session.ts';
import { complain, type Terminal } from './terminal.ts';

/**
 * Where a replay is kept; undefined where it is not. What keeps it from being kept does not keep the program
 * from being answered. Nothing is read by the session any more: there is a writer now, and it may be of the
 * file that was read.
 */
export async function keepingOf(
  session: Session,
  { record, out }: Pick<ReplayCommand, 'record' | 'out'>,
  terminal: Terminal,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ServedKeeping | undefined> {
  if (!record) return undefined;
  const file = out === undefined ? defaultReplayFile(process.platform, env) : path.resolve(out);
  const failed = (error: unknown): void =>
    complain(terminal, `${TraceError.from(error).message} The replay goes on, and is not kept.`);
  await session.reader.close(session.file);
  try {
    await openReplayFile(file);
  } catch (error) {
    failed(error);
    return undefined;
  }
  return {
    file: session.file,
    git: await gitState(process.cwd()),
    versions: programVersions,
    keep: rows => keepRows(file, rows),
    failed,
  };
}
