// `npm run bench`: figures, never asserted. They are of this machine and this moment; compare within a run.
// `npm run bench -- sizes`, `panel`, `search`, `waterfall`, `table`, `analysis`, `tracer`, `receiver`, `insights`, `alerts`, `import`
// or `export`:
// that part alone.
// `--sizes=100,1000,5000`: of what sizes, in megabytes, files are read in several ways; none with `--sizes=`.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { integer } from '../../src/core/format.ts';
import { packExtension } from '../tools/package.ts';
import { runNode } from '../tools/processes.ts';
import { inRepo } from '../tools/repo.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import { benchAlerts } from './alerts.ts';
import { benchAnalysis } from './analysis.ts';
import { benchExport } from './export.ts';
import { benchFollowing } from './following.ts';
import { benchImport } from './import.ts';
import { benchInsights } from './insights.ts';
import { benchReader } from './reader.ts';
import { benchReceiver } from './receiver.ts';
import { benchSearch } from './search.ts';
import { benchSizes } from './sizes.ts';
import { benchTable } from './table.ts';
import { writeTraceFile } from './traceFile.ts';
import { benchTracer } from './tracer.ts';
import { benchWaterfall } from './waterfall.ts';
import { benchSelecting } from './workbench.ts';

const spans = 50_000;
const parts = {
  sizes: benchAllSizes,
  panel: benchPanel,
  search: benchSearch,
  waterfall: benchWaterfall,
  table: benchTable,
  analysis: benchAnalysis,
  tracer: benchTracer,
  receiver: benchReceiver,
  insights: benchInsights,
  alerts: benchAlerts,
  import: benchImport,
  export: benchExport,
};
const { values, positionals } = parseArgs({
  options: { sizes: { type: 'string', default: '100,1000' } },
  allowPositionals: true,
});

async function benchAllSizes(folder: string): Promise<void> {
  await benchSizes(folder, values.sizes.split(',').filter(Boolean).map(Number));
}

async function benchFollowed(file: string): Promise<void> {
  const workspace = temporaryFolder('bench-workspace');
  try {
    await benchFollowing(file, workspace.path, spans);
  } finally {
    workspace.remove();
  }
}

async function benchPanel(folder: string): Promise<void> {
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
  await benchFollowed(file);
}

const unknown = positionals.filter(part => !(part in parts));
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}
const folder = temporaryFolder('bench');
try {
  await packExtension();
  for (const [part, bench] of Object.entries(parts)) {
    if (positionals.length === 0 || positionals.includes(part)) await bench(folder.path);
  }
} finally {
  folder.remove();
}
