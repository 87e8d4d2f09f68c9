import fs from 'node:fs';
import path from 'node:path';
import { TraceError } from '../core/errors.ts';

const besides = ['', '-wal', '-shm', '-journal'];
const sqliteHead = 'SQLite format 3\0';

/**
 * Looks whether an export may be written to a place: never over the trace file that is read, nor over any other
 * database, nor over what SQLite keeps beside one.
 *
 * @param traceFile undefined where it is not on the disk of this machine
 * @throws TraceError
 */
export function checkTarget(to: string, traceFile: string | undefined): void {
  const target = realOf(to);
  if (traceFile !== undefined && besides.some(end => isSame(target, realOf(traceFile) + end))) {
    throw new TraceError('exportOverTrace', [to]);
  }
  for (const end of besides) {
    if (target.endsWith(end) && isDatabase(target.slice(0, target.length - end.length))) {
      throw new TraceError('exportOverDatabase', [to]);
    }
  }
}

/** Where a name leads to, also where there is nothing yet. */
export function realOf(file: string): string {
  const whole = path.resolve(file);
  try {
    return fs.realpathSync.native(whole);
  } catch {
    return linkedOf(whole);
  }
}

/** There is nothing under the name, or a link that leads to nothing. */
function linkedOf(file: string, depth = 0): string {
  const parent = path.dirname(file);
  if (parent === file) return file;
  const folder = realOf(parent);
  try {
    // Two links that lead to each other lead nowhere.
    if (depth < 40) return linkedOf(path.resolve(folder, fs.readlinkSync(file)), depth + 1);
  } catch {
    // It is no link.
  }
  return path.join(folder, path.basename(file));
}

function isSame(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [statOf(one), statOf(other)];
  if (a && b) return a.dev === b.dev && a.ino === b.ino;
  // What is not there has no number; the disks of macOS and Windows take both for one name.
  return process.platform !== 'linux' && one.toLowerCase() === other.toLowerCase();
}

function statOf(file: string): fs.BigIntStats | undefined {
  try {
    return fs.statSync(file, { bigint: true, throwIfNoEntry: false });
  } catch {
    // Below a file, or in a folder that may not be looked into, nothing can be written either.
    return undefined;
  }
}

function isDatabase(file: string): boolean {
  if (!statOf(file)?.isFile()) return false;
  const head = Buffer.alloc(sqliteHead.length);
  let open: number | undefined;
  try {
    open = fs.openSync(file, 'r');
    fs.readSync(open, head, 0, head.length, 0);
  } catch (error) {
    throw new TraceError('exportNotWritten', [file, 'what is there cannot be read'], error);
  } finally {
    if (open !== undefined) fs.closeSync(open);
  }
  return head.toString('latin1') === sqliteHead;
}
