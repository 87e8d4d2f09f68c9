// `npm test`: all layers; `npm test -- quick`: those without VS Code; `npm test -- ui`: one layer.
// `--grep <regular expression>` leaves only tests whose title matches. `--built`: dist/ is there already.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  isBuilt,
  type Layer,
  type LayerOptions,
  layers,
  prepare,
  prepareMachine,
} from './layers.ts';
import { exitOnSignals, outputOf, since, typescriptFlags } from './processes.ts';
import { inRepo } from './repo.ts';
import type { Counts } from './suite.ts';
import { temporaryFolder } from './temporary.ts';

const none: Counts = { passed: 0, failed: 0, skipped: 0 };
const quick = ['lint', 'types', 'unit'];
// It waits for pages more than it computes: the others run in a process beside it.
const here = ['ui'];
const beside = ['peers', 'scale', 'integration', 'web'];

function chosen(names: string[]): Layer[] {
  if (names.length === 0) return layers;
  const wanted = names.flatMap(name => (name === 'quick' ? quick : [name]));
  const unknown = wanted.filter(name => !layers.some(layer => layer.name === name));
  if (unknown.length > 0) {
    const known = ['quick', ...layers.map(layer => layer.name)].join(', ');
    throw new Error(`There is no layer "${unknown[0]}". Layers: ${known}.`);
  }
  return layers.filter(layer => wanted.includes(layer.name));
}

function add(total: Counts, counts: Counts): void {
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}

function inWords({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Runs layers one after another; one that fails or breaks does not keep the others from running. */
async function runLayers(selected: Layer[], options: LayerOptions): Promise<Counts> {
  const total: Counts = { ...none };
  // Made while layers run that need nothing; a failure is told by those that wait for it.
  const needed = selected.some(({ needs }) => needs === 'dist');
  if (needed) prepare('dist').catch(() => undefined);
  for (const layer of selected) {
    console.log(`\n${layer.title}`);
    const start = performance.now();
    let counts: Counts = { passed: 0, failed: 1, skipped: 0 };
    try {
      if (layer.needs) await prepare(layer.needs);
      counts = await layer.run(options);
    } catch (error) {
      console.log(error instanceof Error ? error.message : String(error));
    }
    add(total, counts);
    console.log(`  ${inWords(counts)} (${since(start)})`);
  }
  return total;
}

/** Layers in a process of their own, whose output is shown when it has ended. */
async function runBeside(names: string[], options: LayerOptions): Promise<Counts> {
  const folder = temporaryFolder('layers');
  const result = path.join(folder.path, 'counts.json');
  const grep = options.grep ? [`--grep=${options.grep}`] : [];
  const args = [inRepo('test/tools/test.ts'), '--built', `--counts=${result}`, ...grep, ...names];
  try {
    const output = await outputOf(process.execPath, [...typescriptFlags, ...args]).catch(
      (error: Error) => error.message,
    );
    console.log(output);
    const ended = fs.existsSync(result);
    return ended ? JSON.parse(fs.readFileSync(result, 'utf8')) : { ...none, failed: 1 };
  } finally {
    folder.remove();
  }
}

/** All layers: the quick ones, then the others side by side. */
async function runAll(options: LayerOptions): Promise<Counts> {
  const total = await runLayers(chosen(quick), options);
  await prepare('vsix');
  await prepareMachine();
  const all = [runBeside(beside, options), runLayers(chosen(here), options)];
  for (const counts of await Promise.all(all)) add(total, counts);
  return total;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    grep: { type: 'string', short: 'g' },
    built: { type: 'boolean' },
    counts: { type: 'string' },
  },
});
exitOnSignals();
try {
  if (values.built) isBuilt();
  const total = await (positionals.length === 0
    ? runAll(values)
    : runLayers(chosen(positionals), values));
  if (values.counts) fs.writeFileSync(values.counts, JSON.stringify(total));
  const nothing = total.passed + total.failed + total.skipped === 0;
  if (nothing) console.error(`\nNo test has a title that matches ${values.grep}.`);
  process.exitCode = nothing || total.failed > 0 ? 1 : 0;
  console.log(`\n${inWords(total)}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
