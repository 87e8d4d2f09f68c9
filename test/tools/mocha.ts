// Runs test files with Mocha in this Node: mocha.ts [--grep <regular expression>] <file>...
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import Mocha from 'mocha';
import { pictureAll } from './openPages.ts';
import { exitOnSignals } from './processes.ts';
import { inRepo } from './repo.ts';
import { runFiles } from './suite.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string' }, timeout: { type: 'string' }, counts: { type: 'string' } },
});
exitOnSignals();
const files = positionals.map(name => ({ name, load: () => import(inRepo(name)) }));
const counts = await runFiles(Mocha, files, {
  grep: values.grep,
  timeout: values.timeout ? Number(values.timeout) : undefined,
  failed: pictureAll,
});
if (values.counts) fs.writeFileSync(values.counts, JSON.stringify(counts));
// A handle that a test left open must not keep the run from ending.
process.exit(counts.failed > 0 ? 1 : 0);
