// The layers of `npm test`. Each says how many tests passed, failed and were skipped, or throws.
import fs from 'node:fs';
import path from 'node:path';
import { chromiumPath } from './browser.ts';
import { build, packExtension } from './package.ts';
import { runNode } from './processes.ts';
import { findFiles, inRepo } from './repo.ts';
import type { Counts } from './suite.ts';
import { temporaryFolder } from './temporary.ts';
import { checkTypes } from './types.ts';
import { vscodeServerMain } from './vscodeInstall.ts';

export interface Layer {
  name: string;
  title: string;
  /** What must be there before this layer runs. */
  needs?: 'dist' | 'vsix';
  run: (options: LayerOptions) => Promise<Counts>;
}

export interface LayerOptions {
  grep?: string | undefined;
}

const none: Counts = { passed: 0, failed: 0, skipped: 0 };
const one: Counts = { ...none, passed: 1 };

async function lint(): Promise<Counts> {
  const biome = inRepo('node_modules/@biomejs/biome/bin/biome');
  const code = await runNode(biome, ['ci', `--colors=${process.stdout.isTTY ? 'force' : 'off'}`]);
  if (code !== 0) throw new Error('Biome found something; `npm run format` puts most of it right.');
  return one;
}

async function types(): Promise<Counts> {
  await checkTypes();
  return one;
}

/** Runs a tool that writes its counts into a file; without that file it did not reach its end. */
export async function counted(tool: string, patterns: string[], args: string[]): Promise<Counts> {
  return countedFiles(tool, filesOf(patterns), args);
}

function filesOf(patterns: string[]): string[] {
  const files = patterns.flatMap(findFiles);
  if (files.length === 0) throw new Error(`No test file matches ${patterns.join(', ')}.`);
  return files;
}

/** In two processes at once. */
async function countedInTwo(patterns: string[], args: string[]): Promise<Counts> {
  const size = (file: string): number => fs.statSync(inRepo(file)).size;
  // The longer a file, the longer its tests take: dealt out by length, the halves take about as long.
  const files = filesOf(patterns).sort((a, b) => size(b) - size(a));
  const [a, b] = await Promise.all(
    [0, 1].map(half => {
      const own = files.filter((_, i) => i % 2 === half);
      return own.length > 0 ? countedFiles('mocha.ts', own, args) : none;
    }),
  );
  const sum = (of: keyof Counts): number => (a?.[of] ?? 0) + (b?.[of] ?? 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

async function countedFiles(tool: string, files: string[], args: string[]): Promise<Counts> {
  const folder = temporaryFolder('counts');
  const result = path.join(folder.path, 'counts.json');
  try {
    const code = await runNode(inRepo('test/tools', tool), [
      `--counts=${result}`,
      ...args,
      ...files,
    ]);
    if (!fs.existsSync(result)) throw new Error(`The tests ended early, with exit code ${code}.`);
    const counts: Counts = JSON.parse(fs.readFileSync(result, 'utf8'));
    if (code !== 0 && counts.failed === 0) {
      throw new Error(`All tests passed, yet their run ended with exit code ${code}.`);
    }
    return counts;
  } finally {
    folder.remove();
  }
}

// On a busy machine a test waits long for programs and pages, and for its turn.
const patient = ['--timeout=60000'];

function grepArgs({ grep }: LayerOptions): string[] {
  return grep ? [`--grep=${grep}`] : [];
}

export const layers: Layer[] = [
  { name: 'lint', title: 'lint and format', run: lint },
  { name: 'types', title: 'types', run: types },
  {
    name: 'unit',
    title: 'unit, golden, laws',
    needs: 'dist',
    run: options => countedInTwo(['test/{unit,golden,laws}/**/*.test.ts'], grepArgs(options)),
  },
  {
    name: 'scale',
    title: 'scale, files of many rows and random ones',
    needs: 'dist',
    run: options => countedInTwo(['test/scale/**/*.test.ts'], [...patient, ...grepArgs(options)]),
  },
  {
    name: 'peers',
    title: 'peers, real programs that write and read the same files',
    needs: 'dist',
    // They wait for other programs more than they compute.
    run: options => countedInTwo(['test/peers/**/*.test.ts'], [...patient, ...grepArgs(options)]),
  },
  {
    name: 'integration',
    title: 'integration, in the extension host of a real VS Code',
    needs: 'dist',
    run: options =>
      counted(
        'insideVscode.ts',
        ['test/integration/**/*.test.ts'],
        ['--host=node', ...grepArgs(options)],
      ),
  },
  {
    name: 'web',
    title: 'web, in the worker extension host of a real VS Code',
    needs: 'dist',
    run: options =>
      counted('insideVscode.ts', ['test/web/**/*.test.ts'], ['--host=web', ...grepArgs(options)]),
  },
  {
    name: 'ui',
    title: 'UI, the packed extension in a real VS Code',
    needs: 'vsix',
    // One after the other: a second Chromium draws as much again, and all that runs beside it waits.
    run: options =>
      counted('mocha.ts', ['test/ui/**/*.test.ts'], [...patient, ...grepArgs(options)]),
  },
];

const prepared = new Map<string, Promise<unknown>>();

/** Gets the programs that layers find on the machine, or install: once, for all that run side by side. */
export async function prepareMachine(): Promise<void> {
  await vscodeServerMain();
  chromiumPath();
}

/** Someone else has made dist/. */
export function isBuilt(): void {
  prepared.set('dist', Promise.resolve());
}

/** Makes what layers need, once; a failure is each layer's that needs it. */
export async function prepare(needs: 'dist' | 'vsix'): Promise<void> {
  if (needs === 'vsix') await prepare('dist');
  const making = prepared.get(needs) ?? (needs === 'dist' ? build() : packExtension());
  prepared.set(needs, making);
  await making;
}
