import { hex, isPageSize, uint32 } from './bigEndian.ts';
import type { ByteSource } from './byteSource.ts';
import { addToSums, type WalSums } from './walChecksum.ts';

export const walHeaderSize = 32;
export const frameHeaderSize = 24;
const pieceBytes = 4 * 1024 * 1024;

interface WalHeader {
  readonly key: string;
  readonly pageSize: number;
  readonly bigEndian: boolean;
  readonly sums: WalSums;
  /** Two numbers that stand in each frame as well. */
  readonly salts: readonly [number, number];
}

/** A WAL's first bytes; undefined where SQLite would not take them for one, and so ignore the file. */
export function readWalHeader(bytes: Uint8Array): WalHeader | undefined {
  const first = uint32(bytes, 0);
  const pageSize = uint32(bytes, 8);
  if (bytes.length < walHeaderSize || (first & ~1) >>> 0 !== 0x377f0682) return undefined;
  if (uint32(bytes, 4) !== 3_007_000 || !isPageSize(pageSize)) return undefined;
  const bigEndian = (first & 1) === 1;
  const sums: WalSums = [0, 0];
  addToSums(sums, bytes, 0, 24, bigEndian);
  if (sums[0] !== uint32(bytes, 24) || sums[1] !== uint32(bytes, 28)) return undefined;
  const salts = [uint32(bytes, 16), uint32(bytes, 20)] as const;
  return { key: hex(bytes.subarray(0, walHeaderSize)), pageSize, bigEndian, sums, salts };
}

/**
 * The committed frames of a write-ahead log: those that SQLite would find, were it to recover the file.
 * A log that grows is read on from its last commit.
 */
export class Wal {
  private header: WalHeader | undefined;
  private identity: string | undefined;
  private offsets = new Map<number, number>();
  private sums: WalSums = [0, 0];
  private end = walHeaderSize;
  /** Committed frames. */
  frames = 0;
  /** Size of the database in pages after the last commit. */
  pages = 0;

  /** The header as text, which is another after the log was begun anew; '' where there is none. */
  get key(): string {
    return this.header?.key ?? '';
  }

  /** Of all that was committed: a log that was put back and written to again has as many frames. */
  get sum(): string {
    return this.sums.join(':');
  }

  get pageSize(): number {
    return this.header?.pageSize ?? 0;
  }

  /** The part of the header that a `-shm` file has as well. */
  get salts(): string {
    return this.key.slice(32, 48);
  }

  /** Where the newest committed image of a page lies: the place of its frame. */
  frameOf(page: number): number | undefined {
    return this.offsets.get(page);
  }

  /** Whether bytes are the frame of a page in this log, and not what was written over it. */
  isFrame(frame: Uint8Array, page: number): boolean {
    const [first, second] = this.header?.salts ?? [];
    return uint32(frame, 0) === page && uint32(frame, 8) === first && uint32(frame, 12) === second;
  }

  /** Takes in what was committed since. */
  update(source: ByteSource): void {
    const facts = source.facts();
    const bytes = new Uint8Array(walHeaderSize);
    const header =
      facts && source.read(bytes, 0) === walHeaderSize ? readWalHeader(bytes) : undefined;
    const goesOn = header?.key === this.key && facts?.identity === this.identity;
    if (!goesOn || (facts && facts.size < this.end)) this.begin(header, facts?.identity);
    if (header && facts) this.readFrames(source, header, facts.size);
  }

  /** Forgets all frames: some were found not to be there any more. */
  forget(): void {
    this.begin(undefined, undefined);
  }

  private begin(header: WalHeader | undefined, identity: string | undefined): void {
    this.header = header;
    this.identity = identity;
    this.offsets = new Map();
    this.sums = header ? [...header.sums] : [0, 0];
    this.end = walHeaderSize;
    this.frames = 0;
    this.pages = 0;
  }

  private readFrames(source: ByteSource, header: WalHeader, size: number): void {
    const frameSize = frameHeaderSize + header.pageSize;
    const count = Math.floor((size - this.end) / frameSize);
    if (count <= 0) return;
    const atOnce = Math.min(count, Math.max(1, Math.floor(pieceBytes / frameSize)));
    const piece = new Uint8Array(atOnce * frameSize);
    const sums: WalSums = [...this.sums];
    const pending: number[] = [];
    let at = this.end;
    let pendingFrames = 0;
    for (let left = count; left > 0; ) {
      const wanted = piece.subarray(0, Math.min(left, atOnce) * frameSize);
      const got = Math.floor(source.read(wanted, at) / frameSize);
      if (got === 0) return;
      for (let i = 0; i < got; i++, at += frameSize) {
        const frame = piece.subarray(i * frameSize, (i + 1) * frameSize);
        if (!this.isNext(frame, header, sums)) return;
        pending.push(uint32(frame, 0), at);
        pendingFrames++;
        const pages = uint32(frame, 4);
        if (pages === 0) continue;
        for (let j = 0; j < pending.length; j += 2) {
          this.offsets.set(pending[j] ?? 0, pending[j + 1] ?? 0);
        }
        this.frames += pendingFrames;
        this.pages = pages;
        this.end = at + frameSize;
        this.sums = [...sums];
        pending.length = 0;
        pendingFrames = 0;
      }
      left -= got;
    }
  }

  private isNext(frame: Uint8Array, { bigEndian, pageSize }: WalHeader, sums: WalSums): boolean {
    const page = uint32(frame, 0);
    if (page === 0 || !this.isFrame(frame, page)) return false;
    addToSums(sums, frame, 0, 8, bigEndian);
    addToSums(sums, frame, frameHeaderSize, pageSize, bigEndian);
    return sums[0] === uint32(frame, 16) && sums[1] === uint32(frame, 20);
  }
}
