import { fieldsOf } from '../core/fields.ts';
import { RowPacker, type UnpackedEvent, type UnpackedSpan } from '../core/rowPacker.ts';
import type { Backend } from '../core/traceRows.ts';
import { errorText } from './errorText.ts';
import type { Log, Redact } from './options.ts';

/** A batch is handed over when it has so much, or when it is so old. */
const batchBytes = 128_000;
const batchRows = 256;
const batchMs = 100;
/** Open spans that are ended when the program ends. */
const mostOpen = 10_000;

/** An open span, which is written as running once it has lasted longer than a batch. */
export interface OpenSpan {
  openRow(): UnpackedSpan;
  /** Ends it because the program ends. */
  interrupt(why: string): void;
}

const oldestOf = <T>(set: ReadonlySet<T>): T => set.values().next().value as T;

/** Collects rows and hands them to the backends. The hot path: no call here waits for anything. */
export class Recorder {
  readonly #backends: readonly Backend[];
  readonly #redact: Redact | undefined;
  readonly #log: Log;
  readonly #packer = new RowPacker();
  readonly #failing = new Set<Backend>();
  readonly #dropping = new Set<Backend>();
  /** Batches that a backend did not take, and how many of them a flush has told of. */
  #refused = 0;
  #told = 0;
  /** Open spans that were not written yet, and those that were. */
  readonly #fresh = new Set<OpenSpan>();
  readonly #written = new Set<OpenSpan>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting = false;
  /** Takes no more rows; what it took may still be on its way. */
  #closed = false;
  #closing: Promise<void> | undefined;
  /** All that it took is stored, or lost. */
  #ended = false;
  #redactFailed = false;
  #rowFailed = false;

  constructor(backends: readonly Backend[], redact: Redact | undefined, log: Log) {
    this.#backends = backends;
    this.#redact = redact;
    this.#log = log;
    for (const backend of backends) this.#start(backend);
  }

  opened(span: OpenSpan): void {
    if (this.#closed) return;
    this.#fresh.add(span);
    this.#soon();
  }

  ended(span: OpenSpan, row: UnpackedSpan): void {
    if (!this.#fresh.delete(span)) this.#written.delete(span);
    this.span(row);
  }

  span(row: UnpackedSpan): void {
    if (this.#closed) return;
    try {
      this.#packer.span(this.#redact ? this.#redacted(row) : row);
    } catch (error) {
      this.#notRecorded(error);
    }
    this.#added();
  }

  event(row: UnpackedEvent): void {
    if (this.#closed) return;
    try {
      this.#packer.event(this.#redact ? this.#redacted(row) : row);
    } catch (error) {
      this.#notRecorded(error);
    }
    this.#added();
  }

  async flush(): Promise<boolean> {
    this.#writeOpen();
    this.#handOver();
    const refused = this.#refused;
    const isWhole = refused === this.#told;
    const stored = await Promise.all(this.#backends.map(backend => this.#flushOne(backend)));
    this.#told = Math.max(this.#told, refused);
    return isWhole && stored.every(Boolean);
  }

  /** The program has nothing left to do; who needs more than a moment to store gets it now. */
  atRest(): void {
    this.#handOver();
    for (const backend of this.#backends) {
      Promise.resolve()
        .then(() => backend.lastCall?.())
        .catch(error => this.#failed(backend, error));
    }
  }

  /** The program ends: open spans end with it, unless it ends well. */
  end(why: string | undefined, milliseconds: number): void {
    if (this.#ended) return;
    if (why !== undefined && !this.#closed) {
      // The children first, as they would end.
      for (const span of [...this.#written, ...this.#fresh].reverse()) span.interrupt(why);
    }
    this.#takeLast();
    this.#ended = true;
    for (const backend of this.#backends) {
      try {
        backend.flushSync?.(milliseconds);
      } catch (error) {
        this.#failed(backend, error);
      }
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #takeLast(): void {
    if (this.#closed) return;
    this.#writeOpen();
    this.#handOver();
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #close(): Promise<void> {
    if (this.#ended) return;
    this.#takeLast();
    const closing = this.#backends.map(backend =>
      Promise.resolve()
        .then(() => backend.close())
        .catch(error => this.#failed(backend, error)),
    );
    await Promise.all(closing);
    this.#ended = true;
  }

  #start(backend: Backend): void {
    try {
      backend.start?.({
        failed: error => this.#failed(backend, error),
        lost: error => this.#log.error(error.message),
        works: () => {
          if (this.#failing.delete(backend)) this.#log.info(`${backend.name} works again`);
        },
      });
    } catch (error) {
      this.#failed(backend, error);
    }
  }

  #added(): void {
    if (this.#packer.bytes >= batchBytes || this.#packer.rows >= batchRows) this.#handOver();
    else this.#soon();
  }

  /** Not a timer for each batch: one that is set again costs next to nothing. */
  #soon(): void {
    if (this.#waiting || this.#closed) return;
    this.#waiting = true;
    if (this.#timer) this.#timer.refresh();
    else {
      this.#timer = setTimeout(() => this.#onTimer(), batchMs);
      this.#timer.unref();
    }
  }

  #onTimer(): void {
    this.#waiting = false;
    this.#writeOpen();
    this.#handOver();
  }

  #writeOpen(): void {
    for (const span of this.#fresh) {
      this.#written.add(span);
      // Handles that were forgotten: they stay open in the file, and are not kept here for ever.
      if (this.#written.size > mostOpen) this.#written.delete(oldestOf(this.#written));
      this.#fresh.delete(span);
      try {
        this.span(span.openRow());
      } catch (error) {
        // Of one span, from someone else's objects: the others are still to be written.
        this.#notRecorded(error);
      }
    }
  }

  #handOver(): void {
    if (this.#packer.rows === 0) return;
    const batch = this.#packer.take();
    for (const backend of this.#backends) {
      try {
        if (backend.write(batch)) this.#dropping.delete(backend);
        else this.#notTaken(backend);
      } catch (error) {
        this.#refused++;
        this.#failed(backend, error);
      }
    }
  }

  #notTaken(backend: Backend): void {
    this.#refused++;
    if (this.#dropping.has(backend)) return;
    this.#dropping.add(backend);
    this.#log.error(`${backend.name}: its queue is full, spans are dropped and counted`);
  }

  async #flushOne(backend: Backend): Promise<boolean> {
    try {
      return await backend.flush();
    } catch (error) {
      this.#failed(backend, error);
      return false;
    }
  }

  #failed(backend: Backend, error: unknown): void {
    if (this.#failing.has(backend)) return;
    this.#failing.add(backend);
    const words = errorText(error);
    const name = backend.name || 'the backend';
    // Ours say it themselves, with the file.
    this.#log.error(words.startsWith(name) ? words : `${name}: ${words}`);
  }

  #notRecorded(error: unknown): void {
    if (!this.#rowFailed) this.#log.error(`a span could not be recorded: ${errorText(error)}`);
    this.#rowFailed = true;
  }

  #redacted<T extends UnpackedSpan | UnpackedEvent>(row: T): T {
    try {
      return checkedRow(row, this.#redact?.(row));
    } catch (error) {
      if (!this.#redactFailed) {
        this.#log.error(`redact failed, so content was left out: ${errorText(error)}`);
      }
      this.#redactFailed = true;
      // Rather no content than content that nobody looked through.
      const none = { redacted: 'the redact function failed' };
      return row.type === 'span'
        ? { ...row, metadata: none, error: row.error && '[redacted]' }
        : { ...row, attributes: none };
    }
  }
}

/** What a redact function gave; it is the user's, and may have no types. */
function checkedRow<T extends UnpackedSpan | UnpackedEvent>(row: T, given: unknown): T {
  // Nobody else looks at a promise: one that is rejected would end the program.
  if (given instanceof Promise) given.catch(() => undefined);
  const { type, metadata, attributes } = fieldsOf(given);
  const fields = row.type === 'span' ? metadata : attributes;
  if (type !== row.type || typeof fields !== 'object' || fields === null) {
    throw new TypeError('it did not return a row like the one that it was given');
  }
  return given as T;
}
