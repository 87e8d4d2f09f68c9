import type http from 'node:http';
import zlib from 'node:zlib';
import type { Coding } from './receiverGuard.ts';

const inflaters = { gzip: zlib.createGunzip, deflate: zlib.createInflate };
const chunkSize = 65_536;

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

  /** False where the bound is reached; a body that is alone always has room. */
  take(share: Share, bytes: number): boolean {
    if (this.#bytes > share.bytes && this.#bytes + bytes > this.#most) return false;
    this.#bytes += bytes;
    share.bytes += bytes;
    return true;
  }

  free(share: Share, bytes = share.bytes): void {
    this.#bytes -= bytes;
    share.bytes -= bytes;
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
  const take = (bytes: number): boolean => held.take(share, bytes);
  const sent = await sentBytes(incoming, limit, take);
  if ('problem' in sent || coding === 'identity' || sent.bytes.length === 0) return sent;
  const inflater = inflaters[coding]({ chunkSize });
  inflater.end(sent.bytes);
  try {
    // Counted as it grows: of a thousandth of its size, many bombs at once would be let in.
    const body = await collected(inflater, limit, take);
    held.free(share, sent.bytes.length);
    return body;
  } catch {
    // Nobody else can fail here: what was sent is there as a whole.
    return { problem: 'not-compressed' };
  }
}

async function sentBytes(
  incoming: http.IncomingMessage,
  limit: number,
  take: (bytes: number) => boolean,
): Promise<ReceivedBody> {
  const announced = Number(incoming.headers['content-length'] ?? Number.NaN);
  if (announced > limit) return { problem: 'too-long' };
  if (!(announced > 0)) return collected(incoming, limit, take);
  if (!take(announced)) return { problem: 'no-room' };
  const bytes = new Uint8Array(announced);
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes.set(chunk, length);
    length += chunk.length;
  }
  return { bytes };
}

/** All that a stream gives, which has not said how much that is. */
async function collected(
  stream: AsyncIterable<Buffer>,
  limit: number,
  take: (bytes: number) => boolean,
): Promise<ReceivedBody> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > limit) return { problem: 'too-long' };
    if (!take(chunk.length)) return { problem: 'no-room' };
    chunks.push(chunk);
  }
  return { bytes: ownBytes(Buffer.concat(chunks)) };
}

/** In memory of their own, which can be handed to another thread. */
const ownBytes = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
