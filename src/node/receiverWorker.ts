// The thread of the receiver that writes its trace file, started by receiverStore.ts.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { quietSqlite } from './quietSqlite.ts';
import { ReceivedFile } from './receivedFile.ts';
import { isMalformed, type ReadRequest, readRequest, TooManyParts } from './receivedRequest.ts';
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

type Results = [number, ReceiverResult][];
const say = (message: FromReceiverWorker): void => port.postMessage(message);

let gathered: ReceiverJob[] = [];
let gatheredBytes = 0;
let timer: NodeJS.Timeout | undefined;
let storedAt = Number.NEGATIVE_INFINITY;

/** What came together is stored together. */
function onMessage(first: ToReceiverWorker): void {
  for (let message: ToReceiverWorker | undefined = first; message; message = next()) {
    if ('close' in message) {
      store();
      close();
      return;
    }
    gathered.push(message);
    gatheredBytes += message.bytes.length;
    if (gatheredBytes >= mostBytes) store();
  }
  if (gathered.length === 0 || timer) return;
  if (performance.now() - storedAt > busyWithin) store();
  else timer = setTimeout(store, gatherMs);
}

const next = (): ToReceiverWorker | undefined =>
  port ? receiveMessageOnPort(port)?.message : undefined;

function store(): void {
  clearTimeout(timer);
  timer = undefined;
  const jobs = gathered;
  gathered = [];
  gatheredBytes = 0;
  if (jobs.length > 0) say({ type: 'done', results: storeAll(jobs) });
  storedAt = performance.now();
}

/** In one transaction: all of them, or none, save those that cannot be read. */
function storeAll(jobs: readonly ReceiverJob[]): Results {
  const results: Results = [];
  try {
    file.transaction(to => {
      for (const job of jobs) {
        // If this thread has not the memory for it, the other one knows which request it was.
        Atomics.store(current, 0, job.id);
        // One after the other: what was read of many at once would be copied by the garbage collector.
        const request = tryRead(job);
        results.push([job.id, 'kind' in request ? request : request.write(to)]);
      }
    });
    return results;
  } catch (error) {
    const message = failureWords(error, start.file);
    // It may have become another file under this connection.
    closeFile();
    return jobs.map(({ id }) => [id, { kind: 'failed', message }]);
  } finally {
    Atomics.store(current, 0, 0);
  }
}

function tryRead(job: ReceiverJob): ReadRequest | ReceiverResult {
  try {
    return readRequest(job);
  } catch (error) {
    if (isMalformed(error)) return { kind: 'malformed', message: error.message };
    if (error instanceof TooManyParts) return { kind: 'too-large', message: error.message };
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
  file.transaction(() => undefined);
  port.on('message', onMessage);
  say({ type: 'ready' });
} catch (error) {
  say({ type: 'cannot', message: failureWords(error, start.file) });
}
