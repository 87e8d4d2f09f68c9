// A receiver in a process of its own: `receiverServer.ts <ours|plain> <file>`. Prints its address.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { fieldsOf } from '../../src/core/fields.ts';
import { plainOf } from '../../src/formats/exactJson.ts';
import { decodeTraces } from '../../src/formats/otlpProtobuf.ts';
import { startReceiver } from '../../src/node/receiver.ts';
import { inRepo } from '../tools/repo.ts';

const [what = 'ours', file = ''] = process.argv.slice(2);

/** One thread, a transaction for each request, attributes kept as they come: what one would write first. */
async function plain(): Promise<string> {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  db.exec(`CREATE TABLE spans (span_id TEXT PRIMARY KEY, run_id TEXT, parent_span_id TEXT, name TEXT,
    start_time REAL, end_time REAL, status TEXT, input_tokens INTEGER, output_tokens INTEGER, cost_usd REAL,
    model TEXT, metadata TEXT, error TEXT)`);
  db.exec('CREATE INDEX a ON spans (run_id); CREATE INDEX b ON spans (start_time)');
  const insert = db.prepare(
    'INSERT OR REPLACE INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const store = (bytes: Buffer): void => {
    db.exec('BEGIN');
    for (const { scopeSpans } of decodeTraces(bytes).value.resourceSpans) {
      for (const { spans } of scopeSpans) {
        for (const span of spans) {
          const fields = fieldsOf(plainOf({ entries: span.attributes }));
          insert.run(
            span.spanId,
            span.traceId,
            span.parentSpanId || null,
            span.name,
            Number(span.startNanos) / 1e9,
            Number(span.endNanos) / 1e9,
            span.status.code === 2 ? 'error' : 'ok',
            Number(fields['gen_ai.usage.input_tokens'] ?? 0),
            Number(fields['gen_ai.usage.output_tokens'] ?? 0),
            0,
            String(fields['gen_ai.response.model'] ?? ''),
            JSON.stringify(fields),
            span.status.message || null,
          );
        }
      }
    }
    db.exec('COMMIT');
  };
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      store(Buffer.concat(parts));
      response.setHeader('content-type', 'application/x-protobuf').end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ours = async (): Promise<string> =>
  (await startReceiver({ file, port: 0, worker: inRepo('src/node/receiverWorker.ts') })).url;

const url = await (what === 'plain' ? plain() : ours());
process.stdout.write(`${url}/v1/traces\n`);
process.on('disconnect', () => process.exit());
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuSeconds: (user + system) / 1e6 });
});
