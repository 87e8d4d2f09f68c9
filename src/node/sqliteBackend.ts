import os from 'node:os';
import path from 'node:path';
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  type Worker,
} from 'node:worker_threads';
import {
  checkLimits,
  type Dropped,
  type Pruned,
  type PruneLimits,
  type WriterOptions,
} from '../core/traceLimits.ts';
import type { Backend, BackendReport, Batch } from '../core/traceRows.ts';
import { SharedQueue, type Slot } from './sharedQueue.ts';
import { needSqlite, startSqliteWorker } from './startSqliteWorker.ts';
import { type FromWorker, state, type ToWorker, type WorkerStart } from './writerMessages.ts';

export interface SqliteOptions extends Partial<WriterOptions> {
  /**
   * Bytes that may wait in memory for the disk. What goes beyond is dropped, counted and written down.
   * Default 512 MB, or an eighth of the memory that the program may use where that is less. Memory is
   * only taken as far as the disk is behind.
   */
  readonly maxQueueBytes?: number;
  /**
   * Milliseconds that a flush waits for a file that cannot be written before it says so, and that closing
   * waits for one that is locked; default 10,000.
   */
  readonly flushMs?: number;
}

/** Both threads count in 32 bits. */
const mostQueueBytes = 2_000_000_000;
const none: Dropped = { spans: 0, events: 0 };

/** Timers and clocks of 32 bits count no further. */
const longestMs = 2_000_000_000;
/** What the other thread takes beyond the time that it has for its end. */
const mostMoreMs = 2000;
const lateWords = 'what was recorded before could not be stored in time';

/** What the other thread was asked. */
interface Asked {
  answer(message: FromWorker | undefined): void;
  /** A write that was tried since then and failed answers it; undefined: the time does. */
  readonly since: number | undefined;
}

/** Writes a trace file from a thread of its own. */
export class SqliteBackend implements Backend {
  readonly name: string;
  readonly #file: string;
  readonly #options: WriterOptions;
  readonly #queue: SharedQueue;
  readonly #flushMs: number;
  readonly #shared = new Int32Array(new SharedArrayBuffer(state.cells * 4));
  readonly #waiting = new Map<number, Asked>();
  #report: BackendReport | undefined;
  #worker: Worker | undefined;
  #port: MessagePort | undefined;
  #bytesDone = 0;
  /** Batches. */
  #sent = 0;
  /** Rows that were taken, or counted as dropped. */
  #rows = 0;
  /** Rows that SQLite will never take, and how many of them a flush has told of. */
  #refused = 0;
  #told = 0;
  #lastId = 0;
  #dropped: Dropped = none;
  /** Why the file cannot be written, while it cannot. */
  #failure: string | undefined;
  #ended: 'no' | 'closed' | 'worker died' = 'no';
  #closed: Promise<void> | undefined;
  #closing: (() => void) | undefined;

  /** @throws where Node has no node:sqlite; the error names the choices. */
  constructor(file = 'agent_traces.db', options: SqliteOptions = {}) {
    needSqlite();
    const { synchronous = 'normal', busyMs = 5000 } = options;
    // The agent may change its folder; the file is meant where it was asked for.
    this.#file = path.resolve(file);
    this.name = `SQLite (${file})`;
    this.#options = { synchronous, busyMs };
    this.#flushMs = Math.min(options.flushMs ?? 10_000, longestMs);
    this.#queue = new SharedQueue(
      Math.min(options.maxQueueBytes ?? defaultQueueBytes(), mostQueueBytes),
    );
  }

  start(report: BackendReport): void {
    this.#report = report;
  }

  write(batch: Batch): boolean {
    const rows = batch.spans + batch.events;
    this.#rows = (this.#rows + rows) | 0;
    const port = this.#started();
    if (!port) throw new Error(`${this.name}: its writer has ended`);
    const slot = this.#put(batch);
    if (!slot) {
      const { spans, events } = this.#dropped;
      this.#dropped = { spans: spans + batch.spans, events: events + batch.events };
      return false;
    }
    this.#send(port, rows, slot);
    return true;
  }

  async flush(): Promise<boolean> {
    const told = this.#told;
    if (!(await this.#isAllStored())) return false;
    this.#told = this.#refused;
    return told === this.#refused;
  }

  /** All that SQLite takes. */
  async #isAllStored(): Promise<boolean> {
    if (this.#ended !== 'no') return false;
    this.#sendDropped();
    if (!this.#port) return true;
    const target = this.#sent;
    const woken = this.#wake();
    const since = this.#failure === undefined ? undefined : woken;
    await this.#ask(id => ({ type: 'flush', id }), since, this.#flushMs);
    return this.#isStored(target);
  }

  /** Removes old runs; rejects where a limit makes no sense or the file cannot be changed. */
  async prune(limits: PruneLimits): Promise<Pruned> {
    checkLimits(limits);
    const notPruned = (why = 'its writer has ended'): Error =>
      new Error(`${this.name} was not pruned: ${why}`);
    if (!(await this.#isAllStored())) {
      throw notPruned(this.#ended === 'no' ? (this.#failure ?? lateWords) : undefined);
    }
    const now = Atomics.load(this.#shared, state.woken);
    const answer = await this.#ask(id => ({ type: 'prune', id, limits }), now, undefined);
    if (answer?.type !== 'pruned') throw notPruned(this.#failure);
    if (answer.error !== undefined) throw notPruned(answer.error);
    return { runs: answer.runs ?? 0, spans: answer.spans ?? 0 };
  }

  flushSync(milliseconds: number): void {
    if (this.#ended === 'no') this.#sendDropped();
    if (this.#port && this.#ended === 'no') {
      this.#end(this.#port, milliseconds);
      Atomics.wait(this.#shared, state.closed, 0, milliseconds);
      for (
        let next = receiveMessageOnPort(this.#port);
        next;
        next = receiveMessageOnPort(this.#port)
      ) {
        this.#hear(next.message);
      }
      this.#ended = 'closed';
    }
    this.#sayLost();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    if (this.#ended === 'no') {
      this.#sendDropped();
      if (this.#port) await this.#closePort(this.#port);
      this.#ended = 'closed';
    }
    this.#sayLost();
  }

  async #closePort(port: MessagePort): Promise<void> {
    let stuck: NodeJS.Timeout | undefined;
    await new Promise<void>(resolve => {
      this.#closing = resolve;
      port.ref();
      this.#end(port, this.#flushMs);
      let before: number | undefined;
      // A disk may also take a write and never come back.
      stuck = setInterval(() => {
        const done = Atomics.load(this.#shared, state.rowsDone);
        if (done === before) resolve();
        before = done;
      }, this.#flushMs + mostMoreMs);
    });
    clearInterval(stuck);
    port.close();
  }

  /** Has the other thread store what it can, wait so long for a file that cannot be written, and end. */
  #end(port: MessagePort, milliseconds: number): void {
    Atomics.store(this.#shared, state.endsAt, (Date.now() + Math.min(milliseconds, longestMs)) | 0);
    Atomics.store(this.#shared, state.ending, 1);
    this.#wake();
    port.postMessage({ type: 'close' } satisfies ToWorker);
  }

  /** Once: the file counts them, and an agent whose rows are refused makes more of them. */
  #sayRefused(rows: number): void {
    const what = `SQLite refuses rows (${rows} so far), which are counted as dropped`;
    if (this.#refused === 0) this.#report?.lost(new Error(`${this.name}: ${what}`));
    this.#refused += rows;
  }

  #sayLost(): void {
    const lost = (this.#rows - Atomics.load(this.#shared, state.rowsDone)) | 0;
    this.#rows = (this.#rows - lost) | 0;
    if (lost <= 0) return;
    const what = `${lost} rows could not be stored before the end, and are lost`;
    this.#report?.lost(new Error(`${this.name}: ${what}`));
  }

  #send(port: MessagePort, rows: number, slot: Slot | undefined): void {
    const message: ToWorker = { type: 'write', rows, dropped: this.#dropped, slot };
    port.postMessage(message);
    this.#sent = (this.#sent + 1) | 0;
    this.#dropped = none;
  }

  /** What no row that is taken will bring along. */
  #sendDropped(): void {
    if (this.#port && this.#dropped.spans + this.#dropped.events > 0) {
      this.#send(this.#port, 0, undefined);
    }
  }

  #put(batch: Batch): Slot | undefined {
    const done = Atomics.load(this.#shared, state.bytesDone);
    this.#queue.free((done - this.#bytesDone) | 0);
    this.#bytesDone = done;
    return this.#queue.put(batch);
  }

  #isStored(target: number): boolean {
    return ((Atomics.load(this.#shared, state.stored) - target) | 0) >= 0;
  }

  /** Gives what `state.woken` is from now on. */
  #wake(): number {
    const woken = (Atomics.add(this.#shared, state.woken, 1) + 1) | 0;
    Atomics.notify(this.#shared, state.woken);
    return woken;
  }

  #ask(
    make: (id: number) => ToWorker,
    since: number | undefined,
    timeoutMs: number | undefined,
  ): Promise<FromWorker | undefined> {
    const port = this.#started();
    if (!port) return Promise.resolve(undefined);
    const id = ++this.#lastId;
    return new Promise(resolve => {
      const answer = (message: FromWorker | undefined): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        if (this.#waiting.size === 0) port.unref();
        resolve(message);
      };
      const timer =
        timeoutMs === undefined ? undefined : setTimeout(() => answer(undefined), timeoutMs);
      this.#waiting.set(id, { answer, since });
      // Whoever awaits this must be answered before the program is taken for finished.
      port.ref();
      port.postMessage(make(id));
    });
  }

  /** The port of the other thread, which is begun with the first row; undefined once it has ended. */
  #started(): MessagePort | undefined {
    if (this.#ended !== 'no') return undefined;
    if (this.#port) return this.#port;
    const { port1, port2 } = new MessageChannel();
    const start: WorkerStart = {
      file: this.#file,
      options: this.#options,
      port: port2,
      shared: this.#shared.buffer,
    };
    try {
      this.#worker = startSqliteWorker(start);
    } catch (error) {
      // As where the program may start no threads.
      port1.close();
      this.#died(error);
      return undefined;
    }
    this.#worker.on('error', error => this.#died(error));
    this.#worker.on('exit', () => this.#died(new Error('its thread has ended')));
    this.#worker.unref();
    port1.on('message', (message: FromWorker) => this.#hear(message));
    port1.unref();
    this.#port = port1;
    return port1;
  }

  #hear(message: FromWorker): void {
    switch (message.type) {
      case 'failed':
        this.#failure = message.message;
        this.#report?.failed(new Error(`${this.name}: ${message.message}`));
        if (message.woken !== undefined) this.#answerAll(message.woken);
        break;
      case 'refused':
        this.#sayRefused(message.rows);
        break;
      case 'works':
        this.#failure = undefined;
        this.#report?.works();
        break;
      case 'closed':
        this.#closing?.();
        this.#answerAll(undefined);
        break;
      default:
        this.#waiting.get(message.id)?.answer(message);
    }
  }

  /** There is no other answer: of a write that failed, for what was asked before it was tried. */
  #answerAll(woken: number | undefined): void {
    for (const { answer, since } of [...this.#waiting.values()]) {
      if (woken === undefined) answer(undefined);
      else if (since !== undefined && ((woken - since) | 0) >= 0) answer(undefined);
    }
  }

  #died(error: unknown): void {
    this.#closing?.();
    this.#answerAll(undefined);
    if (this.#ended !== 'no' || this.#closing) return;
    this.#ended = 'worker died';
    const why = error instanceof Error ? error.message : error;
    this.#report?.failed(new Error(`${this.name}: ${why}; nothing is recorded any more`));
  }
}

function defaultQueueBytes(): number {
  // 0, or more than there is, where nothing bounds the program.
  const allowed = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return Math.min(512_000_000, Math.min(allowed, os.totalmem()) / 8);
}
