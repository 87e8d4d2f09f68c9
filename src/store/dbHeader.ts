import { isPageSize, putUint32, uint32 } from './bigEndian.ts';

// The first 100 bytes of a database (SQLite file format, 1.3).
export const headerSize = 100;
const magic = 'SQLite format 3\0';

/** What the header says, or undefined where these bytes are none. */
export interface DbHeader {
  readonly pageSize: number;
  /** Size of the database in pages; undefined where an old SQLite has not kept it up to date. */
  readonly pages: number | undefined;
}

export function readHeader(bytes: Uint8Array): DbHeader | undefined {
  if (bytes.length < headerSize || !startsAsSqlite(bytes)) return undefined;
  const stored = ((bytes[16] ?? 0) << 8) | (bytes[17] ?? 0);
  const pageSize = stored === 1 ? 65_536 : stored;
  if (!isPageSize(pageSize)) return undefined;
  const pages = uint32(bytes, 28);
  const valid = pages > 0 && uint32(bytes, 24) === uint32(bytes, 92);
  return { pageSize, pages: valid ? pages : undefined };
}

export const startsAsSqlite = (bytes: Uint8Array): boolean =>
  String.fromCharCode(...bytes.subarray(0, magic.length)) === magic;

/**
 * Makes a header say what the shown state is. The version bytes become those of a rollback journal: SQLite
 * cannot open a file in WAL mode without shared memory, which sql.js lacks. The change counter becomes our
 * own number: a new one makes SQLite drop the pages that it has kept.
 */
export function putHeader(header: Uint8Array, pages: number, generation: number): void {
  header[18] = 1;
  header[19] = 1;
  putUint32(header, 24, generation);
  putUint32(header, 28, pages);
  putUint32(header, 92, generation);
}
