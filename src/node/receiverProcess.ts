import { type ChildProcess, fork } from 'node:child_process';
import type { PruneLimits } from '../core/traceLimits.ts';
import { childEnvironment } from './childEnvironment.ts';
import type { ReceiverCounts } from './receiver.ts';

/** What the process is told, and what it says. */
export interface ReceiverStart {
  readonly file: string;
  readonly port: number;
  readonly token?: string | undefined;
  readonly keep?: PruneLimits | undefined;
}
export type ToReceiver = ReceiverStart | { readonly end: true };
export type FromReceiver =
  | { readonly kind: 'listening'; readonly port: number; readonly url: string }
  | { readonly kind: 'failed'; readonly why: 'port' | 'other'; readonly message: string }
  | { readonly kind: 'counts'; readonly counts: ReceiverCounts };

export interface ReceiverProcess {
  readonly pid: number | undefined;
  readonly port: number;
  readonly url: string;
  /** Answers what has come, and ends. */
  stop(): Promise<void>;
}

export interface ReceiverEvents {
  counts(counts: ReceiverCounts): void;
  log(line: string): void;
  /** It ended, and nobody had told it to. */
  ended(why: string): void;
}

/** Another program has the port. */
export class PortTaken extends Error {
  readonly code = 'EADDRINUSE';
}

/**
 * Starts the receiver in a process of its own: it writes a file that the reader's process reads, and SQLite
 * lets no process do both safely. Rejects with `PortTaken`, or with why the file cannot be written.
 *
 * @param entry the program, dist/receiver.js
 */
export async function startReceiverProcess(
  entry: string,
  start: ReceiverStart,
  on: ReceiverEvents,
): Promise<ReceiverProcess> {
  const child = fork(entry, [], {
    env: childEnvironment(),
    // Flags of this process, a debugger's port among them, are nothing to it.
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => on.log(text.trimEnd()));
  const exited = new Promise<string>(resolve => {
    child.once('error', error => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  child.on('message', (message: FromReceiver) => {
    if (message.kind === 'counts') on.counts(message.counts);
  });
  const { port, url } = await listening(child, start, exited);
  let stopping = false;
  void exited.then(why => {
    if (!stopping) on.ended(why);
  });
  return {
    pid: child.pid,
    port,
    url,
    async stop() {
      stopping = true;
      // It may be gone already: then it is what was asked for.
      child.send({ end: true } satisfies ToReceiver, () => undefined);
      await exited;
    },
  };
}

function listening(
  child: ChildProcess,
  start: ReceiverStart,
  exited: Promise<string>,
): Promise<Extract<FromReceiver, { kind: 'listening' }>> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: FromReceiver) => {
      if (message.kind === 'listening') resolve(message);
      if (message.kind === 'failed') {
        reject(
          message.why === 'port' ? new PortTaken(message.message) : new Error(message.message),
        );
      }
    });
    void exited.then(why => reject(new Error(`its process ended: ${why}`)));
    child.send(start satisfies ToReceiver, error => error && reject(error));
  });
}
