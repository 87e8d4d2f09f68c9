// `npm test`: all layers; `npm test -- quick`: those without VS Code; `npm test -- ui`: one layer.
// `--grep <regular expression>` leaves only tests whose title matches. `--built`: dist/ is there already.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isBuilt, type Layer, type LayerOptions, layers, prepare } from './layers.ts';
import { exitOnSignals, outputOf, since, typescriptFlags } from './processes.ts';
import { inRepo } from './repo.ts';
import type { Counts } from './suite.ts';
import { temporaryFolder } from './temporary.ts';

const none: Counts = { passed: 0, failed: 0, skipped: 0 };
const quick = ['lint', 'types', 'unit'];
// It waits for pages more than it works: what else starts programs runs beside it.
const alone = 'ui';

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

/** All layers: after the quick ones, the longest runs here and the others in a process beside it. */
async function runAll(options: LayerOptions): Promise<Counts> {
  const total = await runLayers(chosen(['quick']), options);
  await prepare('vsix');
  const folder = temporaryFolder('layers');
  const result = path.join(folder.path, 'counts.json');
  const others = layers.map(layer => layer.name).filter(name => ![...quick, alone].includes(name));
  const grep = options.grep ? [`--grep=${options.grep}`] : [];
  const args = [inRepo('test/tools/test.ts'), '--built', `--counts=${result}`, ...grep, ...others];
  try {
    const beside = outputOf(process.execPath, [...typescriptFlags, ...args]).catch(
      (error: Error) => error.message,
    );
    add(total, await runLayers(chosen([alone]), options));
    console.log(await beside);
    const ended = fs.existsSync(result);
    add(total, ended ? JSON.parse(fs.readFileSync(result, 'utf8')) : { ...none, failed: 1 });
  } finally {
    folder.remove();
  }
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
