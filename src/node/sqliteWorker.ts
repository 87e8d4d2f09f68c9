// The thread that writes a trace file, started by sqliteBackend.ts. Everything slow happens here.
import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from 'node:worker_threads';
import { readFrame } from './frame.ts';
import { pruneRuns } from './prune.ts';
import { quietSqlite } from './quietSqlite.ts';
import { TraceFileWriter } from './traceFileWriter.ts';
import { NotATraceFile } from './traceSchema.ts';
import { busy, codeOf, failureWords } from './writeFailure.ts';
import { type FromWorker, state, type ToWorker, type WorkerStart } from './writerMessages.ts';

const start: WorkerStart = workerData;
const port: MessagePort = start.port;
const shared = new Int32Array(start.shared);
const { busyMs } = start.options;
/** SQLite cannot be stopped while it waits for a lock, and the end of the program would wait with it. */
const oneWaitMs = 500;
const mostWaitMs = Math.min(busyMs, oneWaitMs);
const writer = new TraceFileWriter(start.file, { ...start.options, busyMs: mostWaitMs });

quietSqlite();

/** Rows of one transaction. More gains nothing, and keeps other writers waiting. */
const mostRows = 4000;
const firstWaitMs = 50;
const longestWaitMs = 5000;
/** Tries of a file that fails otherwise than by a lock, once the program ends. */
const endTries = 3;

const waits = 'What is recorded waits in memory, and is stored once it can be';
const say = (message: FromWorker): void => port.postMessage(message);
const wordsOf = (error: unknown): string => failureWords(error, start.file);

const endWords = 'The program ends: what cannot be stored by then is lost';
const fail = (error: unknown, what: string, woken: number): void =>
  say({ type: 'failed', message: `${wordsOf(error)}. ${what}`, woken });

/** Once the program ends: whether it would wait for another try. */
const hasTime = (): boolean => ((Atomics.load(shared, state.endsAt) - Date.now()) | 0) > mostWaitMs;
/** The program ends, and the file cannot be written: what is left is not tried any more. */
let givenUp = false;

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
  if (givenUp) return;
  const batches = writes.flatMap(({ slot }) => (slot ? [readFrame(slot.memory, slot.offset)] : []));
  const dropped = {
    spans: writes.reduce((sum, write) => sum + write.dropped.spans, 0),
    events: writes.reduce((sum, write) => sum + write.dropped.events, 0),
  };
  const began = Date.now();
  let wait = firstWaitMs;
  let triesAtEnd = 0;
  for (let tries = 1; ; tries++) {
    const woken = Atomics.load(shared, state.woken);
    try {
      const refused = writer.write(batches, dropped);
      if (refused > 0) say({ type: 'refused', rows: refused });
      break;
    } catch (error) {
      const isBusy = codeOf(error) === busy;
      // Two programs that make the same file get in each other's way for a moment.
      const ends = Atomics.load(shared, state.ending) === 1;
      const patient = isBusy && !ends && (tries === 1 || Date.now() - began < busyMs);
      if (!patient) fail(error, ends ? endWords : waits, woken);
      Atomics.store(shared, state.failing, 1);
      // A file may have become another one under this connection; a new one sees what is there now.
      if (!(error instanceof NotATraceFile)) closeQuietly();
      if (ends) {
        triesAtEnd++;
        givenUp = !hasTime() || (!isBusy && triesAtEnd >= endTries);
        if (givenUp) return;
        Atomics.wait(shared, state.closed, 0, firstWaitMs);
      } else {
        Atomics.wait(shared, state.woken, woken, wait);
        if (!patient) wait = Math.min(wait * 2, longestWaitMs);
      }
    }
  }
  if (Atomics.exchange(shared, state.failing, 0) === 1) say({ type: 'works' });
  for (const write of writes) {
    Atomics.add(shared, state.bytesDone, write.slot?.bytes ?? 0);
    Atomics.add(shared, state.rowsDone, write.rows + write.dropped.spans + write.dropped.events);
  }
  Atomics.add(shared, state.stored, writes.length);
}

function prune({ id, limits }: Extract<ToWorker, { type: 'prune' }>): void {
  try {
    const db = writer.open();
    db.exec(`PRAGMA busy_timeout = ${busyMs}`);
    try {
      const ends = (): boolean => Atomics.load(shared, state.ending) === 1;
      say({ type: 'pruned', id, ...pruneRuns(db, limits, Date.now(), ends) });
    } finally {
      db.exec(`PRAGMA busy_timeout = ${mostWaitMs}`);
    }
  } catch (error) {
    say({ type: 'pruned', id, error: wordsOf(error) });
  }
}

function closeQuietly(): void {
  try {
    writer.close();
  } catch (error) {
    say({ type: 'failed', message: wordsOf(error) });
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
