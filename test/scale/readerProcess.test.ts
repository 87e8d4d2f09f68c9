import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TraceError } from '../../src/core/errors.ts';
import { type ReaderConnection, startReader } from '../../src/node/readerProcess.ts';
import { all, clock, dist, spansDb } from '../unit/support/traceDb.ts';

const entry = path.join(dist, 'reader.js');

describe('the reader process', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-reader-'));
  const file = path.join(folder, 'a.db');
  const source = { kind: 'path', path: file, name: 'a.db' } as const;
  const log: string[] = [];
  let reader: ReaderConnection;

  before(async () => fs.writeFileSync(file, await spansDb([{ span_id: 'a' }, { span_id: 'b' }])));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    reader = startReader(entry, line => log.push(line));
  });
  afterEach(() => reader.dispose());

  it('answers like the one in this process', async () => {
    const info = await reader.api.open('f', source);
    assert.deepEqual([info.dialect, info.staleness], ['native', undefined]);
    assert.equal((await reader.api.runs('f', all)).runs[0]?.spans, 2);
    assert.notEqual(reader.pid, process.pid);
  });

  it('hands failures over with their words', async () => {
    const missing = { ...source, path: path.join(folder, 'none.db'), name: 'none.db' };
    await assert.rejects(
      reader.api.open('x', missing),
      (error: TraceError) => error.code === 'fileMissing' && /none\.db/.test(error.message),
    );
    await assert.rejects(
      reader.api.span('f', 'a', clock),
      (e: TraceError) => e.code === 'fileNotOpen',
    );
  });

  it('takes bytes as well', async () => {
    const bytes = new Uint8Array(fs.readFileSync(file));
    await reader.api.open('f', { kind: 'bytes', bytes, name: 'a.db' });
    assert.equal((await reader.api.totals('f', clock)).spans, 2);
  });

  it('rejects what was asked when it is killed, and the next question finds the file open', async () => {
    await reader.api.open('f', source);
    const { pid } = reader;
    assert.ok(pid);
    const asked = reader.api.totals('f', clock);
    process.kill(pid, 'SIGKILL');
    await assert.rejects(asked, (error: TraceError) => error.code === 'readerStopped');
    assert.equal((await reader.api.totals('f', clock)).spans, 2);
    assert.notEqual(reader.pid, pid);
  });

  it('opens a file again that was away for a moment', async () => {
    const place = path.join(folder, 'moved.db');
    fs.copyFileSync(file, place);
    await reader.api.open('f', { ...source, path: place });
    process.kill(reader.pid ?? 0, 'SIGKILL');
    while (reader.pid !== undefined) await new Promise(resolve => setTimeout(resolve, 5));
    fs.renameSync(place, `${place}.away`);
    await assert.rejects(reader.api.totals('f', clock), { code: 'fileMissing' });
    fs.renameSync(`${place}.away`, place);
    assert.equal((await reader.api.totals('f', clock)).spans, 2);
  });

  it('finds both files open that a question is about', async () => {
    await reader.api.open('f', source);
    await reader.api.open('g', source);
    const { pid } = reader;
    assert.ok(pid);
    const asked = reader.api.totals('f', clock);
    process.kill(pid, 'SIGKILL');
    await assert.rejects(asked);
    const run = { runId: 'r' };
    const compared = await reader.api.compareRuns(
      { ...run, file: 'f' },
      { ...run, file: 'g' },
      clock,
    );
    assert.equal(compared.b.figures.spans, 2);
  });

  it('is not started again and again for a file that ends it', async () => {
    await reader.api.open('f', source);
    for (let i = 0; i < 3; i++) {
      const { pid } = reader;
      assert.ok(pid);
      const asked = reader.api.totals('f', clock);
      process.kill(pid, 'SIGKILL');
      await assert.rejects(asked);
      if (i < 2) await reader.api.totals('f', clock);
    }
    await assert.rejects(
      reader.api.totals('f', clock),
      (error: TraceError) => error.code === 'readerNotStarted',
    );
    await reader.api.open('f', source);
    assert.equal((await reader.api.totals('f', clock)).spans, 2, 'Refresh starts it');
  });

  it('drops a question that is cancelled', async () => {
    await reader.api.open('f', source);
    const asked = reader.api.totals('f', clock) as Promise<unknown> & { cancel(): void };
    asked.cancel();
    await assert.rejects(asked, (error: TraceError) => error.code === 'cancelled');
    assert.equal((await reader.api.totals('f', clock)).spans, 2);
  });

  it('that does not come back from a cancelled question is replaced; what waited is answered', async () => {
    const hasty = startReader(entry, line => log.push(line), [], 100);
    try {
      await hasty.api.open('f', source);
      const { pid } = hasty;
      assert.ok(pid);
      process.kill(pid, 'SIGSTOP');
      const asked = hasty.api.totals('f', clock) as Promise<unknown> & { cancel(): void };
      const behind = hasty.api.runs('f', all);
      // Both are on their way.
      await new Promise(setImmediate);
      asked.cancel();
      await assert.rejects(asked, (error: TraceError) => error.code === 'cancelled');
      assert.equal((await behind).matching, 1);
      assert.notEqual(hasty.pid, pid);
    } finally {
      hasty.dispose();
    }
  });

  it('that is replaced while it opens files again answers what waited for them', async () => {
    const hasty = startReader(entry, line => log.push(line), [], 100);
    try {
      await hasty.api.open('f', source);
      process.kill(hasty.pid ?? 0, 'SIGKILL');
      while (hasty.pid !== undefined) await new Promise(resolve => setTimeout(resolve, 5));
      hasty.warmUp();
      const { pid } = hasty;
      assert.ok(pid);
      process.kill(pid, 'SIGSTOP');
      const asked = hasty.api.open('g', source) as Promise<unknown> & { cancel(): void };
      const behind = hasty.api.runs('f', all);
      await new Promise(setImmediate);
      asked.cancel();
      await assert.rejects(asked, (error: TraceError) => error.code === 'cancelled');
      assert.equal((await behind).matching, 1);
      assert.notEqual(hasty.pid, pid);
    } finally {
      hasty.dispose();
    }
  });

  it('that goes on with other questions keeps its place', async () => {
    const hasty = startReader(entry, line => log.push(line), [], 2000);
    try {
      await hasty.api.open('f', source);
      const { pid } = hasty;
      const asked = hasty.api.totals('f', clock) as Promise<unknown> & { cancel(): void };
      await new Promise(setImmediate);
      asked.cancel();
      await assert.rejects(asked);
      assert.equal((await hasty.api.totals('f', clock)).spans, 2);
      assert.equal(hasty.pid, pid);
    } finally {
      hasty.dispose();
    }
  });

  it('that has grown is ended when nothing is asked, once in a while, and files stay open', async () => {
    const growing = startReader(entry, line => log.push(line), [dist, '', '1']);
    try {
      await growing.api.open('f', source);
      while (growing.pid !== undefined) await new Promise(resolve => setTimeout(resolve, 5));
      assert.equal((await growing.api.totals('f', clock)).spans, 2);
      const { pid } = growing;
      assert.ok(pid);
      assert.equal((await growing.api.totals('f', clock)).spans, 2);
      assert.equal(growing.pid, pid);
    } finally {
      growing.dispose();
    }
  });

  it('grows by a large text', async () => {
    const large = path.join(folder, 'large.db');
    const metadata = JSON.stringify({ request: 'x'.repeat(12_000_000) });
    fs.writeFileSync(large, await spansDb([{ span_id: 'a' }, { span_id: 'b', metadata }]));
    const growing = startReader(entry, line => log.push(line), [dist, '', '35000000']);
    try {
      await growing.api.open('f', source);
      await growing.api.span('f', 'a', clock);
      await new Promise(resolve => setTimeout(resolve, 50));
      assert.ok(growing.pid);
      await growing.api.open('g', { ...source, path: large });
      await growing.api.text('g', 'b', 'request', 0, 10);
      while (growing.pid !== undefined) await new Promise(resolve => setTimeout(resolve, 5));
    } finally {
      growing.dispose();
    }
  });

  it('ends with the program that started it', async () => {
    const script = `
      const { fork } = require('node:child_process');
      const child = fork(${JSON.stringify(entry)}, [], { stdio: 'ignore', serialization: 'advanced' });
      console.log(child.pid);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(parent.stdout, 'data');
    const pid = Number(String(line));
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    while (isRunning(pid)) await new Promise(resolve => setTimeout(resolve, 10));
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that nobody has waited for yet is gone all the same.
    const state =
      fs.existsSync(`/proc/${pid}/stat`) && fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !(state && / Z /.test(state));
  } catch {
    // No such process.
    return false;
  }
}
