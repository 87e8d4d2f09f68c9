import type { Batch } from '../core/traceRows.ts';

// A batch as bytes: counts, numbers, lengths, then the strings in UTF-8. Both threads have the same byte order.
const headWords = 8;
const headBytes = headWords * 4;

/** The next multiple of 8. No bits are masked: that works up to 2 GB only. */
const toWord = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** Bytes that a batch takes at most: a character takes three. A multiple of 8. */
export const mostFrameBytes = (batch: Batch): number =>
  toWord(
    headBytes +
      8 * batch.numbers.length +
      4 * (1 + batch.long.length + batch.json.length) +
      3 * batch.bytes,
  );

/** Writes a batch at an offset, a multiple of 8; gives where it ends, another one. */
export function writeFrame(batch: Batch, buffer: Buffer, offset: number): number {
  const { text, long, json, numbers, spans, events } = batch;
  const memory = buffer.buffer;
  const head = new Uint32Array(memory, offset, headWords);
  head[0] = numbers.length;
  head[1] = long.length;
  head[2] = json.length;
  head[3] = spans;
  head[4] = events;
  head[5] = batch.bytes;
  let at = offset + headBytes;
  new Float64Array(memory, at, numbers.length).set(numbers);
  at += numbers.length * 8;
  const lengths = new Uint32Array(memory, at, 1 + long.length + json.length);
  at += lengths.length * 4;
  let index = 0;
  const add = (value: string): void => {
    const written = buffer.write(value, at, 'utf8');
    lengths[index++] = written;
    at += written;
  };
  add(text);
  for (const value of long) add(value);
  for (const value of json) add(value);
  return toWord(at);
}

/** The batch that was written at an offset of memory. */
export function readFrame(memory: ArrayBufferLike, offset: number): Batch {
  const head = new Uint32Array(memory, offset, headWords);
  const [numbers = 0, long = 0, json = 0, spans = 0, events = 0, bytes = 0] = head;
  const buffer = Buffer.from(memory);
  let at = offset + headBytes;
  const values = new Float64Array(memory.slice(at, at + numbers * 8));
  at += numbers * 8;
  const lengths = new Uint32Array(memory, at, 1 + long + json);
  at += lengths.length * 4;
  let index = 0;
  const next = (): string => {
    const end = at + (lengths[index++] ?? 0);
    const value = buffer.toString('utf8', at, end);
    at = end;
    return value;
  };
  const text = next();
  const many = (count: number): string[] => Array.from({ length: count }, next);
  const strings = { text, long: many(long), json: many(json) };
  return { ...strings, numbers: Array.from(values), spans, events, bytes };
}
