// Runs tracerProgram.ts, and looks at the trace file that it leaves.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { typescriptFlags } from '../tools/processes.ts';

const program = path.join(import.meta.dirname, 'tracerProgram.ts');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
}

/** A program that does not come to its end is no test that passes. */
const longest = { timeout: 30_000, killSignal: 'SIGKILL' } as const;

export const start = (file: string, ...what: string[]) => startWith([], file, ...what);

export function startWith(
  flags: readonly string[],
  file: string,
  ...what: string[]
): { child: ChildProcess; ended: Promise<Ended> } {
  const args = [...typescriptFlags, ...flags, program, file, ...what];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'], ...longest });
  let out = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, out }));
  });
  return { child, ended };
}

export const firstWord = (child: ChildProcess): Promise<unknown> =>
  new Promise(resolve => child.stdout?.once('data', resolve));
