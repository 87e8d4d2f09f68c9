import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { formatBytes, integer } from '../../src/core/format.ts';
import { defaultThresholds } from '../../src/core/insights/thresholds.ts';
import { type ReaderConnection, startReader } from '../../src/node/readerProcess.ts';
import type { CostsPage, InsightsPage } from '../../src/protocol/analysis.ts';
import { dist } from '../unit/support/traceDb.ts';
import { heading, percentileRow, row, times } from './figures.ts';
import { peakOf } from './peak.ts';
import { writeTraceFile } from './traceFile.ts';

const spans = 1_000_000;
const newest = 200;
const clock = { now: Date.now(), staleAfter: 600_000 };

/** The article's cost_by_tool, by the names of these spans. It gives every tool $0.00. */
const costByTool = `SELECT json_extract(metadata, '$.tool_name') AS tool, COUNT(*) AS calls,
    SUM(cost_usd) AS total_cost, AVG(end_time - start_time) AS avg_latency_s
  FROM spans WHERE name LIKE 'tool %' GROUP BY tool ORDER BY total_cost DESC`;

/** What stands out in the newest runs and what each tool cost, of a large file. */
export async function benchAnalysis(folder: string): Promise<void> {
  const file = path.join(folder, 'analysis.agent-traces.db');
  console.log(`\nwriting ${integer(spans)} spans`);
  writeTraceFile(file, spans, 'Posted one entry of 412.50 EUR to the ledger. '.repeat(4));
  console.log(`Analysis of ${integer(spans)} spans, ${formatBytes(fs.statSync(file).size)}`);
  console.log(heading);
  const reader = startReader(path.join(dist, 'reader.js'), line => console.log(line));
  try {
    await reader.api.open('f', { kind: 'path', path: file, name: path.basename(file) });
    await reader.api.runs('f', { filter: 'all', offset: 0, limit: newest, clock });
    const waits: number[] = [];
    const others = askBeside(reader, waits);
    const what = `insights of the newest ${newest} runs`;
    console.log(row(`${what}, right after the list`, await times(1, () => allInsights(reader))));
    await others.end();
    console.log(percentileRow('  a question asked meanwhile', waits, '< 20'));
    console.log(row(`${what}, again`, await times(5, () => allInsights(reader))));
    const afterInsights = peakOf(reader.pid);
    const indexed = await times(1, async () => {
      while ((await reader.api.advance('f')).share !== undefined);
    });
    console.log(row('reading all runs (no analysis)', indexed));
    const [ours = 0] = await times(1, () => allCosts(reader));
    console.log(row('cost by tool of all runs, the first time', [ours]));
    console.log(row('cost by tool, again', await times(5, () => allCosts(reader))));
    const db = new DatabaseSync(file, { readOnly: true });
    const theirs = await times(3, async () => void db.prepare(costByTool).all());
    db.close();
    console.log(row("node:sqlite, the article's GROUP BY", theirs));
    console.log(`  ${(ours / Math.min(...theirs)).toFixed(1)} times as long as GROUP BY`);
    const memory = [afterInsights, peakOf(reader.pid)].map(peak =>
      peak === undefined ? '?' : formatBytes(peak * 1024),
    );
    console.log(
      `  peak memory of the reader: ${memory[0]} after the insights, ${memory[1]} in all`,
    );
  } finally {
    reader.dispose();
    fs.rmSync(file);
  }
}

async function allInsights({ api }: ReaderConnection): Promise<InsightsPage> {
  const request = { of: { newest }, thresholds: defaultThresholds, clock };
  for (;;) {
    const page = await api.insights('f', request);
    if (page.done >= page.of) return page;
  }
}

async function allCosts({ api }: ReaderConnection): Promise<CostsPage> {
  for (;;) {
    const page = await api.costs('f', { filter: 'all', by: 'tool', zone: 0, clock });
    if (!page.partial) return page;
  }
}

/** Asks something short again and again until it is ended. */
function askBeside({ api }: ReaderConnection, waits: number[]): { end(): Promise<void> } {
  let ended = false;
  const asking = (async () => {
    while (!ended) {
      waits.push(...(await times(1, () => api.totals('f', clock))));
      await new Promise(resolve => setTimeout(resolve, 10));
    }
  })();
  return {
    end: () => {
      ended = true;
      return asking;
    },
  };
}
