// The reader process: started by readerProcess.ts, it answers calls until that one is gone.
import type { Reply, Request } from '../protocol/rpc.ts';
import { localReader } from './localReader.ts';
import type { Grown } from './readerChild.ts';
import { serve } from './serve.ts';

// SQLite's memory in WebAssembly only ever grows, by one large text already: then a new process is better.
const [, , folder = __dirname, mostBytes = '300000000'] = process.argv;

const reader = localReader(folder);
const receive = serve(reader, (reply: Reply) => {
  send(reply);
  // Not what JavaScript holds: that is given back, and with the process what is known of its files would go.
  const { external, arrayBuffers } = process.memoryUsage();
  const bytes = external - arrayBuffers;
  if (bytes > Number(mostBytes)) send({ kind: 'grown', bytes } satisfies Grown);
});

function send(message: Reply | Grown): void {
  // Sending fails once the other side is gone, and then nobody waits for it.
  process.send?.(message, undefined, undefined, () => undefined);
}
process.on('message', message => receive(message as Request));
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal goes to the whole group; it is the parent that decides when to end.
process.on('SIGINT', () => undefined);
