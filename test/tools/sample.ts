// Writes the sample trace file: sample.ts [<path>]. Its times count back from now; all else is the same each time.
import fs from 'node:fs';
import path from 'node:path';
import { failingDigest, plainCrawl, plainDigest, staleCrawl } from './sample/batch.ts';
import { traceFile } from './sample/database.ts';
import { failingInvoice, plainInvoice } from './sample/invoice.ts';
import { Random } from './sample/random.ts';
import { costSpike, plainResearch, runawayLoop } from './sample/research.ts';
import type { Run } from './sample/run.ts';
import { interrupted, triage } from './sample/support.ts';

const minute = 60_000;
const hour = 60 * minute;

type Story = (random: Random, start: number) => Run;

/** What is told in full, with the time before now at which it starts. */
const told: readonly (readonly [before: number, story: Story])[] = [
  [4 * minute, failingInvoice],
  [7 * minute, (random, start) => triage(random, start, 0)],
  [16 * minute, costSpike],
  [31 * minute, (random, start) => triage(random, start, 2, { leaveRootOpen: true })],
  [47 * minute, (random, start) => triage(random, start, 3, { model: 'acme-large-2' })],
  [72 * minute, runawayLoop],
  [2.2 * hour, staleCrawl],
  [3.6 * hour, (random, start) => interrupted(random, start, 1)],
  [9.3 * hour, failingDigest],
];

/** Runs that just work, spread over five days, more of them lately. */
function plain(now: number): readonly (readonly [start: number, story: Story])[] {
  const spread = new Random(7);
  const stories: readonly ((index: number) => Story)[] = [
    index => (random, start) => triage(random, start, index),
    index => (random, start) => plainInvoice(random, start, turn(index)),
    index => (random, start) => triage(random, start, index + 1),
    index => (random, start) => plainResearch(random, start, turn(index)),
    index => (random, start) => plainCrawl(random, start, turn(index)),
  ];
  const turn = (index: number): number => Math.floor(index / stories.length);
  const runs = Array.from({ length: 38 }, (_, at) => {
    const before = 11 * minute + (at / 38) ** 1.8 * 118 * hour + spread.between(0, 9) * minute;
    const story = stories[at % stories.length]!(at);
    return [now - before, story] as const;
  });
  const nights = [1, 2, 3, 4].map(night => {
    const before = (night * 24 + 9.3) * hour + spread.between(0, 2) * minute;
    return [now - before, plainDigest] as const;
  });
  return [...runs, ...nights];
}

function allRuns(now: number): readonly Run[] {
  const random = new Random(2304);
  const starts = [...told.map(([before, story]) => [now - before, story] as const), ...plain(now)];
  return starts.map(([start, story]) => story(random, start));
}

async function main(): Promise<void> {
  const file = process.argv[2] ?? path.join('dist', 'sample.agent-traces.db');
  const runs = allRuns(Date.now());
  const spans = runs.flatMap(run => run.spans);
  const bytes = await traceFile(spans, { schema: 'native', written_by: 'sample' });
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, bytes);
  console.log(
    `sample: ${runs.length} runs, ${spans.length} spans, ${(bytes.length / 1024).toFixed(0)} kB`,
  );
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
