// Replays are kept in trace files of our own. Like everything that writes, this runs in another process than
// the reader does, or after the reader has let go of its files.
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { TraceError } from '../core/errors.ts';
import { type ReplayedCall, type ReplayIds, replayRows } from '../core/replay/replayRun.ts';
import { type ReplayedTool, toolReplayRows } from '../core/replay/toolReplayRun.ts';
import type { EventRow, SpanRow } from '../core/traceRows.ts';
import { makeFolder } from './makeFolder.ts';
import { TraceFileWriter } from './traceFileWriter.ts';
import { beginReplayFile, removeRuns, replayFileId } from './traceSchema.ts';
import { busy, codeOf, failureWords } from './writeFailure.ts';

const busyMs = 100;
const tries = 50;

/**
 * Makes the file where there is none, and its folder. A file that was not made for replays is left as it is:
 * nothing of it is opened by SQLite, which would put files beside it.
 *
 * @throws TraceError
 */
export const openReplayFile = (file: string): Promise<void> => trying(file, () => begin(file));

function begin(file: string): void {
  if (!isBuiltin('node:sqlite')) {
    throw new Error(
      `Node ${process.versions.node} has no SQLite of its own: use Node 22.13 or newer, or keep nothing`,
    );
  }
  makeFolder(path.dirname(file));
  if (isReplayFile(file)) return;
  // Prompts are in it: nobody else is to read it.
  fs.closeSync(fs.openSync(file, 'a', 0o600));
  beginReplayFile(file);
}

/** @throws TraceError where something else is there */
function isReplayFile(file: string): boolean {
  const { size } = fs.statSync(file, { throwIfNoEntry: false }) ?? { size: 0 };
  if (size === 0) return false;
  const head = Buffer.alloc(72);
  const opened = fs.openSync(file, 'r');
  try {
    fs.readSync(opened, head, 0, head.length, 0);
  } finally {
    fs.closeSync(opened);
  }
  // https://www.sqlite.org/fileformat.html: the application id is at 68.
  const isSqlite = head.toString('latin1', 0, 16) === 'SQLite format 3\0';
  if (!isSqlite || head.readUInt32BE(68) !== replayFileId) {
    throw new TraceError('replayNotOurs', [file]);
  }
  return true;
}

/** Keeps a replay as a run of its own. @throws TraceError */
export const keepReplay = (file: string, call: ReplayedCall): Promise<ReplayIds> =>
  keep(file, ids => replayRows(call, ids));

/** Keeps a tool that was run again as a run of its own. @throws TraceError */
export const keepToolReplay = (file: string, replayed: ReplayedTool): Promise<ReplayIds> =>
  keep(file, ids => toolReplayRows(replayed, ids));

async function keep(
  file: string,
  rowsOf: (ids: ReplayIds) => readonly SpanRow[],
): Promise<ReplayIds> {
  const ids = { runId: randomUUID(), spanId: randomUUID() };
  await change(file, writer => {
    if (writer.writeRows(rowsOf(ids)) > 0) throw new Error(tooLarge);
  });
  return ids;
}

const tooLarge = 'it is larger than a row of SQLite may be';

/** Keeps rows of a replay that goes on; one with an id that is there takes its place. @throws TraceError */
export const keepRows = (file: string, rows: readonly (SpanRow | EventRow)[]): Promise<void> =>
  change(file, writer => {
    if (writer.writeRows(rows) > 0) throw new Error(tooLarge);
  });

/** Removes replays by the ids of their runs. @throws TraceError */
export async function removeReplays(file: string, runIds: readonly string[]): Promise<void> {
  await change(file, writer => removeRuns(writer.open(), runIds));
}

/**
 * Two writers of one process on one file would take each other's locks away when the first one closes it, so
 * that they wait for one another.
 */
let last: Promise<unknown> = Promise.resolve();
function change(file: string, how: (writer: TraceFileWriter) => void): Promise<void> {
  const mine = last.then(() => changeNow(file, how));
  last = mine.catch(() => undefined);
  return mine;
}

async function changeNow(file: string, how: (writer: TraceFileWriter) => void): Promise<void> {
  await openReplayFile(file);
  const writer = new TraceFileWriter(file, { synchronous: 'normal', busyMs, isPrivate: true });
  try {
    await trying(file, () => how(writer));
  } finally {
    writer.close();
  }
}

/** Another window may be writing to it; the wait for that does not hold this thread up. */
async function trying(file: string, act: () => void): Promise<void> {
  for (let left = tries; ; left--) {
    try {
      act();
      return;
    } catch (error) {
      if (codeOf(error) !== busy || left === 0) throw notKept(error, file);
      await wait(busyMs);
    }
  }
}

const notKept = (error: unknown, file: string): TraceError =>
  error instanceof TraceError
    ? error
    : new TraceError('replayNotKept', [file, failureWords(error, file)], error);
