// Builds everything that is shipped into dist/. `--watch` builds again on every change, with source maps.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = path.dirname(fileURLToPath(import.meta.url));
const watch = process.argv.includes('--watch');
process.chdir(root);

/** @type {esbuild.BuildOptions} */
const common = {
  bundle: true,
  minify: !watch,
  sourcemap: watch,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  tsconfigRaw: {
    compilerOptions: { jsx: 'react-jsx', target: 'es2022', verbatimModuleSyntax: true },
  },
};

/** @type {esbuild.BuildOptions} */
const node = { ...common, platform: 'node', format: 'cjs', target: 'node20' };

/** @type {esbuild.BuildOptions[]} */
const bundles = [
  {
    ...node,
    entryPoints: ['src/extension/desktop.ts'],
    outfile: 'dist/extension.js',
    external: ['vscode'],
  },
  {
    // Nothing of Node is external here, so an import of it by the web entry fails the build.
    ...common,
    platform: 'browser',
    format: 'cjs',
    target: 'es2022',
    entryPoints: ['src/extension/web.ts'],
    outfile: 'dist/web.js',
    external: ['vscode'],
  },
  { ...node, entryPoints: ['src/node/readerMain.ts'], outfile: 'dist/reader.js' },
  { ...node, entryPoints: ['src/node/receiverMain.ts'], outfile: 'dist/receiver.js' },
  { ...node, entryPoints: ['src/node/receiverWorker.ts'], outfile: 'dist/receiverWorker.js' },
  { ...node, entryPoints: ['src/node/importMain.ts'], outfile: 'dist/importer.js' },
  // Programs of their own: what they run, and the MCP SDK, is nothing that an editor's process should hold.
  { ...node, entryPoints: ['src/node/toolModuleMain.ts'], outfile: 'dist/toolModule.js' },
  { ...node, entryPoints: ['src/node/toolMcpMain.ts'], outfile: 'dist/toolMcp.js' },
  { ...node, entryPoints: ['src/node/replayer.ts'], outfile: 'dist/replayer.js' },
  {
    ...node,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.js',
    banner: { js: '#!/usr/bin/env node' },
  },
  {
    ...common,
    platform: 'browser',
    // What is imported dynamically becomes a file of its own, which a page loads when it needs it.
    format: 'esm',
    splitting: true,
    target: 'chrome124',
    entryPoints: { panel: 'webview/main.tsx' },
    outdir: 'dist',
    chunkNames: 'lazy/[name]-[hash]',
    define: { 'process.env.NODE_ENV': watch ? '"development"' : '"production"' },
  },
];

/**
 * The library that agents import. Its worker goes into it as text, so that a program which is bundled
 * itself needs no second file.
 */
async function buildTracer() {
  const worker = await esbuild.build({
    ...node,
    target: 'node22',
    minify: true,
    sourcemap: false,
    entryPoints: ['src/node/sqliteWorker.ts'],
    write: false,
  });
  // Not minified: it is in the stacks of other people's programs.
  const tracer = {
    ...node,
    minify: false,
    entryPoints: ['src/tracer/main.ts'],
    define: {
      SQLITE_WORKER: JSON.stringify(worker.outputFiles[0]?.text),
      TRACER_VERSION: JSON.stringify(JSON.parse(fs.readFileSync('package.json', 'utf8')).version),
    },
    logOverride: { 'empty-import-meta': /** @type {const} */ ('silent') },
  };
  await Promise.all([
    esbuild.build({ ...tracer, outfile: 'dist/tracer/main.cjs' }),
    esbuild.build({ ...tracer, format: 'esm', outfile: 'dist/tracer/main.mjs' }),
  ]);
  writeTracerTypes();
}

/** The declarations of what the library exports, and of what these name. */
function writeTracerTypes() {
  const tsc = 'node_modules/typescript/bin/tsc';
  const flags = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--stripInternal'];
  const out = 'dist/tracer/types';
  const args = [tsc, '-p', 'src/tracer', ...flags, '--rootDir', 'src', '--outDir', out];
  execFileSync(process.execPath, args, { stdio: 'inherit' });
  const reached = new Set();
  /** @param {string} file */
  const reach = file => {
    if (reached.has(file)) return;
    reached.add(file);
    const text = fs.readFileSync(file, 'utf8');
    for (const [, target = ''] of text.matchAll(/from '(\.[^']+)\.ts'/g)) {
      reach(path.join(path.dirname(file), `${target}.d.ts`));
    }
    fs.writeFileSync(file, text.replace(/(from '\.[^']+)\.ts'/g, "$1.js'"));
  };
  reach(path.join(out, 'tracer', 'main.d.ts'));
  for (const name of fs.readdirSync(out, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(out, name);
    if (fs.statSync(file).isFile() && !reached.has(file)) fs.rmSync(file);
  }
}

function copyAssets() {
  fs.mkdirSync('dist', { recursive: true });
  fs.copyFileSync('node_modules/sql.js/dist/sql-wasm.wasm', 'dist/sql-wasm.wasm');
}

/** Writes dist/sample.agent-traces.db and dist/request.schema.json. Bundled first: Node 20 does not run TypeScript. */
async function buildSample() {
  await runProgram('test/tools/sample.ts');
  await runProgram('test/tools/requestSchema.ts');
}

/** @param {string} entry */
async function runProgram(entry) {
  const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-sample-'));
  try {
    const outfile = path.join(temp, 'sample.cjs');
    // Packages stay outside the bundle and are found from here, not from the temporary folder.
    const env = { ...process.env, NODE_PATH: path.join(root, 'node_modules') };
    await esbuild.build({
      ...node,
      minify: false,
      packages: 'external',
      entryPoints: [entry],
      outfile,
    });
    execFileSync(process.execPath, [outfile], { stdio: 'inherit', env });
  } finally {
    fs.rmSync(temp, { recursive: true, force: true });
  }
}

/**
 * Writes dist/ThirdPartyNotices.txt: licences ask that their text goes along with what is bundled.
 *
 * @param {esbuild.BuildResult[]} built
 */
function writeNotices(built) {
  const inputs = built.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}));
  const folders = inputs.flatMap(
    name =>
      /^node_modules\/(?:@[^/]+\/)?[^/]+(?:\/node_modules\/(?:@[^/]+\/)?[^/]+)*/.exec(name) ?? [],
  );
  const notices = [...new Set(folders)].sort().map(folder => {
    const { name, version, license } = JSON.parse(
      fs.readFileSync(path.join(folder, 'package.json'), 'utf8'),
    );
    const files = fs.readdirSync(folder).filter(file => /^(licen[cs]e|notice|copying)/i.test(file));
    const texts = files.map(file => fs.readFileSync(path.join(folder, file), 'utf8').trim());
    return [`${name} ${version} (${license})`, ...texts].join('\n\n');
  });
  const line = `\n\n${'-'.repeat(80)}\n\n`;
  fs.writeFileSync('dist/ThirdPartyNotices.txt', `${notices.join(line)}\n`);
}

function printSizes() {
  const files = fs
    .readdirSync('dist', { recursive: true, encoding: 'utf8' })
    .filter(name => !name.includes('types'))
    .map(name => [name, fs.statSync(path.join('dist', name))])
    .filter(([, stat]) => stat.isFile())
    .map(([name, { size }]) => [name, size]);
  const width = Math.max(...files.map(([name]) => name.length));
  for (const [name, size] of files) {
    console.log(`  ${name.padEnd(width)}  ${(size / 1024).toFixed(1).padStart(8)} kB`);
  }
}

async function buildOnce() {
  console.log('building dist/');
  fs.rmSync('dist', { recursive: true, force: true });
  const [built] = await Promise.all([
    Promise.all(bundles.map(bundle => esbuild.build(bundle))),
    buildTracer(),
  ]);
  writeNotices(built);
  fs.chmodSync('dist/cli.js', 0o755);
  copyAssets();
  await buildSample();
  printSizes();
}

async function buildOnEveryChange() {
  copyAssets();
  const started = bundles.map(async bundle => {
    const context = await esbuild.context({ ...bundle, logLevel: 'info' });
    await context.watch();
  });
  await Promise.all(started);
  console.log('watching for changes (Ctrl-C ends it)');
}

try {
  await (watch ? buildOnEveryChange() : buildOnce());
} catch (error) {
  // What esbuild has to say about sources it has printed already.
  if (!error.errors) console.error(error.message);
  process.exitCode = 1;
}
