// Runs a tool of this folder (TypeScript) under Node 24, which it gets first where the machine has an
// older Node: `node test/tools/run.mjs <tool> ...`. The one file here that an older Node must understand.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_VERSION = '24.21.0';
const here = path.dirname(fileURLToPath(import.meta.url));

/** Where downloads are kept: outside the checkout, shared by all checkouts. */
export function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
  return path.join(base, 'agent-trace-inspector');
}

/**
 * Fills a cache folder once. It is filled under another name and renamed, so a half install is never used.
 * @param {string} name of the folder in the cache
 * @param {string} announcement what is said when there is something to do
 * @param {(folder: string) => void | Promise<void>} fill
 */
export async function installOnce(name, announcement, fill) {
  const folder = path.join(cacheFolder(), name);
  if (fs.existsSync(folder)) return folder;
  console.log(announcement);
  fs.mkdirSync(cacheFolder(), { recursive: true });
  const part = fs.mkdtempSync(`${folder}.part-`);
  try {
    await fill(part);
    fs.renameSync(part, folder);
  } catch (error) {
    // Another run that was installing at the same time has won: its folder is as good.
    if (!fs.existsSync(folder)) throw error;
  } finally {
    fs.rmSync(part, { recursive: true, force: true });
  }
  return folder;
}

/**
 * `npm install` without install scripts, in a folder that need not have a package.json yet.
 * @param {string} folder
 * @param {string[]} args
 */
export function npmInstall(folder, args) {
  const manifest = path.join(folder, 'package.json');
  if (!fs.existsSync(manifest)) fs.writeFileSync(manifest, '{"private":true}');
  const flags = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const cli = process.env.npm_execpath;
  const windows = process.platform === 'win32';
  const [command, first] = cli ? [process.execPath, [cli]] : [windows ? 'npm.cmd' : 'npm', []];
  const done = spawnSync(command, [...first, ...flags, ...args], {
    cwd: folder,
    encoding: 'utf8',
    shell: windows && !cli,
  });
  if (done.status === 0) return;
  const why = (done.error?.message ?? done.stderr ?? '').trim().split('\n').slice(0, 3).join(' ');
  const wanted = args.filter(arg => !arg.startsWith('-')).join(' ') || 'dependencies';
  throw new Error(
    `npm could not install ${wanted} (${why}). Check that npm runs and reaches its registry, then run this again.`,
  );
}

/** The path of a Node that runs TypeScript files as they are. */
async function node24() {
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const folder = await installOnce(
    `node-${NODE_VERSION}`,
    `getting Node ${NODE_VERSION}, which the tools here run on (about 5 s, once)`,
    part => npmInstall(part, ['--no-save', `${name}@${NODE_VERSION}`]),
  );
  const executable = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  return path.join(folder, 'node_modules', name, executable);
}

/** @param {string | undefined} tool */
function fileOf(tool) {
  const file = tool === 'bench' ? '../bench/main.ts' : `${tool}.ts`;
  const full = path.join(here, file);
  if (tool && /^\w+$/.test(tool) && fs.existsSync(full)) return full;
  throw new Error(`There is no tool "${tool}" in test/tools. See the scripts in package.json.`);
}

async function main() {
  const [tool, ...args] = process.argv.slice(2);
  const file = fileOf(tool);
  const quiet = ['MODULE_TYPELESS_PACKAGE_JSON', 'ExperimentalWarning'];
  const flags = quiet.map(warning => `--disable-warning=${warning}`);
  const child = spawn(await node24(), [...flags, file, ...args], { stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + (os.constants.signals[signal ?? 'SIGTERM'] ?? 1));
  });
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch(error => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  });
}
