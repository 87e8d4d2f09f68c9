import fs from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder with all above it, where they are not there yet. Node's own way to do that never ends where a file
 * system has no room for folders, such as /proc: it takes the refusal for a folder that is missing, and begins anew.
 *
 * @param mode of those that are made
 */
export function makeFolder(folder: string, mode?: number): void {
  const missing: string[] = [];
  let at = path.resolve(folder);
  while (!fs.existsSync(at) && at !== path.dirname(at)) {
    missing.push(at);
    at = path.dirname(at);
  }
  for (const one of missing.reverse()) {
    try {
      fs.mkdirSync(one, mode);
    } catch (error) {
      // Another program was faster.
      if (!isFolder(one)) throw error;
    }
  }
  if (!isFolder(folder)) fs.mkdirSync(folder);
}

const isFolder = (file: string): boolean =>
  fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
