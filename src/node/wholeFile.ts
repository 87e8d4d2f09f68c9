import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TraceError } from '../core/errors.ts';
import { targetOf, type WholeFile } from './exportTarget.ts';

/**
 * Writes a text as it comes into a file, which has its name only once it is whole.
 *
 * @throws TraceError where it cannot or must not be written; what the text throws
 */
export async function writeWhole(
  to: WholeFile,
  text: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  const { file, kind } = targetOf(to);
  if (kind === 'device') return writeInto(file, text, signal);
  removeLeft(file);
  const part = `${file}.part-${randomUUID().slice(0, 8)}`;
  try {
    // Prompts may be in it: nobody else is to read it.
    await pipeline(Readable.from(text), fs.createWriteStream(part, { flags: 'wx', mode: 0o600 }), {
      signal,
    });
    // It took a while: another file may have come to be there.
    targetOf(to);
    fs.renameSync(part, file);
  } catch (error) {
    remove(part);
    throw notWritten(to.file, error);
  }
}

async function writeInto(
  device: string,
  text: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await pipeline(Readable.from(text), fs.createWriteStream(device, { flags: 'a' }), { signal });
  } catch (error) {
    throw notWritten(device, error);
  }
}

/** An export that was killed leaves its part, prompts and all. One that goes on has written to its own today. */
function removeLeft(file: string): void {
  const folder = path.dirname(file);
  const start = `${path.basename(file)}.part-`;
  const dayAgo = Date.now() - 86_400_000;
  try {
    for (const name of fs.readdirSync(folder)) {
      if (!name.startsWith(start) || !/^[0-9a-f]{8}$/.test(name.slice(start.length))) continue;
      const left = path.join(folder, name);
      const { mtimeMs } = fs.lstatSync(left);
      if (mtimeMs < dayAgo) remove(left);
    }
  } catch {
    // A folder need not be readable to be written to; what is gone meanwhile was another's to remove.
  }
}

/** Below a file, or where nothing can be written, there is nothing to remove either. */
function remove(part: string): void {
  try {
    fs.rmSync(part, { force: true });
  } catch {
    // Why it could not be written is said; it is the same reason.
  }
}

function notWritten(file: string, thrown: unknown): unknown {
  const { code, syscall, message } = thrown as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return thrown;
  const words: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'not permitted',
    EROFS: 'the disk can only be read',
    ENOSPC: 'the disk is full',
    ENOENT: 'its folder is not there',
    ENOTDIR: 'it would lie in what is no folder',
    EISDIR: 'there is a folder of this name',
  };
  return new TraceError('exportNotWritten', [file, words[code] ?? message], thrown);
}
