/** The two sums that every frame of a WAL carries on (SQLite file format, 4.2). */
export type WalSums = [number, number];

const hostIsLittle = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/**
 * Adds bytes to the sums, in place.
 *
 * @param length a multiple of 8
 * @param big the numbers are big-endian: the WAL's magic number says which
 */
export function addToSums(
  sums: WalSums,
  bytes: Uint8Array,
  from: number,
  length: number,
  big: boolean,
): void {
  let [a, b] = sums;
  const offset = bytes.byteOffset + from;
  if (big === hostIsLittle || offset % 4 !== 0) {
    const view = new DataView(bytes.buffer, offset, length);
    for (let at = 0; at < length; at += 8) {
      a = (a + view.getUint32(at, !big) + b) >>> 0;
      b = (b + view.getUint32(at + 4, !big) + a) >>> 0;
    }
  } else {
    // Several times as fast, and a WAL may be hundreds of megabytes.
    const words = new Uint32Array(bytes.buffer, offset, length / 4);
    for (let at = 0; at < words.length; at += 2) {
      a = (a + (words[at] ?? 0) + b) >>> 0;
      b = (b + (words[at + 1] ?? 0) + a) >>> 0;
    }
  }
  sums[0] = a;
  sums[1] = b;
}
