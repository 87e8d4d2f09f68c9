// The reader process: started by readerProcess.ts, it answers calls until that one is gone.
import type { Reply, Request } from '../protocol/rpc.ts';
import { localReader } from './localReader.ts';
import { serve } from './serve.ts';

const reader = localReader(process.argv[2] ?? __dirname);
const receive = serve(reader, (reply: Reply) => {
  // Sending fails once the other side is gone, and then nobody waits for it.
  process.send?.(reply, undefined, undefined, () => undefined);
});
process.on('message', message => receive(message as Request));
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal goes to the whole group; it is the parent that decides when to end.
process.on('SIGINT', () => undefined);
