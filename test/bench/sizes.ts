import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { formatBytes, integer } from '../../src/core/format.ts';
import { betterSqlite } from './betterSqlite.ts';
import { readerFigures } from './readerFigures.ts';
import { writeTraceFile } from './traceFile.ts';

const bytesPerSpan = 2350;

/** Milliseconds; undefined where a way has no such step. */
export interface Figures {
  readonly open: number;
  /** From opening to the newest 200 runs, of which some sums are still of a part. */
  readonly first?: number;
  /** From opening to the newest 200 runs with all their sums. */
  readonly all: number;
  /** The newest 200 runs, asked once more. */
  readonly again: number;
  /** The spans of a run in the middle of the file. */
  readonly run: number;
  /** A text that only the oldest call holds, once through the file. */
  readonly search: number;
  /** Kilobytes of the process until the first answer. */
  readonly peakFirst?: number | undefined;
  /** Kilobytes of the process; undefined where the system does not tell. */
  readonly peak: number | undefined;
}

const columns: readonly [keyof Figures, string][] = [
  ['open', 'open'],
  ['first', '200 runs'],
  ['all', 'exact'],
  ['again', 'again'],
  ['run', 'one run'],
  ['search', 'search'],
];
const peers = ['sql.js', 'node:sqlite', 'better-sqlite3'];

/** Large files: what a person waits for, from our reader and from SQLite in other ways. */
export async function benchSizes(folder: string, megabytes: readonly number[]): Promise<void> {
  const better = megabytes.length > 0 ? await betterSqlite() : '';
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
    hideText(file);
    try {
      await benchFile(file, spans, better);
    } finally {
      fs.rmSync(file);
    }
  }
}

function hideText(file: string): void {
  const db = new DatabaseSync(file);
  const metadata = JSON.stringify({ request: 'Where is the zebra crossing?' });
  db.prepare('UPDATE spans SET metadata = ? WHERE span_id = ?').run(metadata, 'span-1');
  db.close();
}

async function benchFile(file: string, spans: number, better: string): Promise<void> {
  console.log(`${integer(spans)} spans, ${formatBytes(fs.statSync(file).size)}`);
  const heads = columns.map(([, title]) => title.padStart(11)).join('');
  console.log(`  ${'milliseconds, best of 3'.padEnd(24)}${heads}${'peak memory'.padStart(34)}`);
  const run = `run-${Math.floor(spans / 40)}`;
  const ours = await best(3, () => readerFigures(file, run));
  print('the reader', ours);
  for (const way of peers) {
    try {
      const figures = await best(3, async () => peerFigures(way, file, run, better));
      print(way, figures);
      print('  times as long', figures, ours);
    } catch (error) {
      console.log(`  ${way.padEnd(24)}${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function peerFigures(way: string, file: string, run: string, better: string): Figures {
  const script = path.join(import.meta.dirname, 'wayOfReading.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, way, file, run, better], {
    encoding: 'utf8',
  });
  if (status === 0) return JSON.parse(stdout);
  const [, why] = /^\w*Error.*?: (.*)$/m.exec(stderr) ?? [];
  throw new Error(`cannot: ${why ?? `it ended with ${status}`}`);
}

/** The least of several rounds of each figure: what else the machine does only ever adds. */
async function best(rounds: number, measure: () => Promise<Figures>): Promise<Figures> {
  let found: Figures | undefined;
  for (let i = 0; i < rounds; i++) {
    const figures = await measure();
    const before = found;
    const least = (key: keyof Figures): [string, number | undefined] => [
      key,
      key.startsWith('peak')
        ? Math.max(figures[key] ?? 0, before?.[key] ?? 0) || undefined
        : Math.min(figures[key] ?? Number.NaN, before?.[key] ?? Number.POSITIVE_INFINITY),
    ];
    const keys = Object.keys(figures) as (keyof Figures)[];
    found = { ...figures, ...Object.fromEntries(keys.map(least)) };
  }
  if (!found) throw new RangeError('no round');
  return found;
}

function print(what: string, figures: Figures, than?: Figures): void {
  const cells = columns.map(([key]) => {
    // Who has no first answer has one when all is known.
    const of = (one: Figures) => one[key] ?? (key === 'first' ? one.all : undefined);
    const [value, other] = [of(figures), than && of(than)];
    if (value === undefined) return '';
    return other === undefined ? value.toFixed(1) : `${(value / other).toFixed(1)} x`;
  });
  const memory = [figures.peakFirst, figures.peak].map(peak =>
    peak === undefined ? '' : formatBytes(peak * 1024),
  );
  const [first, all] = memory;
  const peak = than ? '' : first ? `${first} (200 runs), ${all}` : all;
  const line = cells.map(cell => cell.padStart(11)).join('');
  console.log(`  ${what.padEnd(24)}${line}${(peak ?? '').padStart(34)}`.trimEnd());
}
