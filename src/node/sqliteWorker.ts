// The thread that writes a trace file, started by sqliteBackend.ts. Everything slow happens here.
import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from 'node:worker_threads';
import { readFrame } from './frame.ts';
import { pruneRuns } from './prune.ts';
import { TraceFileWriter } from './traceFileWriter.ts';
import { NotATraceFile } from './traceSchema.ts';
import { busy, codeOf, failureWords } from './writeFailure.ts';
import { type FromWorker, state, type ToWorker, type WorkerStart } from './writerMessages.ts';

const start: WorkerStart = workerData;
const port: MessagePort = start.port;
const shared = new Int32Array(start.shared);
const writer = new TraceFileWriter(start.file, start.options);

// node:sqlite says on standard error that it is experimental; that is not this program's output.
const warn = process.emitWarning;
process.emitWarning = (warning, ...rest) => {
  if (!String(warning).includes('SQLite')) warn(warning, ...(rest as []));
};

/** Rows of one transaction. More gains nothing, and keeps other writers waiting. */
const mostRows = 4000;
const firstWaitMs = 50;
const longestWaitMs = 5000;

const waits = 'What is recorded waits in memory, and is stored once it can be';
const say = (message: FromWorker): void => port.postMessage(message);
const wordsOf = (error: unknown): string => failureWords(error, start.file);

type Write = Extract<ToWorker, { type: 'write' }>;

function* waiting(first: ToWorker): Generator<ToWorker> {
  yield first;
  for (;;) {
    const next = receiveMessageOnPort(port);
    if (!next) return;
    yield next.message;
  }
}

function onMessage(first: ToWorker): void {
  let writes: Write[] = [];
  let rows = 0;
  const store = (): void => {
    if (writes.length > 0) storeAll(writes);
    writes = [];
    rows = 0;
  };
  for (const message of waiting(first)) {
    if (message.type === 'write') {
      writes.push(message);
      rows += message.rows;
      if (rows >= mostRows) store();
      continue;
    }
    store();
    if (message.type === 'prune') prune(message);
    if (message.type === 'flush') say({ type: 'flushed', id: message.id });
    if (message.type === 'close') {
      close();
      return;
    }
  }
  store();
}

/** Tries until it is stored: the queue before this thread is bounded, and counts what finds no room. */
function storeAll(writes: readonly Write[]): void {
  const batches = writes.map(({ slot }) => readFrame(slot.memory, slot.offset));
  const dropped = {
    spans: writes.reduce((sum, write) => sum + write.dropped.spans, 0),
    events: writes.reduce((sum, write) => sum + write.dropped.events, 0),
  };
  for (let wait = firstWaitMs; ; wait = Math.min(wait * 2, longestWaitMs)) {
    try {
      const refused = writer.write(batches, dropped);
      if (refused > 0) say({ type: 'refused', rows: refused });
      break;
    } catch (error) {
      // Two programs that make the same file get in each other's way for a moment.
      if (codeOf(error) !== busy || wait > firstWaitMs) {
        say({ type: 'failed', message: `${wordsOf(error)}. ${waits}`, code: codeOf(error) });
      }
      Atomics.store(shared, state.failing, 1);
      Atomics.notify(shared, state.stored);
      // A file may have become another one under this connection; a new one sees what is there now.
      if (!(error instanceof NotATraceFile)) closeQuietly();
      if (Atomics.wait(shared, state.ending, 0, wait) === 'not-equal' && wait > firstWaitMs * 2) {
        return; // The program ends, and it was tried again.
      }
    }
  }
  if (Atomics.exchange(shared, state.failing, 0) === 1) say({ type: 'works' });
  for (const write of writes) {
    Atomics.add(shared, state.bytesDone, write.slot.bytes);
  }
  Atomics.add(shared, state.stored, writes.length);
  Atomics.notify(shared, state.stored);
}

function prune({ id, limits }: Extract<ToWorker, { type: 'prune' }>): void {
  try {
    say({ type: 'pruned', id, ...pruneRuns(writer.open(), limits, Date.now()) });
  } catch (error) {
    say({ type: 'pruned', id, error: wordsOf(error) });
  }
}

function closeQuietly(): void {
  try {
    writer.close();
  } catch (error) {
    say({ type: 'failed', message: wordsOf(error), code: codeOf(error) });
  }
}

function close(): void {
  closeQuietly();
  Atomics.store(shared, state.closed, 1);
  Atomics.notify(shared, state.closed);
  say({ type: 'closed' });
  port.close();
  parentPort?.close();
}

port.on('message', onMessage);
