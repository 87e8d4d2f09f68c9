import fs from 'node:fs';
import path from 'node:path';
import { NotATraceFile } from './traceSchema.ts';

/** SQLite's own number of what went wrong, without its finer parts; 0 for other errors. */
export const codeOf = (error: unknown): number =>
  Number((error as { errcode?: unknown } | undefined)?.errcode) & 0xff;

export const busy = 5;

/** SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_RANGE. */
const rowCodes = new Set([18, 19, 20, 25]);

/** Another row may be stored all the same. */
export const isAboutTheRow = (error: unknown): boolean => rowCodes.has(codeOf(error));

/** As SQLite would put it. */
export class ReadOnlyFile extends Error {
  readonly errcode = 8;
}

/** Why a trace file cannot be written, and what to do. SQLite's own words leave both open. */
export function failureWords(error: unknown, file: string): string {
  if (error instanceof NotATraceFile) return error.message;
  const own = error instanceof Error ? error.message : String(error);
  const [fact, step] = causeOf(codeOf(error), file) ?? [own, undefined];
  return step === undefined ? fact : `${fact}: ${step}`;
}

type Cause = readonly [fact: string, step?: string];

const readOnly: Cause = [
  'the file or its folder can only be read',
  'allow writing, or choose another file',
];

function causeOf(code: number, file: string): Cause | undefined {
  switch (code) {
    case busy:
    case 6:
      return ['another program has locked the file', 'end the transaction that holds it'];
    case 8:
      return readOnly;
    case 10:
      return [
        'the disk refuses to be read or written',
        'see whether it is full or gone, or choose another file',
      ];
    case 11:
      return ['the file is damaged', 'move it away, and a new one is made'];
    case 13:
      return ['the disk is full', 'make room, or choose another file'];
    case 14:
      return cannotOpen(file);
    case 26:
      return [
        'what is there is not a SQLite database, and is left as it is',
        'move it away, or choose another file',
      ];
    default:
      return undefined;
  }
}

/** One code of SQLite's stands for several things, which the folders tell apart. */
function cannotOpen(file: string): Cause {
  const folder = path.dirname(file);
  if (isFolder(file)) return ['there is a folder of this name', 'choose another file'];
  if (!isFolder(folder)) {
    return [`the folder ${folder} is not there`, 'make it, or choose another file'];
  }
  const isThere = fs.existsSync(file);
  return isWritable(folder) && (!isThere || isWritable(file))
    ? ['the file cannot be opened or made', 'see whether the disk is full, or choose another file']
    : readOnly;
}

export function isWritable(name: string): boolean {
  try {
    fs.accessSync(name, fs.constants.W_OK);
    return true;
  } catch {
    // Not to be written, for whatever reason.
    return false;
  }
}

function isFolder(name: string): boolean {
  try {
    return fs.statSync(name).isDirectory();
  } catch {
    // Not there, below a file, or not to be looked at: for what is asked, the same.
    return false;
  }
}
