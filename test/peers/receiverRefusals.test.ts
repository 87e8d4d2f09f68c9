import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import zlib from 'node:zlib';
import { decodeAnswer, decodeRefusal } from '../../src/formats/otlpAnswer.ts';
import { decodeOtlpJson } from '../../src/formats/otlpJson.ts';
import { encodeTraces } from '../../src/formats/otlpProtobufWriter.ts';
import { type Receiver, startReceiver } from '../../src/node/receiver.ts';
import { tempFolder } from './python.ts';
import { aSpan, attribute, receiveInto, rowsIn, send, traces, worker } from './receiving.ts';

const protobuf = { 'content-type': 'application/x-protobuf' };
const gzip = { 'content-encoding': 'gzip' };
const encoded = (text: string): Uint8Array => encodeTraces(decodeOtlpJson(text)).bytes;

describe('What is sent to the receiver', () => {
  let folder = '';
  let receiver: Receiver;
  let file = '';
  let url = '';
  before(async () => {
    folder = tempFolder();
    ({ receiver, file } = await receiveInto(folder));
    url = `${receiver.url}/v1/traces`;
  });
  after(async () => {
    await receiver.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const stored = (): number => Number(rowsIn(file, 'SELECT count(*) AS n FROM spans')[0]?.n);

  it('is answered in its own type, also where it is empty', async () => {
    const json = await send(url, '{}');
    assert.deepEqual(
      [json.status, json.headers['content-type'], String(json.body)],
      [200, 'application/json', '{}'],
    );
    const binary = await send(url, '', protobuf);
    assert.deepEqual(
      [binary.status, binary.headers['content-type'], binary.body.length],
      [200, 'application/x-protobuf', 0],
    );
    assert.equal((await send(`${receiver.url}/v1/logs`, '', protobuf)).status, 200);
  });

  it('is taken without the spans that are none, which the answer counts', async () => {
    const before = stored();
    const body = traces(
      aSpan(),
      aSpan({ spanId: '' }),
      aSpan({ traceId: 'abcd' }),
      aSpan({ startTimeUnixNano: 'x' }),
    );
    const answer = await send(url, body);
    assert.equal(answer.status, 200);
    const { partialSuccess } = JSON.parse(String(answer.body));
    assert.equal(partialSuccess.rejectedSpans, '3');
    assert.match(partialSuccess.errorMessage, /span id.*trace id|startTimeUnixNano/);
    assert.equal(stored() - before, 1);
    const binary = await send(url, encoded(traces(aSpan(), aSpan({ spanId: '' }))), protobuf);
    const said = decodeAnswer(binary.body);
    assert.deepEqual([said.rejected, said.message], [1, 'a span id is no 8 bytes']);
    const log = {
      resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'alone' } }] }] }],
    };
    const logged = await send(`${receiver.url}/v1/logs`, JSON.stringify(log));
    assert.equal(JSON.parse(String(logged.body)).partialSuccess.rejectedLogRecords, '1');
  });

  it('is refused with the status that its client understands, in words, and nothing of it is kept', async () => {
    const before = stored();
    const span = traces(aSpan());
    const cases: readonly [
      number,
      number,
      string,
      string | Uint8Array,
      Record<string, string>,
      string?,
      string?,
    ][] = [
      [400, 3, 'no JSON', '{"resourceSpans":', {}],
      [400, 3, 'a list', '[]', {}],
      [400, 3, 'text', 'hello', {}],
      [400, 3, 'spans that are none', '{"resourceSpans":[{"scopeSpans":7}]}', {}],
      [400, 3, 'broken protobuf', encoded(span).subarray(0, 40), protobuf],
      [400, 3, 'JSON as protobuf', span, protobuf],
      [400, 3, 'protobuf as JSON', encoded(span), {}],
      [400, 3, 'gzip that is none', span, gzip],
      [400, 3, 'half of gzip', zlib.gzipSync(span).subarray(0, 30), gzip],
      [404, 5, 'another path', span, {}, 'POST', '/v1/profiles'],
      [404, 5, 'no path', span, {}, 'POST', '/'],
      [405, 12, 'another method', '', {}, 'GET'],
      [405, 12, 'the question of a browser', '', {}, 'OPTIONS'],
      [415, 3, 'another type', span, { 'content-type': 'text/plain' }],
      [415, 3, 'another compression', span, { 'content-encoding': 'br' }],
      [403, 7, 'a page of another site', span, { origin: 'https://example.com' }],
      [403, 7, 'a page that hides it', span, { 'sec-fetch-site': 'cross-site' }],
      [403, 7, 'another name of this machine', span, { host: 'attacker.example:4318' }],
      [403, 7, 'another port', span, { host: '127.0.0.1:1' }],
    ];
    for (const [status, code, what, body, headers, method, path = '/v1/traces'] of cases) {
      const answer = await send(receiver.url + path, body, headers, method);
      assert.equal(answer.status, status, what);
      const isBinary = headers['content-type'] === 'application/x-protobuf';
      const said = isBinary ? decodeRefusal(answer.body) : JSON.parse(String(answer.body));
      assert.equal(said.code, code, what);
      assert.match(said.message, /^[A-Z][^\n]+\.$/, what);
      assert.equal(
        answer.headers['content-type'],
        isBinary ? 'application/x-protobuf' : 'application/json',
      );
      assert.equal(answer.headers['access-control-allow-origin'], undefined, what);
      if (status === 405) assert.equal(answer.headers.allow, 'POST');
    }
    assert.equal(stored(), before);
  });

  it('may be large, but not without end: what is inflated counts', async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(300 * 1024 * 1024));
    assert.ok(bomb.length < 400_000);
    assert.equal((await send(url, bomb, { ...protobuf, ...gzip })).status, 413);
    const deflated = zlib.deflateSync(Buffer.alloc(80 * 1024 * 1024, 32));
    assert.equal((await send(url, deflated, { 'content-encoding': 'deflate' })).status, 413);
    const many = `{"resourceSpans":[${'[],'.repeat(5_000_000)}[]]}`;
    const tooMany = await send(url, many);
    assert.equal(tooMany.status, 413, 'more values than one request may have');
    assert.match(
      JSON.parse(String(tooMany.body)).message,
      /more than the 4,000,000 values .*: send smaller batches \(OTEL_BSP_MAX_EXPORT_BATCH_SIZE\)\.$/,
    );
    const before = stored();
    const big = traces(aSpan({ attributes: [attribute('text', 'x'.repeat(10_000_000))] }));
    assert.equal((await send(url, zlib.gzipSync(big), gzip)).status, 200, '10 MB in one attribute');
    assert.equal(
      (await send(url, zlib.deflateSync(traces(aSpan())), { 'content-encoding': 'deflate' }))
        .status,
      200,
    );
    const attributes = Array.from({ length: 100_000 }, (_, index) =>
      attribute(`key ${index}`, index),
    );
    assert.equal((await send(url, encoded(traces(aSpan({ attributes }))), protobuf)).status, 200);
    assert.equal(stored() - before, 3);
    const sizes = rowsIn(file, 'SELECT length(metadata) AS n FROM spans ORDER BY n DESC LIMIT 2');
    assert.deepEqual(
      sizes.map(({ n }) => Number(n) > 1_000_000),
      [true, true],
    );
  });

  it('that breaks off leaves nothing behind', async () => {
    const before = stored();
    await new Promise<void>(resolve => {
      const socket = net.connect(receiver.port, '127.0.0.1', () => {
        socket.write(
          `POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1:${receiver.port}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"resource`,
          () => socket.destroy(),
        );
      });
      socket.on('close', () => resolve());
    });
    assert.equal((await send(url, '{}')).status, 200);
    assert.equal(stored(), before);
  });

  it('of metrics is taken and not kept, which is said once', async () => {
    const answer = await send(`${receiver.url}/v1/metrics`, '{"resourceMetrics":[]}');
    assert.equal(answer.status, 200);
    assert.match(
      JSON.parse(String(answer.body)).partialSuccess.errorMessage,
      /OTEL_METRICS_EXPORTER=none/,
    );
    const again = await send(`${receiver.url}/v1/metrics`, '{"resourceMetrics":[]}');
    assert.deepEqual([again.status, String(again.body)], [200, '{}']);
  });

  it('replaces a span that was sent before, with its events, and may come before its parent', async () => {
    const traceId = 'f'.repeat(32);
    const events = [{ timeUnixNano: '1795474998580000000', name: 'retry' }];
    const child = aSpan({ traceId, parentSpanId: 'e'.repeat(16), name: 'child', events });
    const root = aSpan({ traceId, spanId: 'e'.repeat(16), name: 'root' });
    for (const body of [traces(child), traces({ ...child, name: 'child again' }), traces(root)]) {
      assert.equal((await send(url, body)).status, 200);
    }
    const rows = rowsIn(file, `SELECT name FROM spans WHERE run_id = '${traceId}' ORDER BY name`);
    assert.deepEqual(
      rows.map(row => row.name),
      ['child again', 'root'],
    );
    const eventsIn = () => rowsIn(file, `SELECT name FROM events WHERE run_id = '${traceId}'`);
    assert.deepEqual(
      eventsIn().map(row => row.name),
      ['retry'],
    );
    // As it was while it was open, on a way that took longer.
    const { endTimeUnixNano: _, ...open } = child;
    const early = { ...open, name: 'child', events: [{ ...events[0], name: 'early' }] };
    assert.equal((await send(url, traces(early))).status, 200);
    const [kept] = rowsIn(file, `SELECT name FROM spans WHERE span_id = '${child.spanId}'`);
    assert.deepEqual([kept?.name, ...eventsIn().map(row => row.name)], ['child again', 'retry']);
  });
});

describe('The receiver', () => {
  let folder = '';
  before(() => {
    folder = tempFolder();
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('asks for a token where it is told to', async () => {
    const { receiver } = await receiveInto(folder, { token: 'the-token' });
    const url = `${receiver.url}/v1/traces`;
    assert.equal((await send(url, '{}')).status, 401);
    assert.equal((await send(url, '{}', { 'x-agent-traces-token': 'the-tokem' })).status, 401);
    assert.equal((await send(url, '{}', { 'x-agent-traces-token': 'the-token' })).status, 200);
    await receiver.close();
  });

  it('goes on after a request that would take far more memory than it has bytes', async () => {
    const { receiver, file } = await receiveInto(folder);
    const url = `${receiver.url}/v1/traces`;
    // Two bytes each, of which an object is made: far more than the bytes of the request.
    const spans = Buffer.alloc(4_000_000);
    for (let at = 0; at < spans.length; at += 2) spans[at] = 0x12;
    const within = (tag: number, inner: Buffer): Buffer => {
      const length: number[] = [];
      for (let left = inner.length; left > 0; left >>>= 7)
        length.push(left > 127 ? (left & 127) | 128 : left);
      return Buffer.concat([Buffer.from([tag, ...length]), inner]);
    };
    assert.equal((await send(url, within(0x0a, within(0x12, spans)), protobuf)).status, 413);
    assert.equal((await send(url, traces(aSpan()))).status, 200);
    assert.equal(rowsIn(file, 'SELECT * FROM spans').length, 1);
    await receiver.close();
  });

  it('says what is wrong with its port or file', async () => {
    const { receiver, file } = await receiveInto(folder);
    const { port } = receiver;
    await assert.rejects(startReceiver({ file: `${file}2`, port, worker }), { code: 'EADDRINUSE' });
    await receiver.close();
    fs.writeFileSync(`${file}3`, 'This is a text of somebody, and nothing else than that.');
    await assert.rejects(
      startReceiver({ file: `${file}3`, port: 0, worker }),
      /not a SQLite database/,
    );
    assert.match(fs.readFileSync(`${file}3`, 'utf8'), /^This is a text/);
  });

  it('holds so much in memory, tells others to come again, and takes them when they do', async () => {
    const { receiver, file } = await receiveInto(folder, { maxHeldBytes: 100_000 });
    const url = `${receiver.url}/v1/traces`;
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const large = traces(aSpan({ attributes: [attribute('text', 'x'.repeat(90_000))] }));
    const first = send(url, large);
    let refused = await send(url, large);
    // The first may have come after the second.
    for (let tries = 0; refused.status !== 429 && tries < 50; tries++)
      refused = await send(url, large);
    assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '1']);
    assert.equal(JSON.parse(String(refused.body)).code, 8);
    const held = await first;
    // Longer than it waits for the other program.
    assert.deepEqual([held.status, held.headers['retry-after']], [503, '5']);
    assert.match(JSON.parse(String(held.body)).message, /another program has locked the file/);
    other.exec('ROLLBACK');
    other.close();
    assert.equal((await send(url, large)).status, 200);
    assert.equal(rowsIn(file, 'SELECT * FROM spans').length, 1);
    await receiver.close();
  });
});
