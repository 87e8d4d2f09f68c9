import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PruneLimits } from '../../src/core/traceLimits.ts';
import { type Receiver, startReceiver } from '../../src/node/receiver.ts';
import { tempFolder } from './python.ts';
import { aSpan, attribute, receiveInto, rowsIn, send, traces, worker } from './receiving.ts';

const dayMs = 86_400_000;

/** A run of one span, begun so many days ago. */
function aRun(index: number, days: number, text = ''): unknown {
  const start = BigInt(Math.round(Date.now() - days * dayMs)) * 1_000_000n;
  return aSpan({
    traceId: (index + 1).toString(16).padStart(32, '0'),
    name: `run ${index}`,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 1_000_000n),
    attributes: [attribute('text', text)],
  });
}

describe('What a receiver keeps', () => {
  let folder = '';
  let receiver: Receiver | undefined;
  before(() => {
    folder = tempFolder();
  });
  afterEach(() => receiver?.close());
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  const namesIn = (file: string) =>
    rowsIn(file, 'SELECT name FROM spans ORDER BY start_time').map(row => row.name);

  /** Receives runs, and starts again with limits. */
  async function keptOf(runs: readonly unknown[], keep: PruneLimits | undefined) {
    const { receiver: first, file } = await receiveInto(folder);
    for (const run of runs) await send(`${first.url}/v1/traces`, traces(run));
    await first.close();
    const lines: string[] = [];
    receiver = await startReceiver({ file, port: 0, worker, keep, log: line => lines.push(line) });
    return { file, lines };
  }

  const removed = async (lines: readonly string[]): Promise<string> => {
    for (let turn = 0; turn < 400; turn++) {
      const line = lines.find(one => /removed/.test(one));
      if (line !== undefined) return line;
      await sleep(25);
    }
    return assert.fail('nothing was removed');
  };

  it('is what began within so many days, of its own file only', async () => {
    const other = path.join(folder, 'other.agent-traces.db');
    fs.writeFileSync(other, 'of somebody');
    const { file, lines } = await keptOf([aRun(0, 9), aRun(1, 6), aRun(2, 1)], { maxAgeDays: 5 });
    assert.equal(await removed(lines), '2 old runs were removed, 2 spans');
    assert.deepEqual(namesIn(file), ['run 2']);
    assert.equal(fs.readFileSync(other, 'utf8'), 'of somebody');
    // It goes on.
    await send(`${receiver?.url}/v1/traces`, traces(aRun(3, 0)));
    assert.deepEqual(namesIn(file), ['run 2', 'run 3']);
  });

  it('is the newest runs of so many bytes', async () => {
    const text = 'x'.repeat(100_000);
    const runs = Array.from({ length: 30 }, (_, index) => aRun(index, 30 - index, text));
    const { file, lines } = await keptOf(runs, { maxBytes: 2_000_000 });
    await removed(lines);
    const names = namesIn(file);
    assert.ok(names.length >= 10 && names.length < 20, String(names.length));
    assert.deepEqual(
      names,
      Array.from({ length: names.length }, (_, index) => `run ${30 - names.length + index}`),
    );
  });

  it('is every run, where what takes the room belongs to none', async () => {
    const { receiver: first, file } = await receiveInto(folder);
    const text = 'x'.repeat(100_000);
    const runs = Array.from({ length: 5 }, (_, index) => aRun(index, 5 - index, text));
    await send(`${first.url}/v1/traces`, traces(...runs));
    const logRecords = Array.from({ length: 25 }, (_, index) => ({
      timeUnixNano: String(BigInt(Date.now() - 3 * dayMs) * 1_000_000n),
      ...{ traceId: 'e'.repeat(32), spanId: (index + 1).toString(16).padStart(16, 'e') },
      body: { stringValue: text },
    }));
    const logs = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
    assert.equal((await send(`${first.url}/v1/logs`, logs)).status, 200);
    await first.close();
    receiver = await startReceiver({ file, port: 0, worker, keep: { maxBytes: 2_000_000 } });
    const events = () => rowsIn(file, 'SELECT * FROM events').length;
    assert.equal(events(), 25);
    for (let turn = 0; events() > 0 && turn < 400; turn++) await sleep(25);
    await receiver.close();
    assert.deepEqual(namesIn(file), ['run 0', 'run 1', 'run 2', 'run 3', 'run 4']);
  });

  it('is for this user alone, also in a file that is made again after it was moved', async function () {
    // Windows has no such rights.
    if (process.platform === 'win32') this.skip();
    const { receiver: running, file } = await receiveInto(folder);
    receiver = running;
    const store = () => send(`${running.url}/v1/traces`, traces(aSpan()));
    const rights = () =>
      ['', '-wal', '-shm'].map(end => (fs.statSync(file + end).mode & 0o777).toString(8));
    await store();
    assert.deepEqual(rights(), ['600', '600', '600']);
    fs.renameSync(file, `${file}.moved`);
    assert.equal((await store()).status, 200);
    assert.deepEqual(rights(), ['600', '600', '600']);
    for (const end of ['', '-wal', '-shm']) fs.rmSync(file + end);
    assert.equal((await store()).status, 200);
    assert.deepEqual(rights(), ['600', '600', '600']);
  });
});
