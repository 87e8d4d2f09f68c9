// Runs test files with Mocha in this Node: mocha.ts [--grep <regular expression>] <file>...
import fs from 'node:fs';
import { enableCompileCache } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import Mocha from 'mocha';
import { pictureAll } from './openPages.ts';
import { exitOnSignals } from './processes.ts';
import { inRepo } from './repo.ts';
import { cacheFolder } from './run.mjs';
import { runFiles } from './suite.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string' }, timeout: { type: 'string' }, counts: { type: 'string' } },
});
exitOnSignals();
// Half of the time that some 400 modules take to load goes into stripping their types and compiling them.
enableCompileCache(path.join(cacheFolder(), 'compiled'));
const files = positionals.map(name => ({ name, load: () => import(inRepo(name)) }));
const counts = await runFiles(Mocha, files, {
  grep: values.grep,
  timeout: values.timeout ? Number(values.timeout) : undefined,
  failed: pictureAll,
});
if (values.counts) fs.writeFileSync(values.counts, JSON.stringify(counts));
// A handle that a test left open must not keep the run from ending.
process.exit(counts.failed > 0 ? 1 : 0);
