// Every host has these two: browsers, their workers, Node. This room has no ambient types, so what is used of
// them is said here.
declare const TextDecoder: new (
  label: string,
  options: { readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };
declare const TextEncoder: new () => {
  encodeInto(text: string, into: Uint8Array): { readonly written: number };
};

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** Counts texts that could not be taken as they are. */
export interface Repairs {
  texts: number;
}

/** For texts shorter than this, the call into the host takes longer than the text. */
const short = 24;

/** Names and short values come again and again: what was decoded last at each place of the table is kept. */
const keptTo = 64;
const kept: (string | undefined)[] = Array.from({ length: 4096 });

/** A text from UTF-8; what is none becomes U+FFFD, and is counted. */
export function decodeUtf8(bytes: Uint8Array, from: number, to: number, repairs: Repairs): string {
  if (to - from > keptTo) return decodeAnew(bytes, from, to, repairs);
  let hash = to - from;
  for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
  const place = (hash ^ (hash >>> 12)) & 4095;
  const known = kept[place];
  if (known !== undefined && isSame(known, bytes, from, to)) return known;
  const text = decodeAnew(bytes, from, to, repairs);
  kept[place] = text;
  return text;
}

/** Never for what is not ASCII: there a code of the text is no byte. */
function isSame(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte > 127 || text.charCodeAt(at - from) !== byte) return false;
  }
  return true;
}

function decodeAnew(bytes: Uint8Array, from: number, to: number, repairs: Repairs): string {
  if (to - from < short) {
    let text = '';
    let at = from;
    for (; at < to; at++) {
      const byte = bytes[at] ?? 0;
      if (byte > 127) break;
      text += String.fromCharCode(byte);
    }
    if (at === to) return text;
  }
  const text = decoder.decode(bytes.subarray(from, to));
  if (text.includes('\ufffd') && marksIn(text) !== markBytesIn(bytes, from, to)) repairs.texts++;
  return text;
}

/** Writes at a place that has room for three bytes a character; gives the place behind. */
export function encodeUtf8(text: string, into: Uint8Array, from: number): number {
  if (text.length < short) {
    let at = 0;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > 127) break;
      into[from + at] = code;
    }
    if (at === text.length) return from + at;
  }
  return from + encoder.encodeInto(text, into.subarray(from)).written;
}

const loneSurrogate = /\p{Surrogate}/u;
const loneSurrogates = /\p{Surrogate}/gu;

/** Half a pair of surrogates is in no UTF-8: it becomes U+FFFD, and is counted. */
export function wellFormed(text: string, repairs: Repairs): string {
  if (!loneSurrogate.test(text)) return text;
  repairs.texts++;
  return text.replace(loneSurrogates, '\ufffd');
}

const marksIn = (text: string): number => text.split('\ufffd').length - 1;

/** How often U+FFFD itself was sent. */
function markBytesIn(bytes: Uint8Array, from: number, to: number): number {
  let found = 0;
  for (let at = from; at + 2 < to; at++) {
    if (bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) found++;
  }
  return found;
}
