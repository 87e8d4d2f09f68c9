import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** What the server does with one request. */
export type Act =
  | { readonly status: number; readonly headers?: http.OutgoingHttpHeaders; readonly body?: string }
  | 'hang'
  | 'break off';

export interface AlertServer {
  readonly url: string;
  readonly received: readonly Received[];
  /** What comes next, one for each request; after the last one, 200. */
  act(...acts: readonly Act[]): void;
  close(): Promise<void>;
}

/** Stands for the service of a channel, on this machine. */
export async function alertServer(): Promise<AlertServer> {
  const received: Received[] = [];
  let acts: Act[] = [];
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { url = '', headers } = request;
      received.push({ path: url, headers, body: Buffer.concat(parts).toString('utf8') });
      const act = acts.shift() ?? { status: 200, body: 'ok' };
      if (act === 'hang') return;
      if (act === 'break off') request.socket.destroy();
      else response.writeHead(act.status, act.headers).end(act.body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    act: (...next) => {
      acts = [...next];
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
