import os from 'node:os';
import path from 'node:path';

/** Where Claude Code keeps its transcripts: a folder for each project. They need not exist. */
export function claudeFolders(
  env: Readonly<Record<string, string | undefined>> = process.env,
  home = os.homedir(),
): readonly string[] {
  const { CLAUDE_CONFIG_DIR: own } = env;
  const folders = own ? [own] : [path.join(home, '.claude'), path.join(home, '.config', 'claude')];
  return folders.map(folder => path.join(folder, 'projects'));
}
