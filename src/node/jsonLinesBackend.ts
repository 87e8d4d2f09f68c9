import fs from 'node:fs';
import path from 'node:path';
import { rowsOf } from '../core/rowPacker.ts';
import type { Backend, BackendReport, Batch, EventRow, SpanRow } from '../core/traceRows.ts';

const retryMs = 1000;
/** A write that got no further for so long will not do so before the program ends. */
const stalledMs = 1000;
const lookMs = 5;

/** Text that is being written, from where the file ended then. */
interface UnderWay {
  readonly text: Buffer;
  readonly from: number;
}

/**
 * Appends rows to a file, one JSON object a line, with the names of the table's columns. A span that was
 * open at first has a line for that and one for its end.
 *
 * @example
 * const tracer = new AgentTracer({ backend: new JsonLinesBackend('traces.jsonl') });
 */
export class JsonLinesBackend implements Backend {
  readonly name: string;
  readonly #file: string;
  readonly #mostBytes: number;
  #report: BackendReport | undefined;
  #waiting: Batch[] = [];
  /** Text that is being written, or whose writing failed. */
  #text: Buffer | undefined;
  #queued = 0;
  #dropped = 0;
  /** Rows that are not in the file, those that were dropped among them. */
  #rows = 0;
  #writing: Promise<boolean> | undefined;
  #underWay: UnderWay | undefined;
  /** Set while the last attempt failed. */
  #retry: NodeJS.Timeout | undefined;

  /** @param mostBytes bytes that may wait for the disk; what comes then is dropped and counted in a line */
  constructor(file: string, mostBytes = 64_000_000) {
    this.#file = path.resolve(file);
    this.name = `JSON lines (${file})`;
    this.#mostBytes = mostBytes;
  }

  start(report: BackendReport): void {
    this.#report = report;
  }

  write(batch: Batch): boolean {
    const rows = batch.spans + batch.events;
    this.#rows += rows;
    if (this.#queued + batch.bytes > this.#mostBytes) {
      this.#dropped += rows;
      return false;
    }
    this.#queued += batch.bytes;
    this.#waiting.push(batch);
    if (!this.#retry) void this.#write();
    return true;
  }

  async flush(): Promise<boolean> {
    const stored = await this.#write();
    // What came while that was under way.
    return stored && this.#rows > 0 ? this.#write() : stored;
  }

  flushSync(milliseconds: number): void {
    try {
      if (this.#underWay) this.#text = this.#rest(this.#underWay, Date.now() + milliseconds);
      while (this.#rows > 0) {
        fs.appendFileSync(this.#file, this.#next());
        this.#stored();
      }
    } catch (error) {
      this.#report?.failed(this.#errorOf(error));
    }
    this.#sayLost();
  }

  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#retry);
    this.#sayLost();
  }

  #sayLost(): void {
    const what = `${this.#rows} rows could not be stored before the end, and are lost`;
    if (this.#rows > 0) this.#report?.lost(this.#errorOf(what));
    this.#rows = 0;
  }

  #write(): Promise<boolean> {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #writeAll(): Promise<boolean> {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    while (this.#rows > 0) {
      try {
        await this.#append(this.#next());
        this.#stored();
        this.#report?.works();
      } catch (error) {
        this.#report?.failed(this.#errorOf(error));
        this.#retry = setTimeout(() => void this.#write(), retryMs).unref();
        return false;
      }
    }
    return true;
  }

  /** A full disk takes a part: what is tried again is the rest, so that no line is there by half or twice. */
  async #append(text: Buffer): Promise<void> {
    const handle = await fs.promises.open(this.#file, 'a');
    try {
      for (let rest = text; rest.length > 0; this.#text = rest) {
        this.#underWay = { text: rest, from: (await handle.stat()).size };
        const { bytesWritten } = await handle.write(rest);
        rest = rest.subarray(bytesWritten);
      }
    } finally {
      this.#underWay = undefined;
      await handle.close();
    }
  }

  /** What is not in the file of a text whose writing goes on beside this thread, which cannot call it back. */
  #rest({ text, from }: UnderWay, until: number): Buffer {
    const sizeNow = (): number => fs.statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
    let size = sizeNow();
    let since = Date.now();
    while (size < from + text.length && Date.now() < Math.min(until, since + stalledMs)) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lookMs);
      const now = sizeNow();
      if (now !== size) since = Date.now();
      size = now;
    }
    return size > from ? text.subarray(lengthIn(this.#file, from, text)) : text;
  }

  #next(): Buffer {
    if (this.#text) return this.#text;
    this.#textRows = this.#rows;
    const lines = this.#waiting.flatMap(batch => [...rowsOf(batch)].map(lineOf));
    if (this.#dropped > 0) {
      lines.push(`${JSON.stringify({ type: 'dropped', rows: this.#dropped })}\n`);
      this.#dropped = 0;
    }
    this.#textBytes = this.#waiting.reduce((sum, batch) => sum + batch.bytes, 0);
    this.#waiting = [];
    this.#text = Buffer.from(lines.join(''));
    return this.#text;
  }

  #textBytes = 0;
  #textRows = 0;

  #stored(): void {
    this.#text = undefined;
    this.#queued -= this.#textBytes;
    this.#rows -= this.#textRows;
    this.#textBytes = this.#textRows = 0;
  }

  #errorOf(error: unknown): Error {
    return new Error(`${this.name}: ${error instanceof Error ? error.message : error}`);
  }
}

/** How much of the beginning of a text a file has, looked for from there on: others may write to it as well. */
function lengthIn(file: string, from: number, text: Buffer): number {
  const descriptor = fs.openSync(file, 'r');
  try {
    const tail = Buffer.alloc(fs.fstatSync(descriptor).size - from);
    fs.readSync(descriptor, tail, 0, tail.length, from);
    const at = tail.indexOf(text.subarray(0, Math.min(text.length, tail.length, 100)));
    if (at < 0) return 0;
    let length = 0;
    while (length < text.length && tail[at + length] === text[length]) length++;
    return length;
  } finally {
    fs.closeSync(descriptor);
  }
}

function lineOf(row: SpanRow | EventRow): string {
  const { spanId: span_id, runId: run_id, name } = row;
  if (row.type === 'event') {
    const head = JSON.stringify({ type: 'event', span_id, run_id, time: row.time, name });
    return `${head.slice(0, -1)},"attributes":${row.attributes}}\n`;
  }
  const head = JSON.stringify({
    type: 'span',
    span_id,
    run_id,
    parent_span_id: row.parentSpanId ?? null,
    name,
    start_time: row.startTime,
    end_time: row.endTime ?? null,
    status: row.status,
    input_tokens: row.inputTokens,
    output_tokens: row.outputTokens,
    cost_usd: row.costUsd ?? null,
    model: row.model,
    error: row.error ?? null,
  });
  return `${head.slice(0, -1)},"metadata":${row.metadata}}\n`;
}
