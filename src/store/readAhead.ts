import type { ByteSource } from './byteSource.ts';

const firstPages = 4;
const mostBytes = 256 * 1024;

// SQLite keeps its locks on these bytes, in a page that it never uses. On Windows, a writer's lock makes
// them unreadable for everyone else.
const lockFrom = 0x40000000;
const lockTo = lockFrom + 512;

/**
 * Reads ahead where the reads go forward through the file, more and more as long as what was read ahead is
 * used. Where rows have long texts, most pages are never asked for, and reading them would cost a multiple.
 */
export class ReadAhead {
  private readonly source: ByteSource;
  private buffer: Uint8Array | undefined;
  private start = 0;
  private filled = 0;
  private used = 0;
  private ahead = 0;
  private next = -1;

  constructor(source: ByteSource) {
    this.source = source;
  }

  /** Fills `into` from a position on, and returns how many bytes there were. */
  read(into: Uint8Array, position: number): number {
    const { length } = into;
    if (!this.holds(position, length)) {
      this.adapt(position, length);
      if (this.ahead <= length) {
        this.next = position + length;
        return this.source.read(into, position);
      }
      this.fill(position, length);
      if (this.filled < length) {
        if (this.buffer) into.set(this.buffer.subarray(0, this.filled));
        return this.filled;
      }
    }
    const from = position - this.start;
    into.set(this.buffer?.subarray(from, from + length) ?? []);
    this.used += length;
    this.next = position + length;
    return length;
  }

  /** Forgets what was read ahead. */
  drop(): void {
    this.buffer = undefined;
    this.filled = 0;
    this.ahead = 0;
    this.next = -1;
  }

  private holds(position: number, length: number): boolean {
    return position >= this.start && position + length <= this.start + this.filled;
  }

  private adapt(position: number, length: number): void {
    const gap = position - this.next;
    const isNear = this.next >= 0 && gap >= 0 && gap <= firstPages * length;
    if (!isNear) this.ahead = 0;
    else if (this.ahead === 0) this.ahead = firstPages * length;
    else this.ahead = this.used * 2 >= this.filled ? Math.min(mostBytes, this.ahead * 2) : 0;
    this.filled = 0;
    this.used = 0;
  }

  private fill(position: number, length: number): void {
    let bytes = Math.max(this.ahead, length);
    if (position < lockTo && position + bytes > lockFrom) {
      bytes = Math.max(length, lockFrom - position);
    }
    if (!this.buffer || this.buffer.length < bytes) this.buffer = new Uint8Array(bytes);
    this.start = position;
    this.filled = this.source.read(this.buffer.subarray(0, bytes), position);
  }
}
