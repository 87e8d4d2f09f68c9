import path from 'node:path';
import { installOnce, npmInstall } from '../tools/run.mjs';

const version = '13.2.0';

/** The folder of better-sqlite3, which a bench compares with: in the cache of the tools, no dependency. */
export async function betterSqlite(): Promise<string> {
  const say = `getting better-sqlite3 ${version}, which is compared with (once)`;
  const fill = (folder: string) => npmInstall(folder, ['--no-save', `better-sqlite3@${version}`]);
  const folder = await installOnce(`better-sqlite3-${version}`, say, fill);
  return path.join(folder, 'node_modules', 'better-sqlite3');
}
