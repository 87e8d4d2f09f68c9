// The reader process: started by readerProcess.ts, it answers calls until that one is gone.
import fs from 'node:fs';
import type { Reply, Request } from '../protocol/rpc.ts';
import { garbageCollector } from './garbage.ts';
import { indexFolder } from './indexFolder.ts';
import { localReader } from './localReader.ts';
import type { Grown } from './readerChild.ts';
import { serve } from './serve.ts';

// SQLite's memory in WebAssembly only ever grows, by one large text already: then a new process is better.
const [, program = '', folder = __dirname, keep, mostBytes = '300000000'] = process.argv;

const collectGarbage = garbageCollector(20_000_000);
const keeperOf = keep ? indexFolder(keep, writtenAt(program), log) : undefined;
const reader = localReader(folder, keeperOf, log);
const receive = serve(reader, (reply: Reply) => {
  send(reply);
  collectGarbage();
  // Not what JavaScript holds: that is given back, and with the process what is known of its files would go.
  const { external, arrayBuffers } = process.memoryUsage();
  const bytes = external - arrayBuffers;
  if (bytes > Number(mostBytes)) send({ kind: 'grown', bytes } satisfies Grown);
});

/** What one program kept is of no use to another one. */
function writtenAt(program: string): string {
  return String(fs.statSync(program, { throwIfNoEntry: false })?.mtimeMs);
}

/** The other side writes it to its log. */
function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

function send(message: Reply | Grown): void {
  // Sending fails once the other side is gone, and then nobody waits for it.
  process.send?.(message, undefined, undefined, () => undefined);
}
process.on('message', message => receive(message as Request));
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal goes to the whole group; it is the parent that decides when to end.
process.on('SIGINT', () => undefined);
