import fs from 'node:fs';
import path from 'node:path';

/** The path of a program that a terminal would find. */
export function onPath(program: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  const files = folders.flatMap(folder => suffixes.map(s => path.join(folder, program + s)));
  return files.find(file => fs.existsSync(file));
}
