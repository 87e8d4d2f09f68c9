// `npm start`: opens the extension on a demo, or on a folder or trace file: `npm start -- <path>`.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { recordSampleAgent } from './agent.ts';
import { closeDesktop, desktopCode, openDesktop } from './desktop.ts';
import { build, packExtension } from './package.ts';
import { addSettings, type Profile, profileIn } from './profile.ts';
import { inRepo } from './repo.ts';
import { temporaryFolder } from './temporary.ts';
import { remoteUri, runCommandLine, startServer, workbenchUrl } from './vscodeServer.ts';

interface Target {
  folder: string;
  /** The trace file to show at once. */
  file?: string;
}

/** What must be undone when this ends, however it ends; the last one first. */
const closers: (() => unknown)[] = [];

const settings = {
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'telemetry.telemetryLevel': 'off',
};

/**
 * Names our editor for trace files in the settings too. A VS Code that starts for the first time opens its
 * files before it knows the editors of extensions, unless a setting asks for one of those.
 */
function associations({ file }: Target): Record<string, string> {
  const { contributes } = JSON.parse(fs.readFileSync(inRepo('package.json'), 'utf8'));
  const [editor] = contributes?.customEditors ?? [];
  if (!editor) return {};
  const selectors: { filenamePattern: string }[] = editor.selector;
  const patterns = selectors.map(selector => selector.filenamePattern);
  const all = file ? [...patterns, path.basename(file)] : patterns;
  return Object.fromEntries(all.map(pattern => [pattern, editor.viewType]));
}

async function demo(): Promise<Target> {
  const folder = temporaryFolder('demo').path;
  const file = path.join(folder, 'agent_traces.db');
  fs.copyFileSync(inRepo('dist', 'sample.agent-traces.db'), file);
  // The newest runs are those of a real program, whose source is here to go to.
  await recordSampleAgent(file);
  console.log(`made a demo trace file: ${file}`);
  return { folder, file };
}

function named(given: string): Target {
  const file = path.resolve(given);
  if (!fs.existsSync(file)) throw new Error(`There is no ${file}.`);
  if (fs.statSync(file).isDirectory()) return { folder: file };
  return { folder: path.dirname(file), file };
}

async function openInDesktop(code: string, profile: Profile, vsix: string, target: Target) {
  const { folder, file } = target;
  console.log('opening VS Code; closing its window, or Ctrl-C here, ends this');
  closers.push(() => closeDesktop(profile));
  await openDesktop(code, profile, vsix, file ? [folder, file] : [folder]);
}

/** Serves VS Code to the browsers of this machine until the process is told to end. */
async function openInBrowser(profile: Profile, vsix: string, { folder, file }: Target) {
  console.log('no desktop VS Code (`code`) is on the PATH: starting VS Code for the browser');
  await runCommandLine(profile, ['--install-extension', vsix, '--force']);
  const token = randomBytes(16).toString('hex');
  const server = await startServer({ profile, token });
  closers.push(server.stop);
  const payload: [string, string][] = file ? [['openFile', remoteUri(server, file)]] : [];
  const url = workbenchUrl(server, { folder, payload, token });
  console.log(`\nOpen this address in a browser; Ctrl-C here ends VS Code:\n\n  ${url}\n`);
  await new Promise(() => undefined);
}

async function close(): Promise<void> {
  for (const closer of closers.splice(0).reverse()) await closer();
}

async function start(given: string | undefined): Promise<void> {
  const asked = given === undefined ? undefined : named(given);
  await build();
  const vsix = await packExtension();
  const target = asked ?? (await demo());
  const code = desktopCode();
  const profile = profileIn(temporaryFolder('vscode').path);
  addSettings(profile, { ...settings, 'workbench.editorAssociations': associations(target) });
  if (code) await openInDesktop(code, profile, vsix, target);
  else await openInBrowser(profile, vsix, target);
}

// Ctrl-C arrives more than once: from the terminal and through npm.
let ending: Promise<void> | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    ending ??= close().then(() => process.exit(0));
  });
}
try {
  await start(process.argv[2]);
  await close();
} catch (error) {
  // A child that Ctrl-C has ended is no failure of ours.
  if (!ending) {
    console.error(error instanceof Error ? error.message : String(error));
    await close();
    process.exitCode = 1;
  }
}
