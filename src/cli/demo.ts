import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { oneLine } from '../core/describe.ts';
import { asArgument } from '../core/shellWord.ts';

/**
 * Writes the sample trace file, and never over a file that is there.
 *
 * @param sample the one that was built with the program
 * @param to undefined: into a folder for temporary files
 * @returns where it is
 */
export function writeDemo(sample: string, to: string | undefined): string {
  const file =
    to ??
    path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-')), 'demo.agent-traces.db');
  try {
    fs.copyFileSync(sample, file, fs.constants.COPYFILE_EXCL);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST' || code === 'EISDIR')
      throw new DemoError(`${file} exists already, and stays as it is. Name another file.`);
    const why = error instanceof Error ? error.message : String(error);
    throw new DemoError(`${file} could not be written: ${why}.`);
  }
  // The sample may be read-only where programs are installed.
  fs.chmodSync(file, 0o644);
  return file;
}

/** Its words are meant as they are. */
export class DemoError extends Error {}

/** What to run next. */
export function demoWords(file: string): string {
  const quoted = asArgument(file);
  const next = [
    ['runs', 'the runs, newest first'],
    ['failed', 'where runs failed, and which call asked for it'],
    ['insights', 'what stands out'],
    ['cost', 'what each tool cost', '--by tool'],
  ] as const;
  const lines = next.map(([verb, what, more]) => {
    const line = `agent-traces ${verb} ${quoted}${more ? ` ${more}` : ''}`;
    return `  ${line}\n      ${what}`;
  });
  return `The sample trace file is ${oneLine(file, 1000)}. Next:\n${lines.join('\n')}\n`;
}
