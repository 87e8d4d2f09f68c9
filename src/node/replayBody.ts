import type http from 'node:http';
import { type Fields, fieldsOf } from '../core/fields.ts';
import { nestsTooDeep } from '../core/replay/nesting.ts';

/** The API's own limit. */
export const maxBodyBytes = 32_000_000;
/** A client that is refused while it still sends would not read why: so much more is taken, and not kept. */
const maxDrainedBytes = 1_000_000_000;

export type ReplayBody =
  | { readonly bytes: Buffer<ArrayBuffer>; readonly fields: Fields }
  | { readonly problem: 'too-long' | 'not-json' | 'too-nested' };

/** Reads the body of a request; rejects if it breaks off. */
export async function readBody(
  incoming: http.IncomingMessage,
  limit = maxBodyBytes,
): Promise<ReplayBody> {
  let chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
    else chunks = [];
    if (length > maxDrainedBytes) break;
  }
  if (length > limit) return { problem: 'too-long' };
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString('utf8');
  if (nestsTooDeep(text)) return { problem: 'too-nested' };
  try {
    const fields = fieldsOf(JSON.parse(text));
    return Array.isArray(fields.messages) ? { bytes, fields } : { problem: 'not-json' };
  } catch {
    // Whatever the parser objects to, the program is told that it is no JSON; its text may hold anything.
    return { problem: 'not-json' };
  }
}
