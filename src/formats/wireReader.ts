import { hexOf, MalformedOtlp, TooManyOtlpParts } from './otlp.ts';
import { decodeUtf8, type Repairs } from './utf8.ts';

/** Reads one field, whose number and type the tag holds, into a message. */
export type ReadField<T> = (reader: WireReader, tag: number, message: T) => void;

const twoTo32 = 4_294_967_296;
/** Groups are of a time before OTLP; what is skipped must not exhaust the stack. */
const deepestGroup = 50;

/**
 * Reads protobuf's encoding. Whatever the bytes are, it ends with a value, with `MalformedOtlp`, or, of two bytes
 * being enough for a message, with `TooManyOtlpParts`.
 */
export class WireReader {
  readonly repairs: Repairs = { texts: 0 };
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #end: number;
  /** How many messages may still come, the large ones counted several times. */
  #left: number;
  readonly #most: number;

  constructor(bytes: Uint8Array, most = Number.POSITIVE_INFINITY) {
    this.#left = this.#most = most;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.length;
  }

  /** All that is left of the message that is being read. */
  fields<T>(message: T, read: ReadField<T>): T {
    while (this.#at < this.#end) {
      const from = this.#at;
      const tag = this.uint32();
      if (tag >>> 3 === 0) this.#fail('a field without a number', from);
      read(this, tag, message);
    }
    return message;
  }

  /** A message within the one that is being read, which in memory is as large as so many attributes. */
  message<T>(tag: number, message: T, read: ReadField<T>, size = 1): T {
    this.#left -= size;
    if (this.#left < 0) throw new TooManyOtlpParts(this.#most);
    const end = this.#lengthed(tag);
    const outer = this.#end;
    this.#end = end;
    this.fields(message, read);
    this.#end = outer;
    return message;
  }

  text(tag: number): string {
    const end = this.#lengthed(tag);
    const from = this.#at;
    this.#at = end;
    return decodeUtf8(this.#bytes, from, end, this.repairs);
  }

  /** Bytes of their own: what they were read from may be used again (a Buffer's `slice` is no copy). */
  bytes(tag: number): Uint8Array {
    const end = this.#lengthed(tag);
    const from = this.#at;
    this.#at = end;
    return new Uint8Array(this.#bytes.subarray(from, end));
  }

  hex(tag: number): string {
    const end = this.#lengthed(tag);
    const from = this.#at;
    this.#at = end;
    return hexOf(this.#bytes, from, end);
  }

  fixed64(tag: number): bigint {
    this.#expect(tag, 1);
    const value = this.#view.getBigUint64(this.#take(8), true);
    return value;
  }

  double(tag: number): number {
    this.#expect(tag, 1);
    return this.#view.getFloat64(this.#take(8), true);
  }

  fixed32(tag: number): number {
    this.#expect(tag, 5);
    return this.#view.getUint32(this.#take(4), true);
  }

  int64(tag: number): bigint {
    this.#expect(tag, 0);
    const first = this.#bytes[this.#at] ?? 0;
    if (first < 128 && this.#at < this.#end) {
      this.#at++;
      return BigInt(first);
    }
    const { low, high } = this.#varint();
    if (high < 0x20_0000) return BigInt(high * twoTo32 + low);
    return BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
  }

  bool(tag: number): boolean {
    this.#expect(tag, 0);
    const { low, high } = this.#varint();
    return low !== 0 || high !== 0;
  }

  /** Of an enumeration, or of type `int32`: what is longer is cut, as protobuf has it. */
  int32(tag: number): number {
    this.#expect(tag, 0);
    return this.#varint().low | 0;
  }

  count(tag: number): number {
    this.#expect(tag, 0);
    return this.#varint().low;
  }

  uint32(): number {
    const first = this.#bytes[this.#at] ?? 0;
    if (first < 128 && this.#at < this.#end) {
      this.#at++;
      return first;
    }
    const from = this.#at;
    const { low, high } = this.#varint();
    if (high !== 0) this.#fail('a number that is too large', from);
    return low;
  }

  /** A field that nobody knows: a later version may have it. */
  skip(tag: number, depth = 0): void {
    const type = tag & 7;
    if (type === 0) this.#varint();
    else if (type === 1) this.#take(8);
    else if (type === 2) this.#at = this.#lengthed(tag);
    else if (type === 5) this.#take(4);
    else if (type === 3 && depth < deepestGroup) this.#skipGroup(tag, depth);
    else this.#fail(`a field of type ${type}`, this.#at);
  }

  tooDeep(): never {
    return this.#fail('a value nests too deeply', this.#at);
  }

  #skipGroup(tag: number, depth: number): void {
    const from = this.#at;
    while (this.#at < this.#end) {
      const inner = this.uint32();
      if ((inner & 7) === 4) {
        if (inner >>> 3 === tag >>> 3) return;
        this.#fail('the end of another group', this.#at);
      }
      this.skip(inner, depth + 1);
    }
    this.#fail('a group without an end', from);
  }

  /** Reads a length, and gives the place where that much ends. */
  #lengthed(tag: number): number {
    this.#expect(tag, 2);
    const from = this.#at;
    const length = this.uint32();
    const end = this.#at + length;
    if (end > this.#end) this.#fail(`${length} bytes where ${this.#end - this.#at} are left`, from);
    return end;
  }

  #take(length: number): number {
    const from = this.#at;
    if (from + length > this.#end) this.#fail('a number that is cut off', from);
    this.#at = from + length;
    return from;
  }

  /** As two halves of 32 bits; the last of ten bytes may have more bits, which go nowhere. */
  #varint(): { readonly low: number; readonly high: number } {
    const from = this.#at;
    let low = 0;
    let high = 0;
    for (let index = 0; index < 10; index++) {
      if (this.#at >= this.#end) this.#fail('a number that is cut off', from);
      const byte = this.#bytes[this.#at++] ?? 0;
      const bits = byte & 127;
      if (index < 4) low |= bits << (index * 7);
      else if (index === 4) {
        low |= bits << 28;
        high = bits >> 4;
      } else high |= bits << (index * 7 - 32);
      if (byte < 128) return { low: low >>> 0, high: high >>> 0 };
    }
    return this.#fail('a number of more than ten bytes', from);
  }

  #expect(tag: number, type: number): void {
    if ((tag & 7) !== type) {
      this.#fail(`field ${tag >>> 3} of type ${tag & 7} instead of ${type}`, this.#at);
    }
  }

  #fail(what: string, offset: number): never {
    throw new MalformedOtlp(what, offset);
  }
}
