import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openSentLog } from '../../src/node/sentLog.ts';

describe('the log of what was sent', () => {
  let folder = '';
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sent-log-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const place = { url: new URL('http://localhost/'), headers: {}, place: {} };
  const run = (n: number): string => n.toString(16).padStart(32, '0');
  const spans = (trace: number, count: number) =>
    Array.from({ length: count }, (_, n) => ({
      traceId: run(trace),
      spanId: (n + 1).toString(16).padStart(16, '0'),
    }));

  it('forgets the runs that came first once it is too long, and nothing that is in doubt', () => {
    const open = () => openSentLog(folder, place, 5000);
    const first = open();
    first.begin?.('localhost');
    first.doubt?.(spans(1, 3));
    for (const n of [2, 3, 4, 5]) first.add(spans(n, 20));
    first.end?.();
    const known = (log: ReturnType<typeof open>) => [
      [1, 2, 3, 4, 5].map(n => log.sent(run(n)).size),
      log.unsure?.(run(1)).size,
    ];
    assert.deepEqual(known(open()), [[0, 20, 20, 20, 20], 3], '4000 bytes and more are kept');
    const second = open();
    second.begin?.('localhost');
    second.add(spans(6, 20));
    second.end?.();
    const third = open();
    third.begin?.('localhost');
    third.end?.();
    for (const log of [third, open()]) {
      assert.deepEqual(known(log), [[0, 0, 0, 0, 20], 3]);
      assert.equal(log.sent(run(6)).size, 20);
    }
    assert.equal(fs.readdirSync(folder).length, 1);
    assert.equal(fs.statSync(path.join(folder, fs.readdirSync(folder)[0]!)).mode & 0o777, 0o600);
  });

  it('keeps the last run, however large it is', () => {
    const log = openSentLog(folder, place, 100);
    log.begin?.('localhost');
    log.add(spans(1, 50));
    log.add(spans(2, 50));
    log.end?.();
    const next = openSentLog(folder, place, 100);
    next.begin?.('localhost');
    assert.deepEqual([next.sent(run(1)).size, next.sent(run(2)).size], [0, 50]);
    next.end?.();
  });
});
