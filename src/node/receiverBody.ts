import type http from 'node:http';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { Coding } from './receiverGuard.ts';

const inflaters = {
  gzip: promisify<zlib.InputType, zlib.ZlibOptions, Buffer<ArrayBuffer>>(zlib.gunzip),
  deflate: promisify<zlib.InputType, zlib.ZlibOptions, Buffer<ArrayBuffer>>(zlib.inflate),
};

export type ReceivedBody =
  | { readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly problem: 'too-long' | 'no-room' | 'not-compressed' };

/** Bytes that are held for all requests together. */
export class Held {
  readonly #most: number;
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** False where the bound is reached; one body always has room. */
  take(bytes: number): boolean {
    if (this.#bytes > 0 && this.#bytes + bytes > this.#most) return false;
    this.#bytes += bytes;
    return true;
  }

  /** What was found to be larger than what was taken for it. */
  grow(bytes: number): void {
    this.#bytes += bytes;
  }

  free(bytes: number): void {
    this.#bytes -= bytes;
  }
}

/** How much of the bound a request has. */
export interface Share {
  bytes: number;
}

/** Reads the body of a request as it is, without what compressed it; rejects if it breaks off. */
export async function receiveBody(
  incoming: http.IncomingMessage,
  coding: Coding,
  limit: number,
  held: Held,
  share: Share,
): Promise<ReceivedBody> {
  const sent = await sentBytes(incoming, limit, held, share);
  if ('problem' in sent || coding === 'identity' || sent.bytes.length === 0) return sent;
  try {
    // A bomb ends at the limit: nothing larger is ever made.
    const bytes = await inflaters[coding](sent.bytes, { maxOutputLength: limit });
    held.grow(bytes.length - share.bytes);
    share.bytes = bytes.length;
    return { bytes: ownBytes(bytes) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return { problem: code === 'ERR_BUFFER_TOO_LARGE' ? 'too-long' : 'not-compressed' };
  }
}

async function sentBytes(
  incoming: http.IncomingMessage,
  limit: number,
  held: Held,
  share: Share,
): Promise<ReceivedBody> {
  const take = (bytes: number): boolean => {
    if (!held.take(bytes)) return false;
    share.bytes += bytes;
    return true;
  };
  const announced = Number(incoming.headers['content-length'] ?? Number.NaN);
  if (announced > limit) return { problem: 'too-long' };
  if (announced > 0 && !take(announced)) return { problem: 'no-room' };
  const whole = announced > 0 ? new Uint8Array(announced) : undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    if (whole) whole.set(chunk, length);
    else if (length + chunk.length > limit) return { problem: 'too-long' };
    else if (!take(chunk.length)) return { problem: 'no-room' };
    else chunks.push(chunk);
    length += chunk.length;
  }
  return { bytes: whole ?? ownBytes(Buffer.concat(chunks)) };
}

/** In memory of their own, which can be handed to another thread. */
const ownBytes = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
