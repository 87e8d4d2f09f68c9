// The thread of the receiver that writes its trace file, started by receiverStore.ts.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { TooManyOtlpParts } from '../formats/otlp.ts';
import { quietSqlite } from './quietSqlite.ts';
import { ReceivedFile } from './receivedFile.ts';
import { isMalformed, type ReadRequest, readRequest } from './receivedRequest.ts';
import type {
  FromReceiverWorker,
  ReceiverJob,
  ReceiverResult,
  ReceiverWorkerStart,
  ToReceiverWorker,
} from './receiverMessages.ts';
import { failureWords } from './writeFailure.ts';

const start: ReceiverWorkerStart = workerData;
const port = parentPort;
if (!port) throw new Error('it is a thread of the receiver');
const current = new Int32Array(start.current);
const file = new ReceivedFile(start.file);
quietSqlite();

/** Bytes of the requests of one transaction: those that came meanwhile share the cost of a commit. */
const mostBytes = 8_000_000;
/**
 * Milliseconds that a transaction waits for the requests of other clients, where one has just ended: ids are
 * random, so each commit writes most pages of the index again, and one for several requests takes a third less.
 */
const gatherMs = 3;
const busyWithin = 20;

/** Milliseconds between two looks at how much the file holds; the first is soon after the start. */
const pruneEvery = 600_000;
const firstPrune = 1000;

const say = (message: FromReceiverWorker): void => port.postMessage(message);

/** Of the open transaction; undefined where there is none. */
let written: [number, ReceiverResult][] | undefined;
let bytes = 0;
let timer: NodeJS.Timeout | undefined;
let committedAt = Number.NEGATIVE_INFINITY;

/**
 * What comes is read and written at once, while other requests are on their way: their clients share a commit,
 * and none waits for it while nothing is done.
 */
function onMessage(first: ToReceiverWorker): void {
  clearTimeout(timer);
  for (let message: ToReceiverWorker | undefined = first; message; message = next()) {
    if ('close' in message) {
      commit();
      close();
      return;
    }
    write(message);
    if (bytes >= mostBytes) commit();
  }
  if (!written) return;
  const isAlone = performance.now() - committedAt > busyWithin;
  if (isAlone || written.length >= Atomics.load(current, 1)) commit();
  else timer = setTimeout(commit, gatherMs);
}

const next = (): ToReceiverWorker | undefined =>
  port ? receiveMessageOnPort(port)?.message : undefined;

function write(job: ReceiverJob): void {
  try {
    if (!written) file.begin();
    written ??= [];
    // If this thread has not the memory for it, the other one knows which request it was.
    Atomics.store(current, 0, job.id);
    const request = tryRead(job);
    written.push([job.id, 'kind' in request ? request : request.write(file)]);
    bytes += job.bytes.length;
  } catch (error) {
    fail(error, job.id);
  } finally {
    Atomics.store(current, 0, 0);
  }
}

function commit(): void {
  if (!written) return;
  try {
    file.commit();
    say({ type: 'done', results: written });
    end();
  } catch (error) {
    fail(error);
  }
}

/** Nothing of the transaction is stored. */
function fail(error: unknown, id?: number): void {
  const message = failureWords(error, start.file);
  const ids = [...(written ?? []).map(([written]) => written), ...(id === undefined ? [] : [id])];
  file.rollBack();
  // It may have become another file under this connection.
  closeFile();
  say({ type: 'done', results: ids.map(one => [one, { kind: 'failed', message }]) });
  end();
}

function end(): void {
  written = undefined;
  bytes = 0;
  committedAt = performance.now();
}

/** While a request waits it is left at that, and goes on with the next look. */
function prune(): void {
  if (start.keep && !written) {
    try {
      const pruned = file.prune(start.keep, Date.now(), () => Atomics.load(current, 2) > 0);
      if (pruned && pruned.runs > 0)
        say({ type: 'pruned', runs: pruned.runs, spans: pruned.spans });
    } catch {
      // Another program holds the file, or it is gone: what is received finds out, and says so.
      closeFile();
    }
  }
  setTimeout(prune, pruneEvery).unref();
}

function tryRead(job: ReceiverJob): ReadRequest | ReceiverResult {
  try {
    return readRequest(job);
  } catch (error) {
    if (isMalformed(error)) return { kind: 'malformed', message: error.message };
    if (error instanceof TooManyOtlpParts) return { kind: 'too-large', message: error.message };
    throw error;
  }
}

function closeFile(): void {
  try {
    file.close();
  } catch {
    // A connection that failed may fail to close as well; what it held was answered as not stored.
  }
}

function close(): void {
  closeFile();
  say({ type: 'closed' });
}

try {
  file.begin();
  file.commit();
  port.on('message', onMessage);
  say({ type: 'ready' });
  if (start.keep) setTimeout(prune, firstPrune).unref();
} catch (error) {
  say({ type: 'cannot', message: failureWords(error, start.file) });
}
