import fs from 'node:fs';
import path from 'node:path';
import { TraceError } from '../core/errors.ts';

const besides = ['', '-wal', '-shm', '-journal'];
const sqliteHead = 'SQLite format 3\0';

export interface WholeFile {
  readonly file: string;
  /** What is read meanwhile, and is never written over; undefined where it is not on this disk. */
  readonly traceFile: string | undefined;
  /** Whether a file that is there is replaced. */
  readonly replaces: boolean;
}

export interface Target {
  /** Where links lead to: the file is replaced, not a link to it. */
  readonly file: string;
  /** A device or a pipe takes what is written, and is never replaced. */
  readonly kind: 'file' | 'device';
}

/**
 * Where an export is written to: never over the trace file that is read, nor over any other database, nor over
 * what SQLite keeps beside one.
 *
 * @throws TraceError where it may not be written there
 */
export function targetOf({ file: to, traceFile, replaces }: WholeFile): Target {
  const target = realOf(to);
  if (traceFile !== undefined && besides.some(end => isSame(target, realOf(traceFile) + end))) {
    throw new TraceError('exportOverTrace', [to]);
  }
  for (const end of besides) {
    if (target.endsWith(end) && isDatabase(target.slice(0, target.length - end.length))) {
      throw new TraceError('exportOverDatabase', [to]);
    }
  }
  // The links of /proc are no paths: what they lead to is known by the name that was given.
  const there = statOf(path.resolve(to));
  if (!there) return { file: target, kind: 'file' };
  if (there.isCharacterDevice() || there.isFIFO()) {
    return { file: path.resolve(to), kind: 'device' };
  }
  if (!there.isFile()) {
    const why = there.isDirectory() ? 'there is a folder of this name' : 'it is no file';
    throw new TraceError('exportNotWritten', [to, why]);
  }
  if (!replaces) throw new TraceError('exportExists', [to]);
  return { file: target, kind: 'file' };
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
