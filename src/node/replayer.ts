// Loaded when a replay is sent or removed, and not before: the SDK is larger than all of the extension.
import type { ReplayedCall } from '../core/replay/replayRun.ts';
import type { ReplayedTool } from '../core/replay/toolReplayRun.ts';
import { gitState } from './gitState.ts';
import {
  keepReplay,
  keepRows,
  keepToolReplay,
  openReplayFile,
  removeReplays,
} from './replayFile.ts';
import { type CommonCall, type SendTimes, sendTimes } from './sendTimes.ts';

const versions = { node: process.versions.node };

export interface Sending extends SendTimes {
  readonly call: Omit<CommonCall, 'versions'>;
  /** It cannot be written to: nothing is sent. */
  readonly file: string;
}

/** Sends a call, and keeps what came. Gives why one could not be kept. */
export async function send({ call, ...options }: Sending) {
  // What came must not be lost for want of a place.
  await openReplayFile(options.file);
  return (await sendTimes({ ...call, versions }, options)).problem;
}

export const keep = (file: string, call: ReplayedCall) =>
  keepReplay(file, { ...call, versions: { ...versions, ...call.versions } });
export const keepTool = (file: string, replayed: Omit<ReplayedTool, 'versions'>) =>
  keepToolReplay(file, { ...replayed, versions });
export const keepServed = keepRows;
export const remove = removeReplays;
export const git = (folder: string) => gitState(folder);
