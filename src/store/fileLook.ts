import { hex } from './bigEndian.ts';
import type { ByteSource, FileFacts, FileSet } from './byteSource.ts';
import { journalKey } from './journal.ts';
import { readWalHeader, walHeaderSize } from './wal.ts';
import { readShm, type WalShm } from './walShm.ts';

/** All that tells, without reading much, whether a database is still what it was. */
export interface FileLook {
  readonly main: FileFacts | undefined;
  /** Of the header, what every commit outside of a WAL changes. */
  readonly counter: string;
  readonly wal: FileFacts | undefined;
  /** Another one once the WAL was begun anew; '' where there is none. */
  readonly walKey: string;
  /** Another one for each transaction; '' where no journal is to be rolled back. */
  readonly journal: string;
  readonly journalFacts: FileFacts | undefined;
  readonly shm: WalShm | undefined;
  /** Why a file beside the database could not be read. */
  readonly unreadable: { readonly beside: 'wal' | 'journal'; readonly why: string } | undefined;
}

export function lookAt(files: FileSet): FileLook {
  let unreadable: FileLook['unreadable'];
  const or = <T>(beside: 'wal' | 'journal', none: T, look: () => T): T => {
    try {
      return look();
    } catch (error) {
      unreadable = { beside, why: error instanceof Error ? reasonOf(error) : String(error) };
      return none;
    }
  };
  const main = files.main.facts();
  const counter = main ? hex(bytesOf(files.main, 24, 16)) : '';
  const wal = or('wal', undefined, () => files.wal.facts());
  const walKey = or('wal', '', () => (wal?.size ? keyOf(files.wal) : ''));
  const journalFacts = or('journal', undefined, () => files.journal.facts());
  const journal = or('journal', '', () => journalKey(files.journal, journalFacts));
  // Writers delete it with each commit, which Windows puts off as long as someone has it open.
  files.journal.release();
  return { main, counter, wal, walKey, journal, journalFacts, shm: shmOf(files), unreadable };
}

/** Of a TraceError `fileUnreadable`, only why: the file is named by what it is beside. */
function reasonOf(error: Error & { readonly args?: readonly string[] }): string {
  return error.args?.[1] ?? error.message;
}

function bytesOf(source: ByteSource, position: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, source.read(bytes, position));
}

const keyOf = (source: ByteSource): string =>
  readWalHeader(bytesOf(source, 0, walHeaderSize))?.key ?? '';

function shmOf(files: FileSet): WalShm | undefined {
  try {
    return readShm(files.shm);
  } catch {
    // Without it, any write to the database counts as a change of what is shown.
    return undefined;
  }
}
