import os from 'node:os';
import path from 'node:path';

const appName = 'agent-trace-inspector';

/** Where replays are kept if nobody says where: in the folder for the data of programs. */
export const defaultReplayFile = (...where: Where): string =>
  dataFile('replays.agent-traces.db', ...where);

/** Where what is received is kept if nobody says where. */
export const defaultReceivedFile = (...where: Where): string =>
  dataFile('received.agent-traces.db', ...where);

type Where = [
  platform?: NodeJS.Platform,
  env?: Readonly<Record<string, string | undefined>>,
  home?: string,
];

function dataFile(
  fileName: string,
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
