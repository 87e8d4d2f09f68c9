import { hex, uint32 } from './bigEndian.ts';
import type { ByteSource } from './byteSource.ts';

const magic = 'd9d505f920a163d7';
const longestName = 4096;

/**
 * A transaction over several databases names, at the end of each journal, a file that exists as long as it
 * is not committed. Returns that name, a whole path; undefined where the journal is of one database only.
 */
export function superJournalOf(source: ByteSource, size: number): string | undefined {
  const tail = new Uint8Array(16);
  if (size < tail.length || source.read(tail, size - 16) < 16) return undefined;
  const length = uint32(tail, 0);
  if (hex(tail.subarray(8)) !== magic || length === 0 || length > longestName) return undefined;
  if (length > size - 16) return undefined;
  const name = new Uint8Array(length);
  if (source.read(name, size - 16 - length) < length) return undefined;
  // C's `char` is signed on some machines and unsigned on others, and so is this sum.
  const plain = name.reduce((sum, byte) => (sum + byte) >>> 0, 0);
  const signed = name.reduce((sum, byte) => (sum + ((byte << 24) >> 24)) >>> 0, 0);
  const sum = uint32(tail, 4);
  return sum === plain || sum === signed ? new TextDecoder().decode(name) : undefined;
}
