import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { formatBytes, integer } from '../../src/core/format.ts';
import { typescriptFlags } from '../tools/processes.ts';
import { inRepo } from '../tools/repo.ts';
import { peakOf } from './peak.ts';
import { writeTraceFile } from './traceFile.ts';

const sizes = [100_000, 400_000] as const;
const withContent = ['--content', '--no-redaction'];

const ways: readonly (readonly [title: string, to: string, more: readonly string[]])[] = [
  ['OTLP, without content', 'sink', []],
  ['OTLP, with content', 'sink', withContent],
  ['OTLP, with content, redacted', 'sink', ['--content']],
  ['run.otlp.jsonl, with content', 'run.otlp.jsonl', withContent],
  ['run.json, with content', 'run.json', withContent],
  ['run.csv, with content', 'run.csv', withContent],
  ['run.md, with content', 'run.md', withContent],
  ['run.html, with content', 'run.html', withContent],
  ['run.html, without content', 'run.html', []],
];

/** Seconds that a process took, and kilobytes that it had at most. */
async function runOf(args: readonly string[], data: string) {
  const begun = performance.now();
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, XDG_DATA_HOME: data },
  });
  let error = '';
  child.stderr.on('data', chunk => (error += chunk));
  let peak: number | undefined;
  const looking = setInterval(() => (peak = peakOf(child.pid) ?? peak), 20);
  const [code] = await once(child, 'close');
  clearInterval(looking);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${error}`);
  return { seconds: (performance.now() - begun) / 1000, peak };
}

/** Takes all that comes, and counts it. */
async function startSink() {
  let bytes = 0;
  const server = http.createServer((request, response) => {
    request.on('data', (chunk: Buffer) => (bytes += chunk.length));
    request.on('end', () => response.end());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1/traces`,
    taken() {
      const all = bytes;
      bytes = 0;
      return all;
    },
    close: () => new Promise(resolve => server.close(resolve)),
  };
}

const cell = (text: string): string => text.padStart(14);

/** What an export takes in time and memory, beside a program that only reads the rows and passes them on. */
export async function benchExport(folder: string): Promise<void> {
  const sink = await startSink();
  try {
    for (const spans of sizes) {
      const file = path.join(folder, `export-${spans}.agent-traces.db`);
      writeTraceFile(file, spans, 'posted');
      const heads = ['time', 'spans/s', 'memory', 'written'].map(cell).join('');
      console.log(
        `\n  ${`Export of ${integer(spans)} spans (${formatBytes(fs.statSync(file).size)})`.padEnd(48)}${heads}`,
      );
      const say = async (title: string, args: readonly string[], to: string) => {
        const { seconds, peak } = await runOf(args, path.join(folder, 'data'));
        const bytes = to === sink.url ? sink.taken() : fs.statSync(to).size;
        if (to !== sink.url) fs.rmSync(to);
        const cells = [
          `${seconds.toFixed(1)} s`,
          integer(Math.round(spans / seconds)),
          peak === undefined ? '' : `${integer(Math.round(peak / 1000))} MB`,
          formatBytes(bytes),
        ];
        console.log(`  ${title.padEnd(48)}${cells.map(cell).join('')}`);
      };
      const placeOf = (to: string) => (to === 'sink' ? sink.url : path.join(folder, to));
      for (const [title, to] of [
        ['floor: rows as packed JSON', 'sink'],
        ['floor: rows as lines of JSON', 'floor.jsonl'],
      ] as const) {
        const program = inRepo('test/bench/exportFloor.ts');
        await say(title, [...typescriptFlags, program, file, placeOf(to)], placeOf(to));
      }
      for (const [title, to, more] of ways) {
        const args = [
          inRepo('dist/cli.js'),
          'export',
          file,
          '--to',
          placeOf(to),
          '--again',
          '--force',
        ];
        await say(title, [...args, ...more], placeOf(to));
      }
      fs.rmSync(file);
      if (spans !== sizes[0]) continue;
      // The tree of a run is in memory whole.
      writeTraceFile(file, spans, 'posted', spans);
      const to = placeOf('run.html');
      const args = [inRepo('dist/cli.js'), 'export', file, '--to', to, '--force', ...withContent];
      await say('run.html, with content, of one run', args, to);
      fs.rmSync(file);
    }
  } finally {
    await sink.close();
  }
}
