import { hex, isPageSize, uint32 } from './bigEndian.ts';
import type { ByteSource, FileFacts } from './byteSource.ts';

// The rollback journal: images of pages as they were before a transaction (SQLite file format, 3).
const magic = 'd9d505f920a163d7';
const headerBytes = 28;

/**
 * Tells the journal of one transaction from that of another; '' for one that changes nothing. As long as its
 * header is zeroed, or says that it holds no pages, its writer has not touched the database (or has
 * finished, in the modes PERSIST and TRUNCATE).
 */
export function journalKey(source: ByteSource, facts: FileFacts | undefined): string {
  if (!facts || facts.size < headerBytes) return '';
  const header = new Uint8Array(headerBytes);
  if (source.read(header, 0) < headerBytes || !isHeader(header)) return '';
  // What follows the number of pages is drawn by lot for each transaction.
  return uint32(header, 8) === 0 ? '' : hex(header.subarray(12));
}

const isHeader = (bytes: Uint8Array): boolean => hex(bytes.subarray(0, 8)) === magic;

/** The images that a journal which is to be rolled back holds. A writer may be adding to it. */
export class HotJournal {
  readonly pageSize: number;
  /** Size of the database in pages before the transaction. */
  readonly pages: number;
  private readonly sector: number;
  private readonly records = new Map<number, { readonly at: number; readonly nonce: number }>();
  /** The last segment that was found, and how many of its records were taken in. */
  private reached = { start: 0, read: 0 };

  private constructor(header: Uint8Array) {
    this.pages = uint32(header, 16);
    this.sector = uint32(header, 20);
    this.pageSize = uint32(header, 24);
  }

  /** Undefined where there is nothing to roll back. */
  static read(source: ByteSource, facts: FileFacts): HotJournal | undefined {
    const header = new Uint8Array(headerBytes);
    if (source.read(header, 0) < headerBytes || !isHeader(header)) return undefined;
    const journal = new HotJournal(header);
    const { pageSize, sector } = journal;
    const isSector = sector >= 32 && sector <= 65_536 && (sector & (sector - 1)) === 0;
    if (!isPageSize(pageSize) || !isSector) return undefined;
    journal.update(source, facts);
    return journal;
  }

  /** Where the image of a page lies: the place of its record. */
  recordOf(page: number): number | undefined {
    return this.records.get(page)?.at;
  }

  /** Whether bytes are the record of a page in this journal, and not what was written over it. */
  isRecord(bytes: Uint8Array, page: number): boolean {
    const nonce = this.records.get(page)?.nonce;
    return nonce !== undefined && uint32(bytes, 0) === page && sumIsRight(bytes, nonce);
  }

  /**
   * Takes in what was added since, by the same rules as SQLite's rollback: segments of records, each record
   * with a checksum, up to the first that is not whole. Returns the pages that are new. What was taken in
   * is not read again: a transaction only ever adds. The last header is, whatever the file's version is:
   * the number in it is written in place, perhaps within one tick of the clock.
   */
  update(source: ByteSource, { size }: FileFacts): readonly number[] {
    const added: number[] = [];
    const header = new Uint8Array(headerBytes);
    const recordSize = this.pageSize + 8;
    const record = new Uint8Array(recordSize);
    const lockPage = Math.floor(0x40000000 / this.pageSize) + 1;
    for (let { start, read } = this.reached; start + headerBytes <= size; read = 0) {
      if (source.read(header, start) < headerBytes || !isHeader(header)) break;
      const nonce = uint32(header, 12);
      const first = start + this.sector;
      // A writer that does not wait for the disk leaves the number open.
      const counted = uint32(header, 8);
      const count = counted === 0xffffffff ? Math.floor((size - first) / recordSize) : counted;
      let at = first + read * recordSize;
      for (; read < count && at + recordSize <= size; read++, at += recordSize) {
        if (source.read(record, at) < recordSize) break;
        const page = uint32(record, 0);
        if (page === 0 || page === lockPage) break;
        if (page > this.pages) continue;
        if (!sumIsRight(record, nonce)) break;
        if (!this.records.has(page)) added.push(page);
        this.records.set(page, { at, nonce });
      }
      this.reached = { start, read };
      if (read < count || count === 0) break;
      start = Math.ceil(at / this.sector) * this.sector;
    }
    return added;
  }
}

/** Of each page only every 200th byte is summed, from its end. */
function sumIsRight(record: Uint8Array, nonce: number): boolean {
  const pageSize = record.length - 8;
  let sum = nonce;
  for (let at = pageSize - 200; at > 0; at -= 200) sum = (sum + (record[4 + at] ?? 0)) >>> 0;
  return sum === uint32(record, record.length - 4);
}
