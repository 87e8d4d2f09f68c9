import fs from 'node:fs';

/**
 * Makes a file for prompts where there is none: nobody else is to read it. SQLite would make one for all to
 * read; what it puts beside a file gets the rights of that file.
 */
export function makePrivate(file: string): void {
  try {
    fs.closeSync(fs.openSync(file, 'wx', 0o600));
  } catch {
    // It is there, or cannot be made: whoever opens it next says why, in words that are told apart.
  }
}
