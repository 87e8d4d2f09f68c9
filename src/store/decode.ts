import type { UnixMs } from '../core/model.ts';
import type { Value } from './sqlite.ts';

export const isUtf8 = (encoding: string): boolean => !/16/.test(encoding);

/** Turns the bytes of a text column into a string. */
export type Decode = (value: Value | undefined) => string | undefined;

/** Names, errors and other short texts are read up to this many bytes where only a row is shown. */
export const shortBytes = 2000;

/**
 * Texts are selected as `CAST(column AS BLOB)` and decoded here: sql.js itself ends a text at its first
 * NUL, and a cast makes bytes of numbers and blobs as well. Bytes that are no text become U+FFFD.
 *
 * @param encoding what `PRAGMA encoding` says
 */
export function decoderOf(encoding: string): Decode {
  const label = /16le/i.test(encoding) ? 'utf-16le' : /16be/i.test(encoding) ? 'utf-16be' : 'utf-8';
  const decoder = new TextDecoder(label, { ignoreBOM: true });
  return value => {
    if (value === null || value === undefined) return undefined;
    if (typeof value !== 'object') return String(value);
    return (label === 'utf-8' ? ascii(value) : undefined) ?? decoder.decode(value);
  };
}

/** Ids and words are short and plain; a TextDecoder costs several times as much for them. */
function ascii(bytes: Uint8Array): string | undefined {
  if (bytes.length > 64) return undefined;
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] ?? 0) > 0x7f) return undefined;
  // Not spread: that would walk an iterator, which takes ten times as long.
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}

/** A string as bytes in a database's encoding, for comparing it with what is recorded. */
export function encode(text: string, encoding: string): Uint8Array {
  if (!/16/.test(encoding)) return new TextEncoder().encode(text);
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) {
    view.setUint16(i * 2, text.charCodeAt(i), /le/i.test(encoding));
  }
  return bytes;
}

/** A text read up to `shortBytes`: what its last character was torn into is taken off. */
export function short(text: string | undefined, limit: number): string | undefined {
  return text?.slice(0, limit).replace(/[\uD800-\uDBFF]$|\uFFFD+$/, '');
}

export function numberOf(value: Value | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/**
 * A recorded time as milliseconds. The native unit is seconds; but the tracer gets ported to languages
 * whose clocks count milli-, micro- or nanoseconds, and for dates from 1973 on the size tells which.
 */
export function timeOf(value: Value | undefined): UnixMs | undefined {
  const time = numberOf(value);
  if (time === undefined) return undefined;
  const size = Math.abs(time);
  if (size >= 1e17) return time / 1e6;
  if (size >= 1e14) return time / 1e3;
  return size >= 1e11 ? time : time * 1e3;
}
