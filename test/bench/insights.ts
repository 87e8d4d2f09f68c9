import fs from 'node:fs';
import path from 'node:path';
import { localReader } from '../../src/node/localReader.ts';
import { cases } from '../tools/insights/cases.ts';
import { insightsOf, judge, mistakes, scores } from '../tools/insights/score.ts';
import { inRepo } from '../tools/repo.ts';
import { dist } from '../unit/support/traceDb.ts';

/** How often insights are right about labelled runs, and what they say of runs that just work. */
export async function benchInsights(): Promise<void> {
  const reader = localReader(dist);
  const verdicts = [];
  const start = performance.now();
  for (const label of cases) verdicts.push(await judge(reader, label));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`\nInsights of ${cases.length} labelled files, in ${seconds} s`);
  const heads = ['positive', 'found', 'negative', 'alarms', 'precision', 'recall'];
  console.log(`  ${''.padEnd(22)}${heads.map(head => head.padStart(10)).join('')}`);
  for (const { type, positives, found, negatives, alarms, precision, recall } of scores(verdicts)) {
    const cells = [positives, found, negatives, alarms, precision.toFixed(2), recall.toFixed(2)];
    console.log(`  ${type.padEnd(22)}${cells.map(cell => String(cell).padStart(10)).join('')}`);
  }
  for (const line of mistakes(verdicts)) console.log(`  ${line}`);
  await plainFiles(reader);
}

/** Files of others, and the sample: what is said above `info` about runs that did not fail. */
async function plainFiles(reader: ReturnType<typeof localReader>): Promise<void> {
  const fixtures = inRepo('../shared/fixtures/sqlite');
  const found = fs.existsSync(fixtures) ? fs.globSync('**/*.db', { cwd: fixtures }) : undefined;
  if (!found) console.log('\n  skipped: ../shared/fixtures is not here');
  const files = (found ?? []).sort().map(name => path.join(fixtures, name));
  const sample = path.join(dist, 'sample.agent-traces.db');
  for (const file of [...files, sample]) {
    console.log(`\n  ${path.basename(file)}`);
    for (const line of await saidOf(reader, file)) console.log(`    ${line}`);
  }
}

async function saidOf(
  reader: ReturnType<typeof localReader>,
  file: string,
): Promise<readonly string[]> {
  const clock = { now: fs.statSync(file).mtimeMs, staleAfter: 600_000 };
  const source = { kind: 'path', path: file, name: file } as const;
  try {
    const insights = await insightsOf(reader, source, clock);
    await reader.open(file, source);
    const { runs } = await reader.runs(file, { filter: 'all', offset: 0, limit: 1000, clock });
    const names = new Map(runs.map(run => [run.runId, run]));
    const lines = insights
      .filter(({ severity }) => severity !== 'info')
      .map(({ runId, type, severity, said }) => {
        const run = names.get(runId);
        const what = [said.word, ...said.values].join(' ').slice(0, 120);
        return `${run?.status.padEnd(8)}${run?.name}: ${type} (${severity}) ${what}`;
      });
    return lines.length > 0 ? lines.sort() : [`nothing above info about ${runs.length} runs`];
  } catch (error) {
    const [why] = String(error).split('. ');
    return [`not read: ${why?.replace(file, 'it')}`];
  } finally {
    await reader.close(file);
  }
}
