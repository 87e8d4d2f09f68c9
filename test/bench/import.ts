import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { integer } from '../../src/core/format.ts';
import { inRepo } from '../tools/repo.ts';
import { otlpLines, transcriptLines } from './importLines.ts';
import { peakOf } from './peak.ts';

const bytes = 1_000_000_000;

/** The least that any import has to do: read each line, and parse it. */
const floor = `
const readline = require('node:readline');
const lines = readline.createInterface({ input: require('node:fs').createReadStream(process.argv[1]) });
lines.on('line', line => JSON.parse(line));
`;

interface Figures {
  readonly seconds: number;
  readonly peak: number | undefined;
}

const sources = [
  ['Claude Code transcript', 'session.jsonl', transcriptLines],
  ['file of OTLP JSON lines', 'otlp.jsonl', otlpLines],
] as const;

/** A gigabyte of each, in a process of its own, as the command line reads it. */
export async function benchImport(folder: string): Promise<void> {
  for (const [title, name, lines] of sources) {
    const file = path.join(folder, name);
    const to = path.join(folder, `${name}.db`);
    const count = writeLines(file, lines());
    console.log(`\nImport of a ${title}: 1 GB, ${integer(count)} lines`);
    const parse = await measured([process.execPath, '-e', floor, file]);
    const cli = inRepo('dist/cli.js');
    const imported = await measured([process.execPath, cli, 'import', file, '--to', to]);
    say('read and parsed, nothing stored', parse, parse);
    say('imported', imported, parse);
    const size = fs.statSync(to).size;
    console.log(
      `  trace file ${(size / 1e6).toFixed(0)} MB, ${(size / bytes).toFixed(2)} of the source`,
    );
    fs.rmSync(file);
    fs.rmSync(to);
  }
}

function say(what: string, { seconds, peak }: Figures, against: Figures): void {
  const ratio = (seconds / against.seconds).toFixed(2);
  const rate = (bytes / 1e6 / seconds).toFixed(0);
  const memory = peak === undefined ? '' : `, at most ${(peak / 1e3).toFixed(0)} MB of memory`;
  console.log(`  ${what.padEnd(34)} ${seconds.toFixed(1)} s, ${rate} MB/s, × ${ratio}${memory}`);
}

function writeLines(file: string, lines: Iterable<string>): number {
  const opened = fs.openSync(file, 'w');
  let count = 0;
  let written = 0;
  let waiting: string[] = [];
  const write = (): void => {
    written += fs.writeSync(opened, waiting.join(''));
    waiting = [];
  };
  for (const line of lines) {
    waiting.push(`${line}\n`);
    count++;
    if (waiting.length >= 500) write();
    if (written >= bytes) break;
  }
  write();
  fs.closeSync(opened);
  return count;
}

async function measured([program = '', ...args]: readonly string[]): Promise<Figures> {
  const start = performance.now();
  const child: ChildProcess = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  let peak: number | undefined;
  const timer = setInterval(() => {
    peak = Math.max(peak ?? 0, peakOf(child.pid) ?? 0) || undefined;
  }, 50);
  const code = await new Promise<number | null>(resolve => child.once('exit', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`${program} ${args[0]} ended with ${code}`);
  return { seconds: (performance.now() - start) / 1000, peak };
}
