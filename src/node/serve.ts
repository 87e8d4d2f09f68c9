import { TraceError } from '../core/errors.ts';
import type { ReaderApi } from '../protocol/reader.ts';
import { readerMethods } from '../protocol/readerMethods.ts';
import { answer, type Reply, type Request } from '../protocol/rpc.ts';

/**
 * Answers calls one after the other, each begun in a task of its own: a call that is cancelled before its
 * turn is dropped. A call that waits, as for the reading of a file, lets the next one begin.
 */
export function serve(api: ReaderApi, send: (reply: Reply) => void): (request: Request) => void {
  const queue: Extract<Request, { kind: 'call' }>[] = [];
  const next = (): void => {
    const call = queue.shift();
    if (call) void answer(api, readerMethods, call).then(send);
    if (queue.length > 0) setImmediate(next);
  };
  return request => {
    if (request.kind === 'call') {
      queue.push(request);
      if (queue.length === 1) setImmediate(next);
      return;
    }
    const at = queue.findIndex(call => call.id === request.id);
    if (at < 0) return;
    queue.splice(at, 1);
    const { code, args, stack } = new TraceError('cancelled');
    send({ kind: 'failed', id: request.id, code, args, stack: stack ?? '' });
  };
}
