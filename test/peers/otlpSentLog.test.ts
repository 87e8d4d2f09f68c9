import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { destinations } from '../../src/net/destinations/all.ts';
import { type Sending, type Sent, sendTraces, targetOf } from '../../src/net/sendTraces.ts';
import { openSentLog } from '../../src/node/sentLog.ts';
import { type Answer, type OtlpServer, startOtlpServer } from '../tools/otlpServer.ts';
import { many, of, sendingTo } from './otlpSending.ts';
import { tempFolder } from './python.ts';

describe('Traces that were sent', () => {
  let server: OtlpServer | undefined;
  afterEach(() => server?.close());

  const sending = (more: Partial<Sending> = {}): Sending =>
    sendingTo(server?.origin ?? 'http://localhost', more);
  const start = async (answers: readonly Answer[] = []) => {
    server = await startOtlpServer(count => answers[count]);
    return server;
  };

  it('are remembered as unsure where they were cancelled on the way, by the next program too', async () => {
    const folder = tempFolder();
    const controller = new AbortController();
    server = await startOtlpServer(count => {
      if (count === 1) controller.abort();
      return undefined;
    });
    const url = new URL(server.origin);
    const sent = await sendTraces(
      of(many(1000)),
      sending({
        signal: controller.signal,
        log: openSentLog(folder, { url, headers: {}, place: {} }),
      }),
    );
    assert.deepEqual([sent.error?.code, sent.spans], ['cancelled', 512]);
    const next = await sendTraces(
      of(many(1000)),
      sending({ log: openSentLog(folder, { url, headers: {}, place: {} }), skipUnsure: true }),
    );
    assert.deepEqual([next.already, next.unsure, next.spans], [512, 488, 0]);
    fs.rmSync(folder, { recursive: true });
  });

  it('are remembered for each project of one key and address', async () => {
    const folder = tempFolder();
    await start();
    const destination = destinations.find(one => one.id === 'weave')!;
    const sentTo = async (project: string): Promise<readonly number[]> => {
      const values = { WANDB_API_KEY: 'k', WANDB_ENTITY: 'team', WANDB_PROJECT: project };
      const where = { destination, values, url: server!.origin };
      const log = openSentLog(folder, targetOf(where));
      const sent = await sendTraces(of(many(3)), sending({ ...where, log }));
      return [sent.spans, sent.already];
    };
    assert.deepEqual(await sentTo('a'), [3, 0]);
    assert.deepEqual(await sentTo('b'), [3, 0], 'b has none of them');
    assert.deepEqual(await sentTo('a'), [0, 3]);
    fs.rmSync(folder, { recursive: true });
  });

  it('are sent by one export at a time, and the next one knows what came meanwhile', async () => {
    const folder = tempFolder();
    const where = { url: new URL('http://localhost'), headers: {}, place: {} };
    let second: Promise<Sent> | undefined;
    const early = openSentLog(folder, where);
    server = await startOtlpServer(async () => {
      // Asked for while the first one is under way, by another who has looked at what was sent before.
      second ??= sendTraces(of(many(3)), sending({ log: early }));
      await second;
      return undefined;
    });
    const first = await sendTraces(of(many(3)), sending({ log: openSentLog(folder, where) }));
    assert.deepEqual([first.spans, first.error], [3, undefined]);
    const refused = await second!;
    assert.match(refused.error?.message ?? '', /Another export to .* is under way/);
    const after = await sendTraces(of(many(4)), sending({ log: early }));
    assert.deepEqual([after.already, after.spans], [3, 1]);
    const ids = server.received.flatMap(one => one.spans.map(span => span.spanId));
    assert.equal(new Set(ids).size, ids.length);
    // Of a program that was killed: no process has this number.
    const [file] = fs.readdirSync(folder);
    fs.writeFileSync(path.join(folder, `${file}.lock`), '4194999');
    const next = await sendTraces(of(many(5)), sending({ log: openSentLog(folder, where) }));
    assert.deepEqual([next.spans, next.error], [1, undefined]);
    assert.deepEqual(fs.readdirSync(folder), [file]);
    fs.rmSync(folder, { recursive: true });
  });

  it('are not sent where it could not be remembered, which is said', async () => {
    await start();
    const file = path.join(tempFolder(), 'file');
    fs.writeFileSync(file, '');
    const where = { url: new URL('http://localhost'), headers: {}, place: {} };
    const log = openSentLog(path.join(file, 'folder'), where);
    const sent = await sendTraces(of(many(1)), sending({ log }));
    assert.match(
      sent.error?.message ?? '',
      /could not be written: .*so that nothing is sent twice/,
    );
    assert.equal(server!.received.length, 0);
    fs.rmSync(path.dirname(file), { recursive: true });
  });

  it('are in no doubt where they were refused, or were cancelled between two tries', async () => {
    const folder = tempFolder();
    const controller = new AbortController();
    await start([{ status: 401 }, { status: 503 }, undefined]);
    const url = new URL(server!.origin);
    const log = () => openSentLog(folder, { url, headers: {}, place: {} });
    const refused = await sendTraces(of(many(5)), sending({ log: log() }));
    assert.equal(refused.error?.code, 'exportKeyRefused');
    const wait = async () => {
      controller.abort();
      controller.signal.throwIfAborted();
    };
    const stopped = await sendTraces(
      of(many(5)),
      sending({ log: log(), signal: controller.signal, wait }),
    );
    assert.equal(stopped.error?.code, 'cancelled');
    const next = await sendTraces(of(many(5)), sending({ log: log(), skipUnsure: true }));
    assert.deepEqual([next.unsure, next.again, next.spans, next.error], [0, 0, 5, undefined]);
    fs.rmSync(folder, { recursive: true });
  });
});
