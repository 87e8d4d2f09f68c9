import fs from 'node:fs';
import path from 'node:path';
import { makeFolder } from './makeFolder.ts';

/** What is in a file of ours; undefined where there is none, or where it is no JSON. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Writes all of it or nothing: whoever is killed while writing leaves what was there before. */
export function writeJson(file: string, value: unknown): void {
  makeFolder(path.dirname(file), 0o700);
  const beside = `${file}.${process.pid}.tmp`;
  // It holds names and errors of runs: they are for nobody else on the machine.
  const handle = fs.openSync(beside, 'w', 0o600);
  try {
    fs.writeSync(handle, JSON.stringify(value));
    // Otherwise a machine that loses its power may keep the name and not the content.
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
  fs.renameSync(beside, file);
}

/** Those that this process has. */
const held = new Set<string>();

/**
 * Keeps a second process off a file.
 *
 * @returns what gives it free again; the id of the process that holds it otherwise
 */
export function lockFile(
  file: string,
): { readonly release: () => void } | { readonly heldBy: number } {
  makeFolder(path.dirname(file), 0o700);
  for (let tries = 0; ; tries++) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
      held.add(file);
      return {
        release: () => {
          held.delete(file);
          fs.rmSync(file, { force: true });
        },
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = holderOf(file);
    if (tries >= 3 || (holder !== undefined && isHeld(file, holder)))
      return { heldBy: holder ?? 0 };
    // Of a process that was killed.
    fs.rmSync(file, { force: true });
  }
}

function holderOf(file: string): number | undefined {
  try {
    const id = Number(fs.readFileSync(file, 'utf8'));
    return Number.isInteger(id) && id > 0 ? id : undefined;
  } catch {
    // It was given free meanwhile.
    return undefined;
  }
}

/** In a container that is started anew, the process that was killed and this one may have the same id. */
const isHeld = (file: string, holder: number): boolean =>
  holder === process.pid ? held.has(file) : isAlive(holder);

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // One of another user's is there as well.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
