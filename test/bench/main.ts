// `npm run bench`, or `npm run bench -- waterfall` or `-- table` for that part alone: figures, never asserted. They are
// of this machine and this moment; compare within a run.
import path from 'node:path';
import { integer } from '../../src/core/format.ts';
import { packExtension } from '../tools/package.ts';
import { runNode } from '../tools/processes.ts';
import { inRepo } from '../tools/repo.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import { benchReader } from './reader.ts';
import { benchTable } from './table.ts';
import { writeTraceFile } from './traceFile.ts';
import { benchWaterfall } from './waterfall.ts';
import { benchSelecting } from './workbench.ts';

const spans = 50_000;
const only = process.argv[2];

async function benchAll(folder: string): Promise<void> {
  const file = path.join(folder, 'bench.agent-traces.db');
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

const folder = temporaryFolder('bench');
try {
  await packExtension();
  if (only === undefined) await benchAll(folder.path);
  if (only !== 'table') await benchWaterfall(folder.path);
  if (only !== 'waterfall') await benchTable();
} finally {
  folder.remove();
}
