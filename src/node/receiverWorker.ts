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
const mostBytes = 4_000_000;

type Results = [number, ReceiverResult][];
const say = (message: FromReceiverWorker): void => port.postMessage(message);

/** All that has come, a part at a time. */
function onMessage(first: ToReceiverWorker): void {
  let jobs: ReceiverJob[] = [];
  let bytes = 0;
  const store = (): void => {
    if (jobs.length > 0) say({ type: 'done', results: storeAll(jobs) });
    jobs = [];
    bytes = 0;
  };
  for (let message: ToReceiverWorker | undefined = first; message; message = next()) {
    if ('close' in message) {
      store();
      close();
      return;
    }
    jobs.push(message);
    bytes += message.bytes.length;
    if (bytes >= mostBytes) store();
  }
  store();
}

const next = (): ToReceiverWorker | undefined =>
  port ? receiveMessageOnPort(port)?.message : undefined;

/** In one transaction; what cannot be read is out before it begins. */
function storeAll(jobs: readonly ReceiverJob[]): Results {
  const results: Results = [];
  const read: [number, ReadRequest][] = [];
  for (const job of jobs) {
    // If this thread has not the memory for it, the other one knows which request it was.
    Atomics.store(current, 0, job.id);
    const request = tryRead(job);
    if ('kind' in request) results.push([job.id, request]);
    else read.push([job.id, request]);
  }
  if (read.length === 0) return results;
  const stored: Results = [];
  try {
    file.transaction(to => {
      for (const [id, request] of read) {
        Atomics.store(current, 0, id);
        stored.push([id, request.write(to)]);
      }
    });
    results.push(...stored);
  } catch (error) {
    const message = failureWords(error, start.file);
    results.push(...read.map(([id]): Results[number] => [id, { kind: 'failed', message }]));
    // It may have become another file under this connection.
    closeFile();
  } finally {
    Atomics.store(current, 0, 0);
  }
  return results;
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
