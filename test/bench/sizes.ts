import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { formatBytes, integer } from '../../src/core/format.ts';
import { startReader } from '../../src/node/readerProcess.ts';
import { dist } from '../unit/support/traceDb.ts';
import { writeTraceFile } from './traceFile.ts';

const rounds = 3;
const bytesPerSpan = 2350;

interface Figures {
  /** Milliseconds. */
  readonly took: number;
  /** Kilobytes; undefined where the system does not tell. */
  readonly peak: number | undefined;
}

/**
 * The newest 200 runs of large files with all their sums, from a process that runs to the answer, in several
 * ways; and what else the reader does with them.
 */
export async function benchSizes(folder: string, megabytes: readonly number[]): Promise<void> {
  for (const size of megabytes) {
    const file = path.join(folder, `${size}.agent-traces.db`);
    const spans = Math.round((size * 1e6) / bytesPerSpan / 20) * 20;
    const { bavail, bsize } = fs.statfsSync(folder);
    if (bavail * bsize < size * 1e6 * 1.2) {
      console.log(`\nno room for a file of ${size} MB in ${folder}`);
      continue;
    }
    console.log(`\nwriting ${integer(spans)} spans`);
    writeTraceFile(file, spans);
    try {
      await benchFile(file, spans);
    } finally {
      fs.rmSync(file);
    }
  }
}

async function benchFile(file: string, spans: number): Promise<void> {
  console.log(`${integer(spans)} spans, ${formatBytes(fs.statSync(file).size)}`);
  console.log(
    `  ${'open, newest 200 runs'.padEnd(44)}    ms (best of ${rounds})   ratio   peak memory`,
  );
  const ways: [string, () => Promise<Figures>][] = [
    ['the reader, all of them exact', () => readerFigures(file, true)],
    ['the reader, a first answer', () => readerFigures(file, false)],
    ['the reader, all bytes in memory', async () => otherWay('whole', file)],
    ['node:sqlite, the same sums by GROUP BY', async () => otherWay('native', file)],
  ];
  let first: number | undefined;
  for (const [what, measure] of ways) {
    const figures: Figures[] = [];
    for (let i = 0; i < rounds; i++) figures.push(await measure());
    const took = Math.min(...figures.map(one => one.took));
    first ??= took;
    const [{ peak } = { peak: undefined }] = figures;
    const memory = peak === undefined ? '' : formatBytes(peak * 1024);
    const cells = [took.toFixed(0).padStart(19), `${(took / first).toFixed(2)} x`.padStart(8)];
    console.log(`  ${what.padEnd(44)}${cells.join('')}${memory.padStart(14)}`);
  }
  await benchReader(file, spans);
}

async function readerFigures(file: string, exact: boolean): Promise<Figures> {
  const reader = await started();
  const start = performance.now();
  await reader.api.open('f', { kind: 'path', path: file, name: 'f.db' });
  await reader.api.runs('f', query());
  if (exact) {
    while ((await reader.api.advance('f')).share !== undefined);
    await reader.api.runs('f', query());
  }
  const took = performance.now() - start;
  const figures = { took, peak: peakOf(reader.pid) };
  reader.dispose();
  return figures;
}

function otherWay(way: 'whole' | 'native', file: string): Figures {
  const script = path.join(import.meta.dirname, 'wayOfReading.ts');
  return JSON.parse(
    execFileSync(process.execPath, [script, way, file], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
}

/** What does not need all runs to be summed, and what is asked once they are. */
async function benchReader(file: string, spans: number): Promise<void> {
  const reader = await started();
  const timed = async (what: string, work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    console.log(`  ${what.padEnd(44)}${(performance.now() - start).toFixed(1).padStart(19)}`);
  };
  const source = { kind: 'path', path: file, name: 'f.db' } as const;
  const { clock } = query();
  await timed('open, alone', () => reader.api.open('f', source));
  const alone = peakOf(reader.pid);
  if (alone)
    console.log(
      `  ${'peak memory until then'.padEnd(44)}${formatBytes(alone * 1024).padStart(19)}`,
    );
  while ((await reader.api.advance('f')).share !== undefined);
  await timed('newest 200 runs, once all was read', () => reader.api.runs('f', query()));
  await timed('open again, unchanged', () => reader.api.open('f', source));
  await timed('a span anywhere', () =>
    reader.api.span('f', `span-${Math.floor(spans / 3)}`, clock),
  );
  reader.dispose();
}

const query = () =>
  ({
    filter: 'all',
    offset: 0,
    limit: 200,
    clock: { now: Date.now(), staleAfter: 600_000 },
  }) as const;

async function started() {
  const reader = startReader(path.join(dist, 'reader.js'), () => undefined);
  // It fails, but not before SQLite is loaded.
  await reader.api
    .open('none', { kind: 'path', path: '/none', name: 'none' })
    .catch(() => undefined);
  return reader;
}

function peakOf(pid: number | undefined): number | undefined {
  const status = `/proc/${pid}/status`;
  if (!fs.existsSync(status)) return undefined;
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(fs.readFileSync(status, 'utf8')) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes);
}
