import { TraceError } from '../core/errors.ts';
import type { FileSet } from './byteSource.ts';
import { headerSize, putHeader } from './dbHeader.ts';
import { ReadAhead } from './readAhead.ts';
import type { Snapshot } from './snapshot.ts';
import { SnapshotLost } from './snapshotLost.ts';
import { frameHeaderSize } from './wal.ts';

const largestPage = 65_536;
const lockByte = 0x40000000;

/** The pages of a database as a snapshot shows them. One view shows one snapshot after the other. */
export class PageView {
  /** Why a page could not be read; what was answered with it is not to be trusted. */
  failure: TraceError | SnapshotLost | undefined;
  private readonly files: FileSet;
  private readonly name: string;
  private readonly readAhead: ReadAhead;
  private readonly scratch = new Uint8Array(largestPage);
  private readonly layered = new Uint8Array(largestPage + frameHeaderSize);
  private generation = 0;
  private shown: Snapshot | undefined;
  private kept: Uint8Array | undefined;

  constructor(files: FileSet, name: string) {
    this.files = files;
    this.name = name;
    this.readAhead = new ReadAhead(files.main);
  }

  get snapshot(): Snapshot | undefined {
    return this.shown;
  }

  get bytes(): number {
    return (this.shown?.pageSize ?? 0) * (this.shown?.pages ?? 0);
  }

  /** All pages, where they were taken into memory. */
  get whole(): Uint8Array | undefined {
    return this.kept;
  }

  /** Shows another snapshot: SQLite sees a database that was changed. */
  show(snapshot: Snapshot): void {
    this.shown = snapshot;
    this.kept = undefined;
    this.failure = undefined;
    this.generation++;
    this.readAhead.drop();
  }

  /** Whether what is shown can still be read. */
  isIntact(): boolean {
    return this.kept !== undefined || (this.shown?.intact() ?? false);
  }

  /** Takes all pages into memory, where no writer can change them. Throws where one was faster. */
  keepWhole(): void {
    const whole = new Uint8Array(this.bytes);
    const { shown } = this;
    if (!shown) return;
    const { pageSize } = shown;
    for (let at = 0; at < whole.length; at += pageSize) {
      whole.set(this.read(at, pageSize), at);
    }
    // A writer may have put images of pages into the journal meanwhile, and then changed the pages: the
    // images replace what was read. Those of one transaction stay as they are.
    const added = shown.journal && !shown.wal ? shown.catchUp() : shown.intact() ? [] : undefined;
    if (!added) throw new SnapshotLost();
    for (const page of added) {
      whole.set(this.read((page - 1) * pageSize, pageSize), (page - 1) * pageSize);
    }
    if (this.failure) throw this.failure;
    this.kept = whole;
  }

  /** Lets go of what `keepWhole` took, where the file still is what it was. */
  letGo(): void {
    if (this.kept && this.shown?.intact()) this.kept = undefined;
  }

  /**
   * What SQLite reads. It lies in a buffer that the next call uses again. Never throws: sql.js would take
   * that for a read that succeeded, so zeros are handed out, and `failure` says why.
   */
  read(position: number, length: number): Uint8Array {
    const out = length <= largestPage ? this.scratch.subarray(0, length) : new Uint8Array(length);
    if (this.kept) {
      const part = this.kept.subarray(position, position + length);
      out.fill(0, part.length);
      out.set(part);
    } else if (this.shown) this.readShown(this.shown, out, position);
    return out;
  }

  /** Nothing here writes; were SQLite to, what it then reads would no longer be the file. */
  refuseWrite(): void {
    this.failure ??= new TraceError('unexpected', [`${this.name} was to be written to`]);
  }

  /** Closes the files until the next read. */
  release(): void {
    this.readAhead.drop();
    for (const source of [this.files.main, this.files.wal, this.files.journal, this.files.shm]) {
      source.release();
    }
  }

  private readShown(snapshot: Snapshot, out: Uint8Array, position: number): void {
    const { pageSize, pages } = snapshot;
    for (let at = 0; at < out.length; ) {
      const page = Math.floor((position + at) / pageSize) + 1;
      const offset = (position + at) % pageSize;
      const part = out.subarray(at, at + Math.min(out.length - at, pageSize - offset));
      try {
        if (page > pages || page === Math.floor(lockByte / pageSize) + 1) part.fill(0);
        else this.readPage(snapshot, page, offset, part);
      } catch (error) {
        part.fill(0);
        this.failure ??= error instanceof SnapshotLost ? error : TraceError.from(error);
      }
      if (page === 1 && offset === 0 && part.length >= headerSize) {
        putHeader(part, pages, this.generation);
      } else if (page === 1 && offset < headerSize) this.readOfHeader(part, offset, pages);
      at += part.length;
    }
  }

  /** SQLite also asks for the change counter alone. */
  private readOfHeader(part: Uint8Array, offset: number, pages: number): void {
    const header = new Uint8Array(headerSize);
    header.set(this.shown?.header ?? []);
    putHeader(header, pages, this.generation);
    part.set(header.subarray(offset, offset + Math.min(part.length, headerSize - offset)));
  }

  private readPage(snapshot: Snapshot, page: number, offset: number, part: Uint8Array): void {
    const { wal, journal, pageSize } = snapshot;
    const frame = wal?.frameOf(page);
    const record = frame === undefined ? journal?.recordOf(page) : undefined;
    if (frame !== undefined) {
      const bytes = this.layered.subarray(0, frameHeaderSize + pageSize);
      const got = this.files.wal.read(bytes, frame);
      if (got < bytes.length || !wal?.isFrame(bytes, page)) throw new SnapshotLost();
      part.set(bytes.subarray(frameHeaderSize + offset, frameHeaderSize + offset + part.length));
    } else if (record !== undefined) {
      const bytes = this.layered.subarray(0, pageSize + 8);
      const got = this.files.journal.read(bytes, record);
      if (got < bytes.length || !journal?.isRecord(bytes, page)) throw new SnapshotLost();
      part.set(bytes.subarray(4 + offset, 4 + offset + part.length));
    } else {
      snapshot.readFromMain(page);
      this.readMain(page, (page - 1) * pageSize + offset, part);
    }
  }

  private readMain(page: number, position: number, part: Uint8Array): void {
    const got = this.readAhead.read(part, position);
    if (got === part.length) return;
    part.fill(0, got);
    // The last page of a file may be cut short; a page that lies beyond its end is lost.
    if (got === 0) {
      const words = `it ends before page ${page}`;
      throw new TraceError('damaged', [this.name, words]);
    }
  }
}
