import { hex, isPageSize, uint32 } from './bigEndian.ts';
import type { ByteSource, FileFacts } from './byteSource.ts';

// The rollback journal: images of pages as they were before a transaction (SQLite file format, 3).
const magic = 'd9d505f920a163d7';
const headerBytes = 28;

/** What a journal that is to be rolled back says. */
export interface HotJournal {
  readonly pageSize: number;
  /** Size of the database in pages before the transaction. */
  readonly pages: number;
  /** Where the image of a page lies: the place of its record. */
  recordOf(page: number): number | undefined;
  /** Whether bytes are the record of a page in this journal, and not what was written over it. */
  isRecord(record: Uint8Array, page: number): boolean;
}

/**
 * Tells one journal from another; '' for one that changes nothing. As long as its header is zeroed, or says
 * that it holds no pages, its writer has not touched the database (or has finished, in the modes PERSIST
 * and TRUNCATE).
 */
export function journalKey(source: ByteSource, facts: FileFacts | undefined): string {
  if (!facts || facts.size < headerBytes) return '';
  const header = new Uint8Array(headerBytes);
  if (source.read(header, 0) < headerBytes || !isHeader(header)) return '';
  return uint32(header, 8) === 0 ? '' : `${hex(header)} ${facts.version}`;
}

const isHeader = (bytes: Uint8Array): boolean => hex(bytes.subarray(0, 8)) === magic;

/**
 * Reads where the images lie, by the same rules as SQLite's rollback: segments of records, each record with
 * a checksum, up to the first that is not whole. Undefined where there is nothing to roll back.
 */
export function readJournal(source: ByteSource, size: number): HotJournal | undefined {
  const header = new Uint8Array(headerBytes);
  const readHeader = (at: number): boolean =>
    at + headerBytes <= size && source.read(header, at) === headerBytes && isHeader(header);
  if (!readHeader(0)) return undefined;
  const sector = uint32(header, 20);
  const pageSize = uint32(header, 24);
  const pages = uint32(header, 16);
  if (!isPageSize(pageSize) || sector < 32 || sector > 65_536 || (sector & (sector - 1)) !== 0) {
    return undefined;
  }
  const recordSize = pageSize + 8;
  const record = new Uint8Array(recordSize);
  const records = new Map<number, { readonly at: number; readonly nonce: number }>();
  const lockPage = Math.floor(0x40000000 / pageSize) + 1;
  for (let start = 0; readHeader(start); ) {
    const nonce = uint32(header, 12);
    let at = start + sector;
    // A writer that does not wait for the disk leaves the number open.
    const counted = uint32(header, 8);
    const count = counted === 0xffffffff ? Math.floor((size - at) / recordSize) : counted;
    let read = 0;
    for (; read < count && at + recordSize <= size; read++, at += recordSize) {
      if (source.read(record, at) < recordSize) break;
      const page = uint32(record, 0);
      if (page === 0 || page === lockPage) break;
      if (page > pages) continue;
      if (!sumIsRight(record, nonce)) break;
      records.set(page, { at, nonce });
    }
    if (read < count || count === 0) break;
    start = Math.ceil(at / sector) * sector;
  }
  return {
    pageSize,
    pages,
    recordOf: page => records.get(page)?.at,
    isRecord(bytes, page) {
      const nonce = records.get(page)?.nonce;
      return nonce !== undefined && uint32(bytes, 0) === page && sumIsRight(bytes, nonce);
    },
  };
}

/** Of each page only every 200th byte is summed, from its end. */
function sumIsRight(record: Uint8Array, nonce: number): boolean {
  const pageSize = record.length - 8;
  let sum = nonce;
  for (let at = pageSize - 200; at > 0; at -= 200) sum = (sum + (record[4 + at] ?? 0)) >>> 0;
  return sum === uint32(record, record.length - 4);
}
