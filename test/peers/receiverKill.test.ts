import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { PortTaken, startReceiverProcess } from '../../src/node/receiverProcess.ts';
import { inRepo } from '../tools/repo.ts';
import { tempFolder } from './python.ts';
import { aSpan, rowsIn, send, traces } from './receiving.ts';

const entry = inRepo('src/node/receiverMain.ts');
const rounds = Number(process.env.AGENT_TRACES_LONG ?? 1) * 3;

describe('The process of the receiver', () => {
  let folder = '';
  before(() => {
    folder = tempFolder();
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const on = { counts: () => undefined, log: () => undefined, ended: () => undefined };

  it('loses nothing that it acknowledged, whenever it is killed', async () => {
    const file = path.join(folder, 'killed.agent-traces.db');
    const acknowledged: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const ended = new Promise<string>(resolve => {
        void startReceiverProcess(entry, { file, port: 0 }, { ...on, ended: resolve }).then(
          async ({ url, pid = 0 }) => {
            const client = async (): Promise<void> => {
              for (;;) {
                const spans = Array.from({ length: 50 }, () => aSpan());
                const { status } = await send(`${url}/v1/traces`, traces(...spans));
                assert.equal(status, 200);
                acknowledged.push(...spans.map(span => String(span.spanId)));
                if (acknowledged.length >= 2000 * (round + 1)) process.kill(pid, 'SIGKILL');
              }
            };
            // Each ends as its connection breaks.
            await Promise.allSettled([client(), client(), client()]);
          },
        );
      });
      assert.equal(await ended, 'SIGKILL');
      const db = new DatabaseSync(file);
      assert.equal(db.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
      db.close();
      const stored = new Set(rowsIn(file, 'SELECT span_id FROM spans').map(row => row.span_id));
      assert.deepEqual(
        acknowledged.filter(id => !stored.has(id)),
        [],
      );
    }
    assert.ok(acknowledged.length >= 2000 * rounds);
  });

  it('answers what has come before it stops, and tells what it counted', async () => {
    const file = path.join(folder, 'stopped.agent-traces.db');
    let spans = 0;
    const counts = (now: { spans: number }): void => {
      spans = now.spans;
    };
    const receiver = await startReceiverProcess(entry, { file, port: 0 }, { ...on, counts });
    assert.equal((await send(`${receiver.url}/v1/traces`, traces(aSpan(), aSpan()))).status, 200);
    for (let tries = 0; spans === 0 && tries < 500; tries++) await sleep(10);
    assert.equal(spans, 2);
    await receiver.stop();
    await assert.rejects(send(`${receiver.url}/v1/traces`, '{}'), { code: 'ECONNREFUSED' });
    // What its log held is in the file itself.
    assert.deepEqual(
      fs.readdirSync(folder).filter(name => name.startsWith('stopped.agent-traces.db-')),
      [],
    );
  });

  it('does not wait for a request of which the rest never comes', async () => {
    const file = path.join(folder, 'stalled.agent-traces.db');
    const receiver = await startReceiverProcess(entry, { file, port: 0 }, on);
    const socket = net.connect(receiver.port, '127.0.0.1');
    socket.on('error', () => undefined);
    const lines = ['POST /v1/traces HTTP/1.1', `Host: 127.0.0.1:${receiver.port}`];
    lines.push('Content-Type: application/json', 'Content-Length: 1000', '', '{"resource');
    await new Promise<void>(resolve => socket.write(lines.join('\r\n'), () => resolve()));
    // By now it has the beginning of the other one as well.
    assert.equal((await send(`${receiver.url}/v1/traces`, '{}')).status, 200);
    await receiver.stop();
    socket.destroy();
  });

  it('says that another program has its port', async () => {
    const file = path.join(folder, 'port.agent-traces.db');
    const receiver = await startReceiverProcess(entry, { file, port: 0 }, on);
    const { port } = receiver;
    await assert.rejects(startReceiverProcess(entry, { file, port }, on), PortTaken);
    await receiver.stop();
  });
});
