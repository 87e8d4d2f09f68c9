import { hexDigit } from './otlp.ts';
import { encodeUtf8, type Repairs, wellFormed } from './utf8.ts';

/** Writes protobuf's encoding. Fields that have their default are for the caller to leave out. */
export class WireWriter {
  readonly repairs: Repairs = { texts: 0 };
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  /** A copy of what was written. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }

  /** Begins a message within the one that is being written; `end` is to be called with what this gives. */
  begin(field: number): number {
    this.#room(12);
    this.#varint(field * 8 + 2);
    return ++this.#at;
  }

  end(from: number): void {
    const length = this.#at - from;
    let more = 0;
    for (let rest = length >>> 7; rest > 0; rest >>>= 7) more++;
    if (more > 0) {
      // One byte was kept free for the length, which takes more: the shortest form is what others write.
      this.#room(more);
      this.#bytes.copyWithin(from + more, from, this.#at);
    }
    this.#at = from - 1;
    this.#varint(length);
    this.#at += length;
  }

  text(field: number, text: string): void {
    this.#room(text.length * 3 + 16);
    const from = this.begin(field);
    this.#at = encodeUtf8(wellFormed(text, this.repairs), this.#bytes, from);
    this.end(from);
  }

  bytes(field: number, bytes: Uint8Array): void {
    this.#room(bytes.length + 16);
    const from = this.begin(field);
    this.#bytes.set(bytes, from);
    this.#at = from + bytes.length;
    this.end(from);
  }

  /** Hexadecimal digits as bytes; what is none is left out with its pair. */
  hex(field: number, text: string): void {
    this.#room(text.length + 16);
    const from = this.begin(field);
    for (let at = 0; at + 1 < text.length; at += 2) {
      const byte = hexDigit(text.charCodeAt(at)) * 16 + hexDigit(text.charCodeAt(at + 1));
      this.#bytes[this.#at++] = byte;
    }
    this.end(from);
  }

  fixed64(field: number, value: bigint): void {
    this.#room(16);
    this.#varint(field * 8 + 1);
    this.#view.setBigUint64(this.#at, BigInt.asUintN(64, value), true);
    this.#at += 8;
  }

  double(field: number, value: number): void {
    this.#room(16);
    this.#varint(field * 8 + 1);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  fixed32(field: number, value: number): void {
    this.#room(12);
    this.#varint(field * 8 + 5);
    this.#view.setUint32(this.#at, value >>> 0, true);
    this.#at += 4;
  }

  int64(field: number, value: bigint): void {
    this.#room(24);
    this.#varint(field * 8);
    if (value >= 0n && value <= 0x7fff_ffffn) {
      this.#varint(Number(value));
      return;
    }
    let rest = BigInt.asUintN(64, value);
    while (rest > 127n) {
      this.#bytes[this.#at++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.#bytes[this.#at++] = Number(rest);
  }

  /** Of type `uint32`, `bool` or of an enumeration. */
  count(field: number, value: number): void {
    if (value < 0) this.int64(field, BigInt(value));
    else {
      this.#room(16);
      this.#varint(field * 8);
      this.#varint(value >>> 0);
    }
  }

  #varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  #room(more: number): void {
    const needed = this.#at + more;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
