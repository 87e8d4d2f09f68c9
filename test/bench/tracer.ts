import { execFile } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { integer } from '../../src/core/format.ts';
import { typescriptFlags } from '../tools/processes.ts';
import { inRepo } from '../tools/repo.ts';
import type { Figures } from './tracerSchemes.ts';

const run = promisify(execFile);

interface Sink {
  readonly url: string;
  spans(): number;
  close(): void;
}

/** Takes OTLP as JSON and counts its spans. */
async function openSink(): Promise<Sink> {
  let spans = 0;
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      for (let at = body.indexOf('"spanId"'); at >= 0; at = body.indexOf('"spanId"', at + 1))
        spans++;
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1/traces`,
    spans: () => spans,
    close: () => server.close(),
  };
}

const schemes = [
  ['tracer', 'tracer, SQLite behind it'],
  ['tracer, source of all', 'tracer, source of every span'],
  ['noop', 'OpenTelemetry, no-op exporter'],
  ['noop, room for all', 'the same with a queue that loses none'],
  ['otlp', 'OpenTelemetry, OTLP to a local sink'],
  ['article', "the article's connection per write"],
] as const;

const warmUp = 20_000;

async function figuresOf(folder: string, scheme: string, measure: string): Promise<Figures> {
  const sink = await openSink();
  const file = path.join(folder, 'tracer.db');
  try {
    const target = scheme === 'otlp' ? sink.url : file;
    const args = [inRepo('test/bench/tracerSchemes.ts'), scheme, measure, target];
    const { stdout } = await run(process.execPath, [...typescriptFlags, ...args]);
    const figures: Figures = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    // Its warm-up loses spans as well, so this is at most what arrived of the measured ones.
    const arrived = figures.arrived ?? Math.min(figures.spans, Math.max(0, sink.spans() - warmUp));
    return { ...figures, arrived };
  } finally {
    sink.close();
    for (const end of ['', '-wal', '-shm', '-journal']) fs.rmSync(file + end, { force: true });
  }
}

const cell = (value: string): string => value.padStart(11);
const micros = (value: number): string =>
  cell(value < 100 ? value.toFixed(2) : integer(Math.round(value)));

/** What recording costs the agent, and what arrives: the tracer beside OpenTelemetry and the article's way. */
export async function benchTracer(folder: string): Promise<void> {
  const load = os.loadavg()[0]?.toFixed(1);
  console.log(
    `\nRecording spans of 10 attributes, one of 2 KB (load of the machine before: ${load})`,
  );
  for (const [measure, what] of [
    ['paced', 'runs of 50 nested asynchronous spans, 5 ms of rest after each'],
    ['flood', 'the same without rest'],
    ['burst', 'synchronous, in one go'],
  ] as const) {
    console.log(`\n  ${what}`);
    const heads = ['cpu/span', 'mean', 'p99.9', 'max', 'spans', 'spans/s', 'lost', 'memory'];
    console.log(`  ${'microseconds of a call'.padEnd(38)}${heads.map(cell).join('')}`);
    for (const [scheme, title] of schemes) {
      const it = await figuresOf(folder, scheme, measure);
      const arrived = it.arrived ?? 0;
      const cells = [
        ...[it.cpuMicros, it.meanMicros, it.p999Micros, it.maxMicros].map(micros),
        cell(integer(it.spans)),
        cell(integer(Math.round(arrived / (it.storedMs / 1000)))),
        cell(integer(it.spans - arrived)),
        cell(`${it.memoryMb.toFixed(0)} MB`),
      ];
      console.log(`  ${title.padEnd(38)}${cells.join('')}`);
    }
  }
}
