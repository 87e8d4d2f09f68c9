import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { integer } from '../../src/core/format.ts';
import { outputOf, typescriptFlags } from '../tools/processes.ts';
import { inRepo } from '../tools/repo.ts';
import { peakOf } from './peak.ts';

interface Load {
  readonly acknowledged: number;
  readonly refused: number;
  readonly seconds: number;
  readonly bytesOfSpan: number;
  readonly cpuSeconds: number;
  readonly p99: number;
}

const schemes = [
  ['plain', 'one thread, one transaction a request'],
  ['ours', 'receiver'],
] as const;
const seconds = process.env.AGENT_TRACES_BENCH_SECONDS ?? '30';

async function figuresOf(file: string, scheme: string, size: string) {
  const server = fork(inRepo('test/bench/receiverServer.ts'), [scheme, file], {
    execArgv: typescriptFlags,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  try {
    const [url] = await once(server.stdout!.setEncoding('utf8'), 'data');
    const program = inRepo('test/bench/receiverLoad.ts');
    const args = [...typescriptFlags, program, String(url).trim(), size, seconds];
    const load: Load = JSON.parse(await outputOf(process.execPath, args));
    const peak = peakOf(server.pid);
    server.send('figures');
    const [{ cpuSeconds }] = await once(server, 'message');
    // What was acknowledged is there, whatever happens to the process the moment after.
    server.kill('SIGKILL');
    await once(server, 'exit');
    const db = new DatabaseSync(file);
    const stored = Number(db.prepare('SELECT count(*) AS n FROM spans').get()?.n);
    db.close();
    return { ...load, peak, stored, serverCpu: cpuSeconds };
  } finally {
    server.kill('SIGKILL');
    for (const end of ['', '-wal', '-shm']) fs.rmSync(file + end, { force: true });
  }
}

const cell = (value: string): string => value.padStart(12);

/** Spans a second that are acknowledged, while another process on the same machine makes and sends them. */
export async function benchReceiver(folder: string): Promise<void> {
  const load = os.loadavg()[0]?.toFixed(1);
  console.log(`\nReceiving spans of random ids, as fast as they are taken, ${seconds} s`);
  console.log(`  ${os.availableParallelism()} cores, load of the machine before: ${load}`);
  for (const size of ['small', 'large']) {
    const heads = ['spans/s', 'of plain', 'p99', 'cpu/span', 'sender', 'lost', 'refused', 'memory'];
    let first = true;
    let plain = Number.NaN;
    for (const [scheme, title] of schemes) {
      const it = await figuresOf(path.join(folder, `${scheme}.db`), scheme, size);
      if (first) {
        console.log(
          `\n  ${`spans of ${Math.round(it.bytesOfSpan)} bytes`.padEnd(40)}${heads.map(cell).join('')}`,
        );
      }
      first = false;
      const rate = it.acknowledged / it.seconds;
      if (scheme === 'plain') plain = rate;
      const micros = (cpu: number): string => `${((cpu * 1e6) / it.acknowledged).toFixed(1)} µs`;
      const cells = [
        integer(Math.round(rate)),
        (rate / plain).toFixed(2),
        `${it.p99.toFixed(0)} ms`,
        micros(it.serverCpu),
        micros(it.cpuSeconds),
        integer(Math.max(0, it.acknowledged - it.stored)),
        integer(it.refused),
        it.peak === undefined ? '' : `${integer(Math.round(it.peak / 1000))} MB`,
      ];
      console.log(`  ${title.padEnd(40)}${cells.map(cell).join('')}`);
    }
  }
}
