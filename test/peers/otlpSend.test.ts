import assert from 'node:assert/strict';
import http from 'node:http';
import { encodeAnswer, encodeRefusal } from '../../src/formats/otlpAnswer.ts';
import { destinations } from '../../src/net/destinations/all.ts';
import { postOtlp } from '../../src/net/otlpPost.ts';
import { type Sending, type SentLog, sendTraces } from '../../src/net/sendTraces.ts';
import { type Answer, type OtlpServer, startOtlpServer } from '../tools/otlpServer.ts';
import { ownCertificate } from './certificate.ts';
import { many, of, sendingTo } from './otlpSending.ts';

/** What is remembered, in memory. */
function memory(): SentLog & { readonly all: Map<string, Set<string>> } {
  const [all, lost] = [new Map<string, Set<string>>(), new Map<string, Set<string>>()];
  const each = (spans: Parameters<SentLog['add']>[0], into?: typeof all): void => {
    for (const { traceId, spanId } of spans) {
      lost.get(traceId)?.delete(spanId);
      into?.set(traceId, (into.get(traceId) ?? new Set()).add(spanId));
    }
  };
  return {
    all,
    sent: traceId => all.get(traceId) ?? new Set(),
    add: spans => each(spans, all),
    unsure: traceId => lost.get(traceId) ?? new Set(),
    doubt: spans => each(spans, lost),
    settle: spans => each(spans),
  };
}

describe('Traces that are sent', () => {
  let server: OtlpServer | undefined;
  afterEach(() => server?.close());

  const sending = (more: Partial<Sending> = {}): Sending =>
    sendingTo(server?.origin ?? 'http://localhost', more);
  const start = async (answers: readonly Answer[] = []) => {
    server = await startOtlpServer(count => answers[count]);
    return server;
  };

  it('wait as long as they are asked to, and arrive once', async () => {
    const waits: number[] = [];
    await start([
      { status: 429, headers: { 'Retry-After': '7' } },
      { status: 503, headers: { 'Retry-After': new Date(Date.now() + 90_000).toUTCString() } },
      { status: 502 },
      { status: 504 },
    ]);
    const sent = await sendTraces(of(many(3)), sending({ wait: async ms => void waits.push(ms) }));
    assert.deepEqual([sent.spans, sent.retries, sent.requests, sent.error], [3, 4, 5, undefined]);
    assert.equal(server!.received.length, 1);
    assert.ok(waits[0]! >= 7000 && waits[1]! > 80_000 && waits[2]! < 60_000, String(waits));
  });

  it('give up in words where it takes nothing, and begin there the next time', async () => {
    const busy: Answer = { status: 503, body: encodeRefusal({ code: 14, message: 'full' }) };
    const log = memory();
    await start([undefined, busy, busy, busy, busy, busy, busy]);
    const first = await sendTraces(of(many(1200)), sending({ log }));
    assert.equal(first.spans, 512);
    assert.match(first.error?.message ?? '', /takes nothing at present: HTTP 503 full/);
    const again = await sendTraces(of(many(1200)), sending({ log }));
    assert.deepEqual([again.already, again.spans, again.error], [512, 688, undefined]);
    const ids = server!.received.flatMap(one => one.spans.map(span => span.spanId));
    assert.deepEqual([ids.length, new Set(ids).size], [1200, 1200]);
    const third = await sendTraces(of(many(1200)), sending({ log }));
    assert.deepEqual([third.already, third.requests], [1200, 0]);
  });

  it('say how many were not taken, and why', async () => {
    await start([{ status: 200, body: encodeAnswer({ rejected: 2, message: 'too old' }) }]);
    const sent = await sendTraces(of(many(5)), sending());
    assert.deepEqual([sent.spans, sent.rejected, sent.messages], [5, 2, ['too old']]);
    await server!.close();
    const body = '{"partialSuccess":{"rejectedSpans":"1","errorMessage":"no"}}';
    await start([{ status: 200, headers: { 'Content-Type': 'application/json' }, body }]);
    const json = await sendTraces(of(many(5)), sending({ encoding: 'json' }));
    assert.deepEqual([json.rejected, json.messages], [1, ['no']]);
  });

  it('say whose fault it is where they are not taken, and remember nothing', async () => {
    const page: Answer = { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<p>' };
    const wait: Answer = { status: 429, headers: { 'Retry-After': '400' } };
    const log = memory();
    await start([{ status: 500 }, page, wait, { status: 400 }]);
    const next = async () => (await sendTraces(of(many(2)), sending({ log }))).error;
    const [failed, web, later, refused] = [await next(), await next(), await next(), await next()];
    assert.match(failed?.message ?? '', /failed at what was sent: HTTP 500\. .*its log/);
    assert.equal(web?.code, 'exportWebPage');
    assert.match(web?.message ?? '', /answered with a web page.* such as http:\S+\/v1\/traces\./);
    assert.match(later?.message ?? '', /HTTP 429\. It asks to wait 6m 40s, longer/);
    assert.match(refused?.message ?? '', /HTTP 400\. See whether the address/);
    const sent = await sendTraces(of(many(2)), sending({ log }));
    assert.deepEqual([sent.spans, sent.already, sent.again], [2, 0, 0]);
  });

  it('say how long they waited for an answer', async () => {
    server = await startOtlpServer(() => new Promise<never>(() => undefined));
    const outcome = await postOtlp({
      url: new URL(server.origin),
      headers: {},
      body: new Uint8Array(),
      encoding: 'protobuf',
      gzip: false,
      signal: new AbortController().signal,
      timeoutMs: 20,
    });
    assert.deepEqual(outcome, { kind: 'unknown', words: 'no answer within 20 ms' });
  });

  it('are split where one request is too large', async () => {
    server = await startOtlpServer(count => (count < 2 ? { status: 413 } : undefined));
    const sent = await sendTraces(of(many(8)), sending());
    assert.deepEqual([sent.spans, sent.error], [8, undefined]);
    const ids = server.received.flatMap(one => one.spans.map(span => span.spanId));
    assert.deepEqual(
      ids,
      many(8).map(({ span }) => span.spanId),
    );
    await server.close();
    server = await startOtlpServer(() => ({ status: 413 }));
    const none = await sendTraces(of(many(2)), sending());
    assert.match(none.error?.message ?? '', /takes no span of this size/);
  });

  it('are sent without the one that is too large by itself, which is said', async () => {
    const log = memory();
    const large = { status: 413 };
    await start([large, large, large]);
    const sent = await sendTraces(of(many(3)), sending({ log }));
    assert.deepEqual([sent.spans, sent.tooLarge, sent.error?.code], [2, 1, 'exportTooLarge']);
    const next = await sendTraces(of(many(3)), sending({ log, skipUnsure: true }));
    assert.deepEqual([next.already, next.spans, next.error], [2, 1, undefined]);
    await server!.close();
    server = await startOtlpServer(() => large);
    const none = await sendTraces(of(many(500)), sending());
    assert.ok(none.tooLarge < 500, 'a server that takes nothing is not asked for each');
  });

  it('go as rows in as many requests as their texts need', async () => {
    await start();
    const value = { entries: [{ key: 'request', value: ['x'.repeat(1_500_000)] }] };
    const rows = many(3).map(({ span }) => ({
      span: { ...span, attributes: [{ key: 'agent_trace.metadata', value }] },
      scope: undefined,
    }));
    const sent = await sendTraces(of(rows), sending());
    assert.deepEqual([sent.spans, sent.requests], [3, 3]);
  });

  for (const cut of ['cut-request', 'cut-unanswered'] as const) {
    it(`are sent again only by who asks for it, where the connection ends (${cut})`, async () => {
      const log = memory();
      await start([undefined, cut]);
      const sent = await sendTraces(of(many(1000)), sending({ log }));
      assert.equal(sent.spans, 512);
      assert.match(sent.error?.message ?? '', /broke off.*last 488 spans.*under the same ids/);
      assert.equal(sent.requests, 2, 'it was not tried again');
      const skipped = await sendTraces(of(many(1001)), sending({ log, skipUnsure: true }));
      assert.deepEqual([skipped.already, skipped.unsure, skipped.spans], [512, 488, 1]);
      const again = await sendTraces(of(many(1001)), sending({ log }));
      assert.deepEqual([again.already, again.spans, again.again], [513, 488, 488]);
      const ids = server!.received.flatMap(one => one.spans.map(span => span.spanId));
      assert.equal(new Set(ids).size, 1001);
      // Whole, it did arrive: nobody could know.
      assert.equal(ids.length, cut === 'cut-request' ? 1001 : 1489);
    });
  }

  it('stay in doubt where a later try is refused: that says nothing of the first', async () => {
    const log = memory();
    await start(['cut-unanswered', { status: 401 }]);
    await sendTraces(of(many(3)), sending({ log }));
    await sendTraces(of(many(4)), sending({ log }));
    const third = await sendTraces(of(many(4)), sending({ log }));
    assert.deepEqual([third.spans, third.again], [4, 3]);
  });

  it('have arrived where only the words of the answer broke off', async () => {
    await start(['cut-answer']);
    const sent = await sendTraces(of(many(5)), sending());
    assert.deepEqual([sent.spans, sent.error, sent.requests], [5, undefined, 1]);
  });

  it('say that a key is wrong, without the key', async () => {
    await start([
      {
        status: 401,
        headers: { 'Content-Type': 'application/json' },
        body: '{"message":"no such key hcaik_secret"}',
      },
    ]);
    const destination = destinations.find(one => one.id === 'honeycomb')!;
    const secret = { HONEYCOMB_API_KEY: 'hcaik_secret' };
    const sent = await sendTraces(
      of(many(5)),
      sending({ destination, values: secret, url: server!.origin }),
    );
    assert.match(sent.error?.message ?? '', /refused the key: HTTP 401 no such key \[key\]/);
    assert.deepEqual([sent.spans, sent.requests], [0, 1]);
  });

  it('say nothing of a key that is quoted without its scheme, or as the pair that it was made of', async () => {
    const keys = {
      PHOENIX_API_KEY: 'phx-secret-1',
      LANGFUSE_PUBLIC_KEY: 'pk-lf-12',
      LANGFUSE_SECRET_KEY: 'sk-lf-secret:2',
    };
    const body = 'phx-secret-1 or pk-lf-12 with sk-lf-secret:2';
    for (const [id, left] of [
      ['phoenix', '[key] or pk-lf-12 with sk-lf-secret:2'],
      ['langfuse', 'phx-secret-1 or [key] with [key]'],
    ] as const) {
      await start([{ status: 401, headers: { 'Content-Type': 'text/plain' }, body }]);
      const destination = destinations.find(one => one.id === id)!;
      const sent = await sendTraces(
        of(many(1)),
        sending({ destination, values: keys, url: server!.origin }),
      );
      assert.ok(sent.error?.message.includes(`HTTP 401 ${left}.`), sent.error?.message);
      await server!.close();
    }
  });

  it('end when they are cancelled in the middle of an answer that asks to wait', async () => {
    const controller = new AbortController();
    const slow = http.createServer((request, response) => {
      request.resume().once('end', () => {
        response.writeHead(503, { 'Retry-After': '200' });
        response.write('not now');
        // By then the head has come.
        setTimeout(() => controller.abort(), 100);
      });
    });
    await new Promise<void>(resolve => slow.listen(0, '127.0.0.1', resolve));
    const { port } = slow.address() as { port: number };
    const { wait, ...waiting } = sending({ signal: controller.signal });
    const sent = await sendTraces(of(many(1)), { ...waiting, url: `http://127.0.0.1:${port}` });
    assert.equal(sent.error?.code, 'cancelled');
    slow.closeAllConnections();
    await new Promise(resolve => slow.close(resolve));
  });

  it('say that no TLS is spoken there, and send nothing', async () => {
    await start();
    const url = server!.origin.replace('http:', 'https:');
    const sent = await sendTraces(of(many(1)), sending({ url }));
    assert.match(sent.error?.message ?? '', /cannot be reached: ERR_SSL_WRONG_VERSION_NUMBER\./);
    assert.equal(sent.requests, 1);
  });

  it('are in no doubt where a header was none that can be sent', async () => {
    await start();
    const log = memory();
    const values = { OTEL_EXPORTER_OTLP_HEADERS: 'transfer-encoding=chunked' };
    const sent = await sendTraces(of(many(2)), sending({ log, values }));
    assert.match(sent.error?.message ?? '', /invalid transfer-encoding header/);
    const next = await sendTraces(of(many(2)), sending({ log, skipUnsure: true }));
    assert.deepEqual([next.unsure, next.spans], [0, 2]);
  });

  it('do not follow to another address with the key', async () => {
    const other = await startOtlpServer();
    const log = memory();
    await start([{ status: 307, headers: { Location: `${other.origin}/v1/traces` } }]);
    const sent = await sendTraces(
      of(many(1)),
      sending({ values: { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=secret' }, log }),
    );
    assert.match(sent.error?.message ?? '', /answers with a redirect, which is not followed/);
    assert.equal(other.received.length, 0);
    const next = await sendTraces(of(many(1)), sending({ log, skipUnsure: true }));
    assert.deepEqual([next.unsure, next.spans], [0, 1], 'nothing of it can have arrived');
    await other.close();
  });

  it('say that nobody is there, after they tried', async () => {
    const gone = http.createServer();
    await new Promise<void>(resolve => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as { port: number };
    await new Promise(resolve => gone.close(resolve));
    const sent = await sendTraces(of(many(2)), sending({ url: `http://127.0.0.1:${port}/` }));
    assert.match(sent.error?.message ?? '', /cannot be reached/);
    assert.equal(sent.requests, 6);
  });

  it('are in no doubt where no connection was made, whatever the reason', async () => {
    const real = globalThis.fetch;
    const timedOut = (syscall: string) => {
      const cause = Object.assign(new Error(`${syscall} ETIMEDOUT`), {
        code: 'ETIMEDOUT',
        syscall,
      });
      return new TypeError('fetch failed', { cause });
    };
    const codes: unknown[] = [];
    try {
      // As Node says it of a network that drops all, and Electron of a redirect: no test can count on either.
      const redirected = new Error('Redirect was cancelled');
      for (const thrown of [timedOut('connect'), redirected, timedOut('read')]) {
        globalThis.fetch = () => Promise.reject(thrown);
        codes.push((await sendTraces(of(many(2)), sending())).error?.code);
      }
    } finally {
      globalThis.fetch = real;
    }
    assert.deepEqual(codes, ['exportNoConnection', 'exportRedirected', 'exportBrokeOff']);
  });

  it('say that a certificate is not trusted, and send nothing', async function () {
    const tls = ownCertificate();
    if (!tls) return this.skip();
    server = await startOtlpServer(() => undefined, tls);
    const sent = await sendTraces(of(many(2)), sending());
    assert.match(sent.error?.message ?? '', /certificate that is not trusted/);
    assert.deepEqual([sent.requests, server.received.length], [1, 0]);
  });

  it('end when they are cancelled, with what had arrived', async () => {
    const controller = new AbortController();
    const log = memory();
    server = await startOtlpServer(count => {
      if (count === 1) controller.abort();
      return undefined;
    });
    const sent = await sendTraces(of(many(2000)), sending({ signal: controller.signal, log }));
    assert.equal(sent.error?.code, 'cancelled');
    assert.equal(sent.spans, 512);
    assert.equal(log.all.get('b'.repeat(32))?.size, 512);
  });
});
