import type { Batch } from '../core/traceRows.ts';
import { mostFrameBytes, writeFrame } from './frame.ts';

/** Where a batch lies, and how much of the bound becomes free with it. */
export interface Slot {
  readonly memory: SharedArrayBuffer;
  readonly offset: number;
  readonly bytes: number;
}

interface Segment {
  readonly buffer: Buffer;
  readonly memory: SharedArrayBuffer;
  /** Where the next batch goes. */
  at: number;
  /** Bytes that were not freed yet. */
  used: number;
}

const segmentBytes = 16_000_000;

/**
 * Batches in memory that two threads see: copying one there costs a fifth of sending it as a message. They
 * lie one after another in segments, are freed in that order, and memory that was never touched takes none.
 */
export class SharedQueue {
  readonly #mostBytes: number;
  /** The oldest first; the last one is written to. */
  #segments: Segment[] = [];
  #spare: Segment | undefined;
  #used = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Bytes that wait. */
  get used(): number {
    return this.#used;
  }

  /** Undefined where the bound is reached. */
  put(batch: Batch): Slot | undefined {
    if (this.#used + batch.bytes > this.#mostBytes) return undefined;
    const segment = this.#roomFor(mostFrameBytes(batch));
    const offset = segment.at;
    segment.at = writeFrame(batch, segment.buffer, offset);
    const bytes = segment.at - offset;
    segment.used += bytes;
    this.#used += bytes;
    return { memory: segment.memory, offset, bytes };
  }

  /** The oldest bytes are stored. */
  free(bytes: number): void {
    this.#used -= bytes;
    let left = bytes;
    for (let first = this.#segments[0]; first && left > 0; first = this.#segments[0]) {
      const part = Math.min(left, first.used);
      first.used -= part;
      left -= part;
      if (first.used > 0) return;
      // From the start again, so that a steady flow touches little memory.
      first.at = 0;
      if (this.#segments.length === 1) return;
      this.#segments.shift();
      if (first.memory.byteLength === segmentBytes) this.#spare = first;
    }
  }

  #roomFor(most: number): Segment {
    const last = this.#segments.at(-1);
    if (last && last.at + most <= last.memory.byteLength) return last;
    const spare = most <= segmentBytes ? this.#spare : undefined;
    if (spare) this.#spare = undefined;
    const next = spare ?? newSegment(Math.max(most, segmentBytes));
    this.#segments.push(next);
    return next;
  }
}

function newSegment(bytes: number): Segment {
  const memory = new SharedArrayBuffer(bytes);
  return { memory, buffer: Buffer.from(memory), at: 0, used: 0 };
}
