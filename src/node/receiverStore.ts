import { Worker } from 'node:worker_threads';
import type { PruneLimits } from '../core/traceLimits.ts';
import type {
  FromReceiverWorker,
  ReceiverJob,
  ReceiverResult,
  ReceiverWorkerStart,
} from './receiverMessages.ts';

/** Megabytes that the thread may hold: far more than the requests that are read (see receivedRequest.ts). */
const mostMemoryMb = 1024;

interface Running {
  readonly worker: Worker;
  readonly current: Int32Array;
  readonly ready: Promise<void>;
}

/** The thread that reads requests and writes them into the trace file, and the requests that wait for it. */
export class ReceiverStore {
  readonly #program: string | URL;
  readonly #file: string;
  readonly #log: (line: string) => void;
  readonly #keep: PruneLimits | undefined;
  readonly #waiting = new Map<number, (result: ReceiverResult) => void>();
  #running: Running | undefined;
  #closed: (() => void) | undefined;
  #lastId = 0;
  #connections = 0;

  constructor(
    program: string | URL,
    file: string,
    log: (line: string) => void,
    keep?: PruneLimits,
  ) {
    this.#keep = keep;
    this.#program = program;
    this.#file = file;
    this.#log = log;
  }

  /** Rejects with why the file cannot be written. */
  start(): Promise<void> {
    return this.#start().ready;
  }

  /** Resolves once it is committed, or cannot be. The bytes are this thread's no longer. */
  store(job: Omit<ReceiverJob, 'id'>): Promise<ReceiverResult> {
    const id = ++this.#lastId;
    return new Promise(resolve => {
      this.#waiting.set(id, resolve);
      this.#tell();
      this.#start().worker.postMessage({ ...job, id }, [job.bytes.buffer]);
    });
  }

  /** As many requests may come at once: where all of them wait for a commit, no other is worth waiting for. */
  set connections(count: number) {
    this.#connections = count;
    this.#tell();
  }

  #tell(): void {
    if (!this.#running) return;
    Atomics.store(this.#running.current, 1, this.#connections);
    Atomics.store(this.#running.current, 2, this.#waiting.size);
  }

  /** Stores what waits, and lets go of the file. */
  async close(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    await new Promise<void>(resolve => {
      this.#closed = resolve;
      running.worker.postMessage({ close: true });
    });
    this.#running = undefined;
    await running.worker.terminate();
  }

  #start(): Running {
    if (this.#running) return this.#running;
    const current = new SharedArrayBuffer(12);
    const worker = new Worker(this.#program, {
      name: 'agent-traces-receiver',
      workerData: { file: this.#file, keep: this.#keep, current } satisfies ReceiverWorkerStart,
      resourceLimits: { maxOldGenerationSizeMb: mostMemoryMb },
    });
    const ready = new Promise<void>((resolve, reject) => {
      worker.on('message', (message: FromReceiverWorker) => {
        if (message.type === 'ready') resolve();
        if (message.type === 'cannot') reject(new Error(message.message));
        if (message.type === 'closed') this.#closed?.();
        if (message.type === 'pruned') {
          this.#log(`${message.runs} old runs were removed, ${message.spans} spans`);
        }
        if (message.type === 'done')
          for (const [id, result] of message.results) this.#settle(id, result);
      });
      worker.once('exit', () => reject(new Error('the thread that writes has ended')));
    });
    // Nobody waits for the start of a thread that takes the place of one that ended.
    ready.catch(() => undefined);
    worker.on('error', error => this.#log(`the thread that writes failed: ${error.message}`));
    worker.once('exit', () => this.#ended(worker));
    this.#running = { worker, current: new Int32Array(current), ready };
    this.#tell();
    return this.#running;
  }

  /** Whatever was not committed is the client's to send again, but for what ended the thread. */
  #ended(worker: Worker): void {
    this.#closed?.();
    if (this.#running?.worker !== worker) return;
    const reading = this.#running.current[0];
    this.#running = undefined;
    for (const id of [...this.#waiting.keys()]) {
      this.#settle(
        id,
        id === reading
          ? { kind: 'too-large', message: 'It takes more memory than there is for one request.' }
          : { kind: 'failed', message: 'The thread that writes has ended and is started again.' },
      );
    }
  }

  #settle(id: number, result: ReceiverResult): void {
    this.#waiting.get(id)?.(result);
    this.#waiting.delete(id);
    this.#tell();
  }
}
