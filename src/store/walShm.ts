import { hex } from './bigEndian.ts';
import type { ByteSource } from './byteSource.ts';

/** How far the pages of a WAL were copied into the database, as its writers keep it in the `-shm` file. */
export interface WalShm {
  /** Which log it speaks of: its salts, as in the WAL's header. */
  readonly salts: string;
  /** A checkpoint may have written to the database what is in frames up to this one. */
  readonly attempted: number;
}

const headerCopy = 48;

/**
 * Reads the file that writers share, without mapping or locking it. Undefined where there is none, or where
 * it is being written.
 */
export function readShm(source: ByteSource): WalShm | undefined {
  if (!source.facts()) return undefined;
  // Bytes 120 to 127 are left out: writers hold locks on them, and on Windows such bytes cannot be read.
  const headers = new Uint8Array(2 * headerCopy);
  const attempted = new Uint8Array(4);
  if (source.read(headers, 0) < headers.length || source.read(attempted, 128) < 4) return undefined;
  for (let i = 0; i < headerCopy; i++) {
    if (headers[i] !== headers[i + headerCopy]) return undefined;
  }
  return {
    salts: hex(headers.subarray(32, 40)),
    // Written in the byte order of the machine, and every machine that VS Code runs on is little-endian.
    attempted: new DataView(attempted.buffer).getUint32(0, true),
  };
}
