import http from 'node:http';
import { isBuiltin } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { formatBytes } from '../core/format.ts';
import type { PruneLimits } from '../core/traceLimits.ts';
import { makeFolder } from './makeFolder.ts';
import { sendAnswer, sendRefusal } from './receiverAnswer.ts';
import { Held, type ReceivedBody, receiveBody } from './receiverBody.ts';
import { type Admitted, admitOtlp, bodyType, type Refusal } from './receiverGuard.ts';
import type { ReceiverResult } from './receiverMessages.ts';
import { ReceiverStore } from './receiverStore.ts';

/** Where exporters of OpenTelemetry send to if nobody tells them. */
export const otlpPort = 4318;

export interface ReceiverOptions {
  /** The trace file that it writes, made where there is none. */
  readonly file: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** The program of the thread that writes: receiverWorker.ts. */
  readonly worker: string | URL;
  /** Asked of every request. */
  readonly token?: string | undefined;
  /** What of the file stays, the oldest runs go first; all of it where undefined. */
  readonly keep?: PruneLimits | undefined;
  /** Of one body, once it is not compressed any more. */
  readonly maxBodyBytes?: number;
  /** Of all bodies that wait to be stored. */
  readonly maxHeldBytes?: number;
  readonly onCounts?: (counts: ReceiverCounts) => void;
  readonly log?: (line: string) => void;
}

export interface ReceiverCounts {
  readonly requests: number;
  readonly spans: number;
  readonly logs: number;
  /** Spans and records that were not taken. */
  readonly rejected: number;
  /** Requests that were not taken. */
  readonly refused: number;
}

export interface Receiver {
  readonly port: number;
  /** What OTEL_EXPORTER_OTLP_ENDPOINT is to be. */
  readonly url: string;
  readonly counts: ReceiverCounts;
  /** Answers what has come, and lets go of port and file. */
  close(): Promise<void>;
}

const maxBodyBytes = 64 * 1024 * 1024;
const maxHeldBytes = 2 * maxBodyBytes;
/** Milliseconds that a receiver which ends waits for the rest of a request. */
const mostMsToCome = 1000;
/** Seconds after which a client may come again. */
const soon = { 'retry-after': '1' };
const later = { 'retry-after': '5' };

/** Receives OTLP over HTTP on this machine. A request is answered once what it brought is committed. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  if (!isBuiltin('node:sqlite')) {
    throw new Error(
      `Node ${process.versions.node} has no SQLite of its own: use Node 22.13 or newer`,
    );
  }
  makePlace(options.file);
  const store = new ReceiverStore(
    options.worker,
    options.file,
    options.log ?? (() => undefined),
    options.keep,
  );
  const held = new Held(options.maxHeldBytes ?? maxHeldBytes);
  const limit = options.maxBodyBytes ?? maxBodyBytes;
  const counts = { requests: 0, spans: 0, logs: 0, rejected: 0, refused: 0 };
  const open = new Set<Promise<void>>();
  /** Requests of which not all is there. */
  const coming = new Set<http.IncomingMessage>();
  let closing = false;
  let toldOfMetrics = false;

  const handle = async (
    incoming: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> => {
    const refuse = (refusal: Refusal): void => {
      counts.refused++;
      options.log?.(`refused with ${refusal.status}: ${refusal.message}`);
      // A client that still sends could not read why, if the connection were closed.
      incoming.resume();
      sendRefusal(response, bodyType(incoming.headers['content-type']), refusal);
    };
    counts.requests++;
    const admitted = admitOtlp(incoming, port, options.token);
    if ('status' in admitted) return refuse(admitted);
    if (closing) return refuse(unavailable('The receiver is ending.'));
    if (admitted.signal === 'metrics') {
      takeNoMetrics(incoming, response, admitted, toldOfMetrics);
      toldOfMetrics = true;
      return;
    }
    const share = { bytes: 0 };
    try {
      coming.add(incoming);
      const body = await receiveBody(incoming, admitted.coding, limit, held, share).finally(() =>
        coming.delete(incoming),
      );
      if ('problem' in body) return refuse(bodyRefusal(body.problem, limit));
      const { signal, type } = admitted;
      const result = await store.store({ signal, type, bytes: body.bytes });
      if (result.kind !== 'stored') return refuse(refusalOf(result));
      counts[signal === 'traces' ? 'spans' : 'logs'] += result.taken;
      counts.rejected += result.rejected;
      if (result.message) options.log?.(`not all was taken: ${result.message}`);
      sendAnswer(response, type, signal, result);
    } finally {
      held.free(share);
    }
  };

  const server = http.createServer((incoming, response) => {
    const done = handle(incoming, response)
      .catch(error => {
        // The client has gone, or what it sends breaks off.
        if (response.headersSent || incoming.destroyed) response.destroy();
        else sendRefusal(response, undefined, { status: 500, code: 13, message: 'It failed.' });
        options.log?.(
          `a request failed: ${error instanceof Error ? error.message : String(error)}`,
        );
      })
      .finally(() => {
        open.delete(done);
        options.onCounts?.({ ...counts });
      });
    open.add(done);
  });
  let connections = 0;
  const connected = (change: number): void => {
    connections += change;
    store.connections = connections;
  };
  server.on('connection', socket => {
    connected(1);
    socket.once('close', () => connected(-1));
  });
  // Longer than clients keep a connection: one that is closed as they use it again is an export that failed.
  server.keepAliveTimeout = 65_000;
  server.requestTimeout = 60_000;
  try {
    await store.start().catch((error: Error) => {
      throw cannotWrite(options.file, error.message);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, '127.0.0.1', resolve);
    });
  } catch (error) {
    await store.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    get counts() {
      return { ...counts };
    },
    async close() {
      closing = true;
      const closed = new Promise(resolve => server.close(resolve));
      // Node's own limit for requests ends with the server: one that never comes would be waited for.
      const cut = setTimeout(() => {
        for (const incoming of coming) incoming.destroy();
      }, mostMsToCome);
      await Promise.all(open);
      clearTimeout(cut);
      server.closeAllConnections();
      await closed;
      await store.close();
    },
  };
}

/** Its message names the file, says why, and what to do. */
const cannotWrite = (file: string, why: string): Error =>
  new Error(`${file} cannot be written: ${why}`);

function makePlace(file: string): void {
  const folder = path.dirname(file);
  try {
    makeFolder(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw cannotWrite(
      file,
      `the folder ${folder} cannot be made or looked into (${code}): choose another file`,
    );
  }
}

/** Said once, for whoever wonders where metrics are: exporters write each such answer into their log. */
function takeNoMetrics(
  incoming: http.IncomingMessage,
  response: http.ServerResponse,
  { type, signal }: Admitted,
  wasTold: boolean,
): void {
  incoming.resume();
  const message = 'Metrics are not kept here: set OTEL_METRICS_EXPORTER=none.';
  sendAnswer(response, type, signal, { rejected: 0, message: wasTold ? '' : message });
}

function bodyRefusal(
  problem: Extract<ReceivedBody, { problem: string }>['problem'],
  limit: number,
): Refusal {
  switch (problem) {
    case 'too-long':
      return tooLarge(`A body may have ${formatBytes(limit)}: send smaller batches.`);
    case 'no-room':
      return {
        status: 429,
        code: 8,
        message: 'More is waiting to be stored than is held in memory: send it again later.',
        headers: soon,
      };
    case 'not-compressed':
      return { status: 400, code: 3, message: 'The body is not compressed as its header says.' };
  }
}

function refusalOf({ kind, message }: Exclude<ReceiverResult, { kind: 'stored' }>): Refusal {
  if (kind === 'malformed')
    return { status: 400, code: 3, message: `The body is no OTLP: ${message}.` };
  return kind === 'too-large' ? tooLarge(message) : unavailable(`It cannot be stored: ${message}.`);
}

const tooLarge = (message: string): Refusal => ({ status: 413, code: 3, message });
const unavailable = (message: string): Refusal => ({
  status: 503,
  code: 14,
  message,
  headers: later,
});
