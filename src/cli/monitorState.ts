import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { type Pending, readOutbox } from '../core/alerts/outbox.ts';
import { type FileState, readState } from '../core/alerts/state.ts';
import { fieldsOf } from '../core/fields.ts';
import { readJson, writeJson } from '../node/stateFile.ts';

/** What a monitor remembers between two looks. */
export interface MonitorState {
  /** By the path of the trace file. */
  readonly files: ReadonlyMap<string, FileState>;
  /** Messages that were not taken yet. */
  readonly outbox: readonly Pending[];
}

export function loadState(file: string): MonitorState {
  const { files, outbox } = fieldsOf(readJson(file));
  const known = new Map<string, FileState>();
  for (const [name, one] of Object.entries(fieldsOf(files))) {
    const state = readState(one);
    if (state) known.set(name, state);
  }
  return { files: known, outbox: readOutbox(outbox) };
}

export const saveState = (file: string, { files, outbox }: MonitorState): void =>
  writeJson(file, { version: 1, files: Object.fromEntries(files), outbox });

/** Where the state of a monitor is, if nobody says: another place for other files or another configuration. */
export function usualStateFile(
  env: Readonly<Record<string, string | undefined>>,
  what: readonly string[],
): string {
  const home = os.homedir();
  const base =
    process.platform === 'win32'
      ? (env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'))
      : (env.XDG_STATE_HOME ?? path.join(home, '.local', 'state'));
  const hash = createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 16);
  return path.join(base, 'agent-traces', `monitor-${hash}.json`);
}
