import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Receiver, type ReceiverOptions, startReceiver } from '../../src/node/receiver.ts';
import { inRepo } from '../tools/repo.ts';
import { clock, runsIn } from './views.ts';

export const worker = inRepo('src/node/receiverWorker.ts');

/** A receiver with a file of its own. */
export async function receiveInto(
  folder: string,
  options: Partial<ReceiverOptions> = {},
): Promise<{ readonly receiver: Receiver; readonly file: string }> {
  const file = path.join(fs.mkdtempSync(path.join(folder, 'r-')), 'received.agent-traces.db');
  const receiver = await startReceiver({ file, port: 0, worker, ...options });
  return { receiver, file };
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** As no exporter would send: with any header, also those that `fetch` sets itself. */
export function send(
  url: string,
  body: string | Uint8Array,
  headers: http.OutgoingHttpHeaders = {},
  method = 'POST',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const given = { 'content-type': 'application/json', ...headers };
    const request = http.request(url, { method, headers: given, agent: false }, response => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, body: Buffer.concat(parts) });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

export function rowsIn(file: string, sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

/** The runs of a file with their spans, as the inspector shows them. */
export async function shownOf(file: string) {
  const { reader, runs } = await runsIn(file);
  const spansOf = async (runId: string) =>
    (await reader.spans(file, runId, { offset: 0, limit: 100 })).spans;
  const detail = (spanId: string) => reader.span(file, spanId, clock());
  return { runs, spansOf, detail };
}

/** OTLP in JSON with these spans. */
export const traces = (...spans: readonly unknown[]): string =>
  JSON.stringify({
    resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: 'test' }, spans }] }],
  });

let last = 0;
/** A span that is right; every one with an id of its own. */
export const aSpan = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: (++last).toString(16).padStart(16, '0'),
  name: 'a span',
  kind: 1,
  startTimeUnixNano: '1795474998576000000',
  endTimeUnixNano: '1795474998628000000',
  attributes: [],
  status: {},
  ...more,
});

export const attribute = (key: string, value: string | number | boolean) => ({
  key,
  value:
    typeof value === 'string'
      ? { stringValue: value }
      : typeof value === 'boolean'
        ? { boolValue: value }
        : Number.isInteger(value)
          ? { intValue: String(value) }
          : { doubleValue: value },
});
