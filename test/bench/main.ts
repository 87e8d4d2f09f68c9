// `npm run bench`: figures, never asserted. They are of this machine and this moment; compare within a run.
// `npm run bench -- --sizes=100,1000,5000`: of what sizes, in megabytes, files are read in several ways; none
// with `--sizes=`. `--only-sizes` leaves out everything else.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { integer } from '../../src/core/format.ts';
import { packExtension } from '../tools/package.ts';
import { runNode } from '../tools/processes.ts';
import { inRepo } from '../tools/repo.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import { benchReader } from './reader.ts';
import { benchSizes } from './sizes.ts';
import { writeTraceFile } from './traceFile.ts';
import { benchSelecting } from './workbench.ts';

const { values } = parseArgs({
  options: { sizes: { type: 'string' }, 'only-sizes': { type: 'boolean' } },
});
const sizes = (values.sizes ?? '100,1000').split(',').filter(Boolean).map(Number);
const spans = 50_000;
const folder = temporaryFolder('bench');
try {
  await packExtension();
  await benchSizes(folder.path, sizes);
  if (!values['only-sizes']) await benchAll();
} finally {
  folder.remove();
}

async function benchAll(): Promise<void> {
  const file = path.join(folder.path, 'bench.agent-traces.db');
  console.log(`writing ${integer(spans)} spans`);
  writeTraceFile(file, spans);
  await benchReader(file, spans);
  console.log('\nExtension host of a real VS Code');
  await runNode(
    inRepo('test/tools/insideVscode.ts'),
    ['--host=node', 'test/bench/extensionHost.bench.ts'],
    {
      env: { ...process.env, AGENT_TRACES_BENCH_FILE: file },
    },
  );
  const workspace = temporaryFolder('bench-workspace');
  try {
    await benchSelecting(file, workspace.path);
  } finally {
    workspace.remove();
  }
}
