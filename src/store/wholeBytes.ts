import { TraceError } from '../core/errors.ts';
import { headerSize, startsAsSqlite } from './dbHeader.ts';

/** Refuses what SQLite would not take for a database, in words of our own. */
export function checkHeader(header: Uint8Array, name: string): void {
  if (header.length === 0) throw new TraceError('fileEmpty', [name]);
  if (!startsAsSqlite(header)) throw new TraceError('notSqlite', [name]);
  if (header.length < headerSize) {
    throw new TraceError('damaged', [name, `only ${header.length} bytes are left`]);
  }
}

/**
 * What sql.js takes for the bytes of a file that is in memory whole; they are copied. SQLite cannot open a
 * file in WAL mode without shared memory, which sql.js lacks, so the header's two version bytes say rollback
 * journal (SQLite file format, 1.3.3).
 */
export function wholeContent(bytes: Uint8Array): Uint8Array {
  const take = (from: number, to: number): Uint8Array => {
    // sql.js keeps what `slice` returns; a Node Buffer's would be a view of the caller's bytes.
    const taken = Uint8Array.prototype.slice.call(bytes, from, to);
    if (from === 0 && taken.length >= headerSize && taken[18] === 2) taken.fill(1, 18, 20);
    return taken;
  };
  const content = { length: bytes.length, slice: take, subarray: take };
  // sql.js calls nothing but these three (read in version 1.16.0, which package.json pins).
  return content as unknown as Uint8Array;
}
