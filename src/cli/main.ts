// The program `agent-traces`.
import fs from 'node:fs';
import path from 'node:path';
import { localReader } from '../node/localReader.ts';
import { run } from './program.ts';
import { ownTerminal } from './terminal.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `agent-traces runs … | head` has read enough.
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

// node:sqlite says on standard error that it is experimental; that is not this program's output.
const warn = process.emitWarning;
process.emitWarning = (warning, ...rest) => {
  if (!String(warning).includes('SQLite')) warn(warning, ...(rest as []));
};

const { version } = JSON.parse(
  fs.readFileSync(path.join(__dirname, '..', 'package.json'), 'utf8'),
) as { version: string };

void run(process.argv.slice(2), {
  terminal: ownTerminal(),
  now: Date.now,
  reader: () => localReader(__dirname, undefined, line => process.stderr.write(`${line}\n`)),
  version,
  sample: path.join(__dirname, 'sample.agent-traces.db'),
  env: process.env,
}).then(code => {
  // Not process.exit: what is written into a pipe would be cut off.
  process.exitCode = code;
});
