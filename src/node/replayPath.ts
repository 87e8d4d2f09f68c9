import os from 'node:os';
import path from 'node:path';

const fileName = 'replays.agent-traces.db';
const appName = 'agent-trace-inspector';

/** Where replays are kept if nobody says where: in the folder for the data of programs. */
export function defaultReplayFile(
  platform: NodeJS.Platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
  home = os.homedir(),
): string {
  const folder =
    platform === 'win32'
      ? env.LOCALAPPDATA || path.join(home, 'AppData', 'Local')
      : platform === 'darwin'
        ? path.join(home, 'Library', 'Application Support')
        : env.XDG_DATA_HOME || path.join(home, '.local', 'share');
  return path.join(folder, appName, fileName);
}
