// `npm test`: all layers; `npm test -- quick`: those without VS Code; `npm test -- ui`: one layer.
// `--grep <regular expression>` leaves only tests whose title matches.
import { parseArgs } from 'node:util';
import { type Layer, type LayerOptions, layers, prepare } from './layers.ts';
import { exitOnSignals, since } from './processes.ts';
import type { Counts } from './suite.ts';

const quick = ['lint', 'types', 'unit'];

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
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
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

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string', short: 'g' } },
});
exitOnSignals();
try {
  const total = await runLayers(chosen(positionals), values);
  const nothing = total.passed + total.failed + total.skipped === 0;
  if (nothing) console.error(`\nNo test has a title that matches ${values.grep}.`);
  process.exitCode = nothing || total.failed > 0 ? 1 : 0;
  console.log(`\n${inWords(total)}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
