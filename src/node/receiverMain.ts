// The receiver in a process of its own, started by receiverProcess.ts: it ends with the one that started it.
import path from 'node:path';
import { type Receiver, startReceiver } from './receiver.ts';
import type { FromReceiver, ReceiverStart, ToReceiver } from './receiverProcess.ts';

// The counts of a busy agent change more often than anyone reads them.
const countsEvery = 250;

const [, program = ''] = process.argv;
const worker = path.join(path.dirname(program), `receiverWorker${path.extname(program)}`);
let receiver: Promise<Receiver> | undefined;
let telling = false;

function send(message: FromReceiver): void {
  // Sending fails once the other side is gone, and then nobody waits for it.
  process.send?.(message, undefined, undefined, () => undefined);
}

async function start(told: ReceiverStart): Promise<void> {
  receiver = startReceiver({
    ...told,
    worker,
    log: line => void process.stderr.write(`${line}\n`),
    onCounts: () => {
      if (!telling) setTimeout(tellCounts, countsEvery);
      telling = true;
    },
  });
  try {
    const { port, url } = await receiver;
    send({ kind: 'listening', port, url });
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    const message = error instanceof Error ? error.message : String(error);
    send({ kind: 'failed', why: isTaken ? 'port' : 'other', message });
    process.exitCode = 1;
    process.disconnect();
  }
}

async function tellCounts(): Promise<void> {
  telling = false;
  const counts = (await receiver)?.counts;
  if (counts) send({ kind: 'counts', counts });
}

async function end(): Promise<void> {
  try {
    await (await receiver)?.close();
  } finally {
    process.exit();
  }
}

process.on('message', (message: ToReceiver) => void ('file' in message ? start(message) : end()));
process.on('disconnect', () => void end());
// Ctrl-C in a terminal goes to the whole group; it is the parent that decides when to end.
process.on('SIGINT', () => undefined);
